import { DateTime } from 'luxon';

const WHOLE_SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const STORED_FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * Brings a time of ISO 8601 into the one form that is stored and answered: UTC
 * with milliseconds, which also sorts as text.
 *
 * @returns `undefined` when the text is no time.
 */
export function normalizeTime(time: string | undefined): string | undefined {
  if (time === undefined) {
    return undefined;
  }
  // What Kubernetes writes, and what was normalised before. There are tens of
  // thousands when a backend starts, and parsing each takes its time.
  const exact = WHOLE_SECONDS.test(time) ? `${time.slice(0, -1)}.000Z` : time;
  if (STORED_FORM.test(exact) && !Number.isNaN(Date.parse(exact))) {
    return exact;
  }
  const parsed = DateTime.fromISO(time, { zone: 'utc' });
  const text = parsed.isValid ? formatTime(parsed) : undefined;
  // Years of more or fewer digits are of another length and sort elsewhere.
  return text !== undefined && STORED_FORM.test(text) ? text : undefined;
}

/** The one form in which times are stored and answered. */
export function formatTime(time: DateTime): string {
  const text = time.toUTC().toISO();
  if (text === null) {
    throw new RangeError('Not a time');
  }
  return text;
}

/** The later of two times in the form of {@link formatTime}. */
export function laterOf(
  a: string | undefined,
  b: string | undefined,
): string | undefined {
  if (a === undefined || b === undefined) {
    return a ?? b;
  }
  return a > b ? a : b;
}
