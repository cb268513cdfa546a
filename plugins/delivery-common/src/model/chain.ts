/**
 * A named stage of a platform, such as `staging`.
 *
 * @public
 */
export type EnvironmentDescription = {
  /** Stable id in lower case, as it stands in URLs and configuration. */
  id: string;
  /** What people call it. */
  title: string;
  /**
   * Whether it mirrors the last environment of its chain for recovery. A
   * standby environment is never promoted into by hand.
   */
  standby: boolean;
};

/**
 * The order in which a platform's environments are promoted.
 *
 * @public
 */
export type ChainDescription = {
  id: string;
  title: string;
  /** In the order of promotion; a standby environment comes last. */
  environments: EnvironmentDescription[];
};
