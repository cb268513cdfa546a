import { Duration } from 'luxon';

/** Milliseconds of each unit that Go writes durations in. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ns', 1e-6],
]);

const PART = /(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|μs|ns)/gy;

/**
 * A duration as Go writes it (`time.ParseDuration`): numbers with units, such as
 * `1h30m` or `1.5h`. Negative ones are of no use for a window and not read.
 *
 * @returns `undefined` for anything else
 */
export function goDuration(text: string): Duration | undefined {
  let milliseconds = 0;
  let end = 0;
  for (const match of text.matchAll(PART)) {
    milliseconds += Number(match[1]) * (UNITS.get(match[2]) ?? 0);
    end = match.index + match[0].length;
  }
  return end > 0 && end === text.length
    ? Duration.fromMillis(milliseconds)
    : undefined;
}
