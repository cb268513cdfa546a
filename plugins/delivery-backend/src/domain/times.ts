import { DateTime } from 'luxon';

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
  const parsed = DateTime.fromISO(time, { zone: 'utc' });
  return parsed.isValid ? formatTime(parsed) : undefined;
}

/** The one form in which times are stored and answered. */
export function formatTime(time: DateTime): string {
  return time.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
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
