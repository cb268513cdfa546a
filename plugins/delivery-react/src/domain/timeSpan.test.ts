import { clockTime, timeInFull, timeSpan } from './timeSpan';

const NOW = Date.parse('2026-11-22T14:30:00Z');

describe('timeSpan', () => {
  it.each([
    ['2026-11-22T14:29:30Z', 'now', 0],
    ['2026-11-22T14:18:00Z', 'minutes', 12],
    ['2026-11-22T12:31:00Z', 'hours', 1],
    ['2026-11-20T14:30:00Z', 'days', 2],
    ['2026-10-10T14:30:00Z', 'days', 43],
    ['2026-06-22T14:30:00Z', 'months', 5],
    ['2024-06-22T14:30:00Z', 'years', 2],
  ])('says %s in %s', (from, unit, count) => {
    expect(timeSpan(from, NOW)).toEqual({ unit, count });
  });

  it('takes the future for now, because clocks disagree', () => {
    expect(timeSpan('2026-11-22T14:31:00Z', NOW)).toEqual({
      unit: 'now',
      count: 0,
    });
  });

  it('does not make a time of what is none', () => {
    expect(timeSpan('yesterday', NOW)).toBeUndefined();
  });
});

describe('timeInFull', () => {
  it('gives UTC and the time of the viewer', () => {
    expect(timeInFull('2026-11-22T14:02:03Z', 'Asia/Tokyo')).toEqual({
      utc: '2026-11-22 14:02:03 UTC',
      local: '2026-11-22 23:02:03 GMT+9',
    });
  });
});

describe('clockTime', () => {
  it('leaves the date of today away', () => {
    expect(clockTime('2026-11-22T14:02:00Z', NOW, 'utc')).toBe('14:02');
  });

  it('names the day of another day, as the viewer counts days', () => {
    expect(clockTime('2026-11-21T14:02:00Z', NOW, 'utc')).toBe('21 Nov 14:02');
    expect(clockTime('2026-11-21T23:30:00Z', NOW, 'Asia/Tokyo')).toBe('08:30');
  });
});
