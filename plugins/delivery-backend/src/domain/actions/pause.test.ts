import { pauseMs } from './pause';

describe('the pause before the next look', () => {
  const soon = (sinceMovedMs: number) =>
    pauseMs({ pace: 'soon', paceMs: 2_000, failures: 0, sinceMovedMs });

  it('is short while things move, and grows to a quarter of a minute while nothing does', () => {
    expect([0, 40_000, 100_000, 3_600_000].map(soon)).toEqual([
      2_000, 2_000, 5_000, 15_000,
    ]);
  });

  it('doubles with every failure, to a minute', () => {
    const after = (failures: number) =>
      pauseMs({ pace: 'back-off', paceMs: 2_000, failures, sinceMovedMs: 0 });
    expect([1, 2, 3, 50].map(after)).toEqual([4_000, 8_000, 16_000, 60_000]);
  });
});
