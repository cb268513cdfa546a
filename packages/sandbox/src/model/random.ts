/** A repeatable source of choices: the same seed gives the same sequence. */
export interface Random {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** `length` hexadecimal digits. */
  hex(length: number): string;
}

/**
 * A {@link Random} whose sequence depends on the seed and on a name, so that
 * adding a service does not change the releases of another.
 */
export function createRandom(options: { seed: number; name: string }): Random {
  let state = hash(`${options.seed}:${options.name}`);

  // Mulberry32: 32 bits of state are plenty for example data, and it is short
  // enough to read.
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  return {
    below: limit => next() % limit,
    pick: list => list[next() % list.length],
    hex: length => {
      let digits = '';
      while (digits.length < length) {
        digits += next().toString(16).padStart(8, '0');
      }
      return digits.slice(0, length);
    },
  };
}

/** FNV-1a of a text, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
