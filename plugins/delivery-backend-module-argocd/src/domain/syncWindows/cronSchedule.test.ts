import fc from 'fast-check';
import { DateTime } from 'luxon';
import { cronFields, naiveCron } from '../../__testUtils__';
import { cronSchedule } from './cronSchedule';

const MINUTE = 60_000;
/** A week, in minutes. */
const IN_REACH = 7 * 1440;

const utc = (milliseconds: number) =>
  DateTime.fromMillis(milliseconds, { zone: 'utc' });
const at = (iso: string) => DateTime.fromISO(iso, { zone: 'utc' });

describe('cronSchedule', () => {
  it.each([
    ['0 22 * * *', '2026-11-21T22:00', '2026-11-22T22:00'],
    ['*/15 * * * *', '2026-11-22T12:00', '2026-11-22T12:15'],
    ['0 9 * * mon-fri', '2026-11-20T09:00', '2026-11-23T09:00'],
    ['10/20 * * * *', '2026-11-22T11:50', '2026-11-22T12:10'],
    ['0 0 ? * MON', '2026-11-16T00:00', '2026-11-23T00:00'],
    // Either of two restricted days is enough ...
    ['0 0 1 * 1', '2026-11-16T00:00', '2026-11-23T00:00'],
    ['0 0 */2 * 1', '2026-11-21T00:00', '2026-11-23T00:00'],
    // ... and a star restricts nothing, with a step of one too.
    ['0 0 * * 1', '2026-11-16T00:00', '2026-11-23T00:00'],
    ['0 0 */1 * 1', '2026-11-16T00:00', '2026-11-23T00:00'],
    ['0 0 * * 2/5', '2026-11-17T00:00', '2026-11-24T00:00'],
    ['0 0 29 2 *', '2024-02-29T00:00', '2028-02-29T00:00'],
  ])('reads %s as Argo CD does', (expression, before, after) => {
    const schedule = cronSchedule(expression);
    const noon = at('2026-11-22T12:07:30');
    expect(schedule?.atOrBefore(noon)?.toISO()).toBe(at(before).toISO());
    expect(schedule?.after(noon)?.toISO()).toBe(at(after).toISO());
  });

  it('counts the minute of a beginning itself', () => {
    const schedule = cronSchedule('0 22 * * *');
    const ten = at('2026-11-22T22:00');
    expect(schedule?.atOrBefore(ten)?.toISO()).toBe(ten.toISO());
    expect(schedule?.after(ten)?.toISO()).toBe(ten.plus({ days: 1 }).toISO());
  });

  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '@daily',
    '0 0 L * *',
    '0 0 * * 1#2',
    '0 0 * * 7',
    '60 * * * *',
    '0 0 30 2 *',
    'TZ=Europe/Berlin 0 0 * * *',
    'H * * * *',
    '1.5 * * * *',
    '-1 * * * *',
    // Argo CD would read this one; a value that is named twice is beyond the
    // parser here.
    '0-5,3 * * * *',
  ])('reads nothing from %j', expression => {
    expect(cronSchedule(expression)).toBeUndefined();
  });

  it('agrees with the plainest reading of any expression, minute by minute', () => {
    fc.assert(
      fc.property(
        cronFields(),
        fc.integer({ min: 0, max: 3 * 365 * 1440 }),
        (expression, minutes) => {
          const schedule = cronSchedule(expression);
          const matches = naiveCron(expression);
          const from = at('2026-01-01T00:00').plus({ minutes });
          const next = schedule?.after(from);
          const last = schedule?.atOrBefore(from);
          // A week of it is looked at; what is further off is not there.
          let first: DateTime | undefined;
          let latest: DateTime | undefined;
          for (let step = 0; step <= IN_REACH; step += 1) {
            const later = from.toMillis() + (step + 1) * MINUTE;
            const earlier = from.toMillis() - step * MINUTE;
            first ??= matches(later) ? utc(later) : undefined;
            latest ??= matches(earlier) ? utc(earlier) : undefined;
          }
          const near = (found: DateTime | undefined) =>
            found && Math.abs(found.diff(from).as('minutes')) < IN_REACH
              ? found.toISO()
              : undefined;
          expect(near(next)).toBe(near(first));
          expect(near(last)).toBe(near(latest));
        },
      ),
      { numRuns: 100 },
    );
  });
});
