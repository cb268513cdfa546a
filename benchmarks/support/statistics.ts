/** The figures of a distribution that the tables show. */
export type Distribution = {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
};

/**
 * The value that a share of the values does not exceed, by nearest rank: it is
 * always a value that was measured, never one in between.
 *
 * @param sorted in ascending order, at least one
 * @param share from 0 to 1
 */
export function percentile(sorted: number[], share: number): number {
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.min(sorted.length - 1, Math.max(0, rank - 1))];
}

/** @throws RangeError when there are no values: no figure is made up. */
export function distributionOf(values: number[]): Distribution {
  if (values.length === 0) {
    throw new RangeError('Nothing was measured');
  }
  const sorted = [...values].sort((a, b) => a - b);
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    max: sorted[sorted.length - 1],
  };
}

/** Rounds to three significant digits, which is more than a measurement has. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}
