/** Somebody as an upstream names them. */
export type NamedPerson = {
  /** What to call them. */
  name: string;
  /** Their e-mail address in lower case, where the upstream gives one. */
  email?: string;
};

/**
 * Reads how git (`Ada Lovelace <ada@example.com>`) and Argo CD
 * (`ada@example.com`, `admin`) name people.
 */
export function personOf(text: string): NamedPerson {
  const [, name, address] = /^\s*(.*?)\s*<([^<>\s]+@[^<>\s]+)>\s*$/.exec(
    text,
  ) ?? [undefined, text.trim(), text.trim()];
  const email = /^[^\s@]+@[^\s@]+$/.test(address)
    ? address.toLowerCase()
    : undefined;
  return { name: name || address, ...(email && { email }) };
}
