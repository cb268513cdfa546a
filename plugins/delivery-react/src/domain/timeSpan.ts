import { DateTime } from 'luxon';

/**
 * A span of time in the one unit that people would use for it.
 *
 * @public
 */
export type TimeSpan = {
  unit: 'now' | 'minutes' | 'hours' | 'days' | 'months' | 'years';
  /** Whole units, rounded down; 0 for `now`. */
  count: number;
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;
const YEAR = 365 * DAY;

/**
 * The time between two moments as people say it: the largest unit that fits,
 * rounded down. A moment in the future counts as now, because it can only come
 * from clocks that disagree.
 *
 * @param from - ISO 8601
 * @param now - milliseconds since 1970
 * @returns `undefined` when `from` is not a time
 * @public
 */
export function timeSpan(from: string, now: number): TimeSpan | undefined {
  const then = DateTime.fromISO(from, { zone: 'utc' });
  if (!then.isValid) {
    return undefined;
  }
  const seconds = (now - then.toMillis()) / 1000;
  if (seconds < MINUTE) {
    return { unit: 'now', count: 0 };
  }
  if (seconds < HOUR) {
    return { unit: 'minutes', count: Math.floor(seconds / MINUTE) };
  }
  if (seconds < DAY) {
    return { unit: 'hours', count: Math.floor(seconds / HOUR) };
  }
  // Two months of days say more than "1 month".
  if (seconds < 2 * MONTH) {
    return { unit: 'days', count: Math.floor(seconds / DAY) };
  }
  if (seconds < YEAR) {
    return { unit: 'months', count: Math.floor(seconds / MONTH) };
  }
  return { unit: 'years', count: Math.floor(seconds / YEAR) };
}

/**
 * A moment in full, in UTC and in the viewer's zone.
 *
 * @param at - ISO 8601
 * @param zone - IANA name of the viewer's zone, or `local`
 * @returns `undefined` when `at` is not a time
 * @public
 */
export function timeInFull(
  at: string,
  zone: string = 'local',
): { utc: string; local: string } | undefined {
  const moment = DateTime.fromISO(at, { zone: 'utc' });
  if (!moment.isValid) {
    return undefined;
  }
  const local = moment.setZone(zone);
  return {
    utc: `${moment.toFormat('yyyy-MM-dd HH:mm:ss')} UTC`,
    local: `${local.toFormat('yyyy-MM-dd HH:mm:ss')} ${local.toFormat('ZZZZ')}`,
  };
}

/**
 * A moment as a short clock time in the viewer's zone: today `14:02`, else
 * with its date.
 *
 * @param at - ISO 8601
 * @param now - milliseconds since 1970
 * @param zone - IANA name of the viewer's zone, or `local`
 * @returns `undefined` when `at` is not a time
 * @public
 */
export function clockTime(
  at: string,
  now: number,
  zone: string = 'local',
): string | undefined {
  const moment = DateTime.fromISO(at, { zone: 'utc' }).setZone(zone);
  if (!moment.isValid) {
    return undefined;
  }
  const today = DateTime.fromMillis(now).setZone(zone);
  return moment.hasSame(today, 'day')
    ? moment.toFormat('HH:mm')
    : moment.toFormat('d LLL HH:mm');
}
