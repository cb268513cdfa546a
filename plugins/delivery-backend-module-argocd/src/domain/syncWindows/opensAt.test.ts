import { SyncWindow } from '@slipway/plugin-delivery-node';
import fc from 'fast-check';
import { DateTime, IANAZone } from 'luxon';
import { naiveCron, runInProcess } from '../../__testUtils__';
import { goDuration } from './goDuration';
import { isActive, opensAt } from './opensAt';
import { syncAllowed } from './syncAllowed';

type Window = Omit<SyncWindow, 'active'>;

const MINUTE = 60_000;

function deny(parts: Partial<Window> = {}): Window {
  return {
    kind: 'deny',
    schedule: '0 22 * * *',
    duration: '8h',
    timeZone: 'UTC',
    manualSync: false,
    ...parts,
  };
}

function allow(parts: Partial<Window> = {}): Window {
  return { ...deny(parts), kind: 'allow' };
}

function opening(windows: Window[], now: string): string | undefined {
  return opensAt({ windows, now: DateTime.fromISO(now, { zone: 'utc' }) })
    ?.toUTC()
    .toISO({ suppressMilliseconds: true, suppressSeconds: true })
    ?.toString();
}

describe('opensAt', () => {
  it('A4: is the end of the deny window that is active', () => {
    expect(opening([deny()], '2026-11-22T23:30Z')).toBe('2026-11-23T06:00Z');
  });

  it('A4: is the beginning of the next allow window', () => {
    const nights = allow({ schedule: '0 2 * * 1-5', duration: '2h' });
    // A Sunday.
    expect(opening([nights], '2026-11-22T12:00Z')).toBe('2026-11-23T02:00Z');
  });

  it('F4: is when the deny is over within an allow window: deny beats allow', () => {
    const windows = [
      deny({ schedule: '0 0 20 11 *', duration: '96h' }),
      allow({ schedule: '0 9 * * *', duration: '8h' }),
    ];
    // The freeze ends at midnight; the day begins at nine.
    expect(opening(windows, '2026-11-22T12:00Z')).toBe('2026-11-24T09:00Z');
  });

  it('joins windows that follow one another without a gap', () => {
    const windows = [
      deny({ schedule: '0 22 * * *', duration: '2h' }),
      deny({ schedule: '0 0 * * *', duration: '6h' }),
      deny({ schedule: '30 5 * * *', duration: '1h' }),
    ];
    expect(opening(windows, '2026-11-22T22:00Z')).toBe('2026-11-23T06:30Z');
  });

  it('is not there when it is open already', () => {
    expect(opening([], '2026-11-22T12:00Z')).toBeUndefined();
    expect(opening([deny()], '2026-11-22T12:00Z')).toBeUndefined();
    expect(
      opening([deny({ manualSync: true })], '2026-11-22T23:00Z'),
    ).toBeUndefined();
  });

  it('is not there when it never opens, and does not search for ever', () => {
    const always = deny({ schedule: '* * * * *', duration: '2m' });
    expect(opening([always], '2026-11-22T12:00Z')).toBeUndefined();
  });

  it('is not there when it is further off than a year', () => {
    const leap = allow({ schedule: '0 0 29 2 *', duration: '24h' });
    expect(opening([leap], '2026-11-22T12:00Z')).toBeUndefined();
    expect(opening([leap], '2027-11-22T12:00Z')).toBe('2028-02-29T00:00Z');
  });

  it.each<[string, Partial<Window>]>([
    ['its time zone is not known', { timeZone: undefined }],
    ['its schedule cannot be read', { schedule: '@daily' }],
    ['its duration cannot be read', { duration: '8 hours' }],
  ])('is not guessed when of one window %s', (_, parts) => {
    expect(
      opening([deny(), allow(parts)], '2026-11-22T23:00Z'),
    ).toBeUndefined();
  });

  it('F4: takes an unknown time zone for UTC, as Argo CD does', () => {
    expect(
      opening([deny({ timeZone: 'Mars/Olympus' })], '2026-11-22T23:30Z'),
    ).toBe('2026-11-23T06:00Z');
  });

  describe('F4: in a zone with daylight saving', () => {
    const timeZone = 'Europe/Berlin';

    it('follows the clock on the wall through the year', () => {
      const nine = allow({ schedule: '0 9 * * *', duration: '1h', timeZone });
      expect(opening([nine], '2026-07-01T12:00Z')).toBe('2026-07-02T07:00Z');
      expect(opening([nine], '2026-12-01T12:00Z')).toBe('2026-12-02T08:00Z');
    });

    it('ends a night in which the clock is put forward an hour sooner', () => {
      const night = deny({ timeZone });
      expect(opening([night], '2026-03-28T22:00Z')).toBe('2026-03-29T04:00Z');
    });

    it('ends a night in which the clock is put back an hour later', () => {
      const night = deny({ timeZone });
      expect(opening([night], '2026-10-24T22:00Z')).toBe('2026-10-25T05:00Z');
    });

    it('opens at the change when the hour of the beginning is left out', () => {
      const gap = allow({ schedule: '30 2 * * *', duration: '1h', timeZone });
      expect(opening([gap], '2026-03-28T12:00Z')).toBe('2026-03-29T01:00Z');
    });

    it('opens again at once when an hour comes twice', () => {
      // Closed from 02:30 on; at 03:00 it is 02:00 again, and open.
      const window = deny({ schedule: '30 2 * * *', duration: '3h', timeZone });
      expect(opening([window], '2026-10-25T00:40Z')).toBe('2026-10-25T01:00Z');
    });
  });

  it.each(['America/Los_Angeles', 'Pacific/Auckland', 'UTC'])(
    "does not depend on the process's own time zone: %s",
    async TZ => {
      const printed = await runInProcess({
        env: { TZ },
        script: `
          const { DateTime } = require('luxon');
          const { opensAt } = require('./domain/syncWindows/opensAt');
          const windows = [${JSON.stringify(deny({ timeZone: 'Asia/Tokyo' }))}];
          const now = DateTime.fromISO('2026-11-22T14:30Z');
          console.log(
            Intl.DateTimeFormat().resolvedOptions().timeZone,
            opensAt({ windows, now }).toUTC().toISO(),
          );
        `,
      });
      expect(printed).toBe(`${TZ} 2026-11-22T21:00:00.000Z`);
    },
  );

  /**
   * Argo CD's own formula, minute by minute, with the plainest cron there is:
   * the beginnings within the duration before now, on the wall.
   */
  function byTheMinute(window: Window): (milliseconds: number) => boolean {
    const zone = IANAZone.create(window.timeZone ?? 'Etc/UTC');
    const matches = naiveCron(window.schedule);
    const duration = goDuration(window.duration)?.toMillis() ?? 0;
    // Offsets change on a quarter of an hour only, and are slow to ask for.
    const offsets = new Map<number, number>();
    const offsetAt = (milliseconds: number): number => {
      const quarter = Math.floor(milliseconds / (15 * MINUTE));
      const offset = offsets.get(quarter) ?? zone.offset(milliseconds);
      offsets.set(quarter, offset);
      return offset;
    };
    return milliseconds => {
      const wall = milliseconds + offsetAt(milliseconds) * MINUTE;
      const minute = Math.floor(wall / MINUTE) * MINUTE;
      for (let start = minute; start > wall - duration; start -= MINUTE) {
        if (matches(start)) {
          return true;
        }
      }
      return false;
    };
  }

  const anyWindow: fc.Arbitrary<Window> = fc.record({
    kind: fc.constantFrom('allow' as const, 'deny' as const),
    manualSync: fc.oneof(
      { weight: 4, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    schedule: fc
      .tuple(
        fc.constantFrom('0', '30', '15'),
        fc.constantFrom('*', '0', '2', '3', '22', '*/6', '9-17'),
        fc.constantFrom('*', '*', '*/2', '1-7'),
        fc.constant('*'),
        fc.constantFrom('*', '*', '1-5', '0'),
      )
      .map(fields => fields.join(' ')),
    duration: fc.constantFrom('15m', '45m', '1h', '90m', '2h30m', '8h', '30h'),
    timeZone: fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    ),
  });

  /** Some of them around the changes of the clock in those zones. */
  const anyTime = fc
    .tuple(
      fc.constantFrom(
        '2026-03-08T00:00Z',
        '2026-03-28T18:00Z',
        '2026-04-04T06:00Z',
        '2026-10-03T08:00Z',
        '2026-10-24T18:00Z',
        '2026-11-01T00:00Z',
        '2026-07-15T00:00Z',
      ),
      fc.integer({ min: 0, max: 1440 }),
    )
    .map(([from, minutes]) => DateTime.fromISO(from).plus({ minutes }));

  function openByTheMinute(
    windows: readonly Window[],
  ): (milliseconds: number) => boolean {
    const formulas = windows.map(byTheMinute);
    return milliseconds =>
      syncAllowed(
        windows.map((window, index) => ({
          ...window,
          active: formulas[index](milliseconds),
        })),
      );
  }

  it('F4: agrees with the formula of Argo CD on whether a window is active', () => {
    fc.assert(
      fc.property(anyWindow, anyTime, (window, now) => {
        expect(isActive(window, now)).toBe(byTheMinute(window)(now.toMillis()));
      }),
      { numRuns: 200 },
    );
  });

  it('F4: is the first minute at which the formula of Argo CD says open', () => {
    fc.assert(
      fc.property(
        fc.array(anyWindow, { minLength: 1, maxLength: 3 }),
        anyTime,
        (windows, now) => {
          const found = opensAt({ windows, now });
          const isOpen = openByTheMinute(windows);
          const wasOpen = isOpen(now.toMillis());
          // Two days are looked at by the minute.
          let first: number | undefined;
          for (let step = 1; step <= 2 * 1440 && !wasOpen; step += 1) {
            if (isOpen(now.toMillis() + step * MINUTE)) {
              first = now.toMillis() + step * MINUTE;
              break;
            }
          }
          const isNear = found && found <= now.plus({ days: 2 });
          expect(isNear ? found.toMillis() : undefined).toBe(first);
          expect(wasOpen && found !== undefined).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });
});
