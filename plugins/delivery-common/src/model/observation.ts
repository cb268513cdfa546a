/**
 * How far a figure from outside can be trusted.
 *
 * - `fresh`: the upstream is connected and has confirmed it.
 * - `stale`: it was true at `observedAt`; nobody can say whether it still is.
 * - `unknown`: it was never seen, or what was seen cannot be read.
 *
 * @public
 */
export type ObservationState = 'fresh' | 'stale' | 'unknown';

/**
 * Where a figure comes from and how far to trust it. No figure is shown without
 * one.
 *
 * @public
 */
export type Observation = {
  /** Id of the upstream, such as `argocd:main`. */
  source: string;
  state: ObservationState;
  /** When it was last confirmed: ISO 8601, UTC. Absent when it never was. */
  observedAt?: string;
  /** Why it is not `fresh`, as a sentence for people. */
  reason?: string;
};
