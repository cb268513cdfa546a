import fc from 'fast-check';
import { DateTime } from 'luxon';
import { formatTime, laterOf, normalizeTime } from './times';

describe('a time', () => {
  it.each([
    ['2026-11-01T10:00:00Z', '2026-11-01T10:00:00.000Z'],
    ['2026-11-01T10:00:00.123456Z', '2026-11-01T10:00:00.123Z'],
    ['2026-11-01T10:00:00+02:00', '2026-11-01T08:00:00.000Z'],
    ['2026-11-01T10:00:00.500Z', '2026-11-01T10:00:00.500Z'],
    ['2026-13-01T10:00:00Z', undefined],
    ['2026-13-01T10:00:00.000Z', undefined],
    ['yesterday', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is stored as %s', (time, stored) => {
    expect(normalizeTime(time)).toBe(stored);
  });

  it('sorts as text in the order of time', () => {
    const moment = fc.date({
      min: new Date('1970-01-01'),
      max: new Date('2100-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const [one, other] = [a, b].map(date =>
          formatTime(DateTime.fromJSDate(date)),
        );
        expect(one < other).toBe(a < b);
        expect(laterOf(one, other)).toBe(a > b ? one : other);
      }),
    );
  });

  it('is none when it is of a year that does not sort with the others', () => {
    expect(normalizeTime('+099999-01-01T00:00:00Z')).toBeUndefined();
    expect(normalizeTime('-000001-01-01T00:00:00Z')).toBeUndefined();
    expect(normalizeTime('9999-12-31T23:59:59-01:00')).toBeUndefined();
  });

  it('is later than none', () => {
    expect(laterOf(undefined, 'x')).toBe('x');
    expect(laterOf('x', undefined)).toBe('x');
  });
});
