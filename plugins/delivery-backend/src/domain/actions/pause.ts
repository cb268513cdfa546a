/** The longest pause between two looks at one action. */
const LONGEST_MS = 60_000;
/** The longest while nothing fails: changes that are heard of come sooner. */
const LONGEST_QUIET_MS = 15_000;

/**
 * How long to wait before the next look at an action: milliseconds. It is a few
 * seconds while things move, grows with the time in which nothing does (a canary
 * may be paused for hours), and doubles with every failure.
 */
export function pauseMs(options: {
  pace: 'soon' | 'back-off';
  /** The shortest pause. */
  paceMs: number;
  /** Failures in a row. */
  failures: number;
  /** Since something last moved on. */
  sinceMovedMs: number;
}): number {
  const { pace, paceMs, failures, sinceMovedMs } = options;
  switch (pace) {
    case 'soon':
      return Math.max(paceMs, Math.min(sinceMovedMs / 20, LONGEST_QUIET_MS));
    case 'back-off':
      return Math.min(paceMs * 2 ** Math.min(failures, 10), LONGEST_MS);
    default:
      return pace satisfies never;
  }
}
