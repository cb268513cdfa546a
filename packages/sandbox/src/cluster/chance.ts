import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on the seed and the words alone. */
export function chance(seed: number, ...words: string[]): number {
  const digest = createHash('sha256')
    .update(`${seed}|${words.join('|')}`)
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

/** Letters and digits that Kubernetes uses in generated names: no vowels. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A short generated name part that depends on the words alone. */
export function shortName(length: number, ...words: string[]): string {
  const digest = createHash('sha256').update(words.join('|')).digest();
  return Array.from(
    { length },
    (_, index) => ALPHABET[digest[index] % ALPHABET.length],
  ).join('');
}
