/**
 * A key that nobody else makes: a random UUID. Made once a confirmation, and
 * sent again with every attempt to get it across.
 *
 * @param crypto - the browser's; tests pass their own
 */
export function idempotencyKey(
  crypto: Pick<Crypto, 'getRandomValues'> & Partial<Crypto> = window.crypto,
): string {
  // Browsers offer randomUUID only to pages served over HTTPS or on localhost.
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // Version 4, variant 1: RFC 9562, section 5.4.
  bytes[6] = (bytes[6] % 16) + 0x40;
  bytes[8] = (bytes[8] % 64) + 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0'));
  return [
    hex.slice(0, 4),
    hex.slice(4, 6),
    hex.slice(6, 8),
    hex.slice(8, 10),
    hex.slice(10),
  ]
    .map(part => part.join(''))
    .join('-');
}
