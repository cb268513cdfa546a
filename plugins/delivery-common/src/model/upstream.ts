/**
 * How the connection to an upstream stands.
 *
 * - `live`: connected, and it has answered within its liveness limit.
 * - `connecting`: nobody has reached it since this backend started, or it is
 *   being reached again after a failure.
 * - `down`: it cannot be reached, or answers with errors.
 * - `refused`: it answers, but refuses the credential.
 *
 * @public
 */
export type UpstreamState = 'live' | 'connecting' | 'down' | 'refused';

/**
 * A system that deployments are read from, as the pages show it.
 *
 * @public
 */
export type UpstreamStatus = {
  /** Stable id: kind and configured name, such as `argocd:main`. */
  id: string;
  /** What people call it. */
  title: string;
  /** The kind of system, such as `argocd`. */
  kind: string;
  state: UpstreamState;
  /** Since when it is in this state: ISO 8601, UTC. */
  since: string;
  /** When it was last known to be reachable: ISO 8601, UTC. */
  lastContactAt?: string;
  /** Why it is not `live`, as a sentence for people, free of secrets. */
  reason?: string;
};
