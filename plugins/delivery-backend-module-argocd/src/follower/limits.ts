/**
 * The clockwork of a follower, in milliseconds where nothing else is said. Only
 * tests use other values than {@link DEFAULT_LIMITS}.
 */
export type FollowerLimits = {
  /**
   * Silence after which the event stream counts as dead. Argo CD sends a
   * keep-alive every 15 seconds, so this is three of them.
   */
  silence: number;
  /** The first replay is over when no event came for so long. */
  replayQuiet: number;
  /** How long a replay may take before the list is read anyway. */
  replayAtMost: number;
  /** How long the stream may take to open before the list is read anyway. */
  openAtMost: number;
  /** Time between two reads of the list. */
  relist: number;
  /** What was on the stream so recently is not removed for not being listed. */
  seenRecently: number;
  /** First and longest pause before connecting again. */
  reconnect: { first: number; longest: number };
  /** A connection that lasted so long was a good one: pauses start over. */
  goodConnection: number;
  /** Pause after the credential was refused: at most three tries a minute. */
  refused: number;
  /** First and longest pause before a failed request is made again. */
  retry: { attempts: number; first: number; longest: number };
  /** How long a commit that could not be read is left alone. */
  commitRetry: number;
  /** Commits that are remembered. */
  commitCache: number;
  /** Multiplies the pauses between looks at a moving application. */
  movement: number;
  /** Most applications in one call of the sink. */
  batchSize: number;
  /** Time that a change may wait for others. */
  batchInterval: number;
};

/** See {@link FollowerLimits}. */
export const DEFAULT_LIMITS: FollowerLimits = {
  silence: 45_000,
  replayQuiet: 1_000,
  replayAtMost: 60_000,
  openAtMost: 3_000,
  relist: 600_000,
  seenRecently: 30_000,
  reconnect: { first: 500, longest: 30_000 },
  goodConnection: 10_000,
  refused: 30_000,
  retry: { attempts: 4, first: 500, longest: 15_000 },
  commitRetry: 600_000,
  commitCache: 5_000,
  movement: 1_000,
  batchSize: 200,
  batchInterval: 100,
};
