import { CronExpression, CronExpressionParser } from 'cron-parser';
import { DateTime } from 'luxon';

/** Moments on a wall clock, written as UTC. */
export type CronSchedule = {
  /** The last moment at or before a time; `undefined` when there is none. */
  atOrBefore(wall: DateTime): DateTime | undefined;
  /** The first moment after a time; `undefined` when there is none. */
  after(wall: DateTime): DateTime | undefined;
};

const NUMBER_OR_NAME = String.raw`(?:\d{1,2}|[a-z]{3})`;
const STEP = String.raw`(?:/\d{1,2})?`;
const RANGE = `${NUMBER_OR_NAME}(?:-${NUMBER_OR_NAME})?${STEP}`;
/** All values, with or without a step, or a list of ranges. */
const FIELD = new RegExp(`^(?:[*?]${STEP}|${RANGE}(?:,${RANGE})*)$`, 'i');

/** Argo CD knows Sunday as 0 only. */
const SUNDAY_AS_SEVEN = /(?:^|[,-])0?7(?:$|[,/-])/;

/**
 * Reads a cron expression of five fields as Argo CD does (robfig/cron without
 * descriptors). What the parser here knows beyond that (`L`, `#`, seconds,
 * `@daily`) is not read: Argo CD would not know what to do with it either.
 *
 * One rule differs between crons: with both a day of the month and a day of the
 * week, either is enough; but a `*` restricts nothing, so the other one decides.
 * A `*` with a step of 1 is a `*` too for robfig/cron, and the parser is told
 * so.
 *
 * The expression is evaluated on a calendar without daylight saving: the caller
 * turns instants into wall-clock time, as Argo CD does.
 *
 * @returns `undefined` for an expression that cannot be read
 */
export function cronSchedule(expression: string): CronSchedule | undefined {
  const fields = expression.trim().split(/\s+/);
  if (
    fields.length !== 5 ||
    !fields.every(field => FIELD.test(field)) ||
    SUNDAY_AS_SEVEN.test(fields[4])
  ) {
    return undefined;
  }
  const [minute, hour, day, month, weekday] = fields.map(field =>
    field.replace(/^[*?]\/0?1$/, '*'),
  );
  // A step without an end goes on to Saturday, and not to a Sunday called 7.
  const weekdays = weekday.replace(/(^|,)(\d)\//g, '$1$2-6/');
  const text = [minute, hour, day, month, weekdays].join(' ');
  let parsed: CronExpression;
  try {
    parsed = CronExpressionParser.parse(text, { tz: 'UTC' });
  } catch {
    return undefined;
  }
  return {
    atOrBefore: wall =>
      found(parsed, wall.startOf('minute').plus({ minutes: 1 }), 'prev'),
    after: wall => found(parsed, wall, 'next'),
  };
}

/** The parser throws when there is no such moment within the years it looks. */
function found(
  expression: CronExpression,
  from: DateTime,
  direction: 'next' | 'prev',
): DateTime | undefined {
  try {
    expression.reset(from.toJSDate());
    return DateTime.fromJSDate(expression[direction]().toDate(), {
      zone: 'utc',
    });
  } catch {
    return undefined;
  }
}
