/**
 * The status of a deployment, in the one status language of the pages. Whether
 * the status is still true is the business of its observation.
 *
 * - `healthy`: it serves what git asks for.
 * - `progressing`: it is on its way there by itself.
 * - `waiting`: it needs a person, or was paused by one.
 * - `degraded`: it failed, and will not get better by waiting.
 * - `unknown`: what is there cannot be judged. Never shown as healthy.
 *
 * @public
 */
export type DeploymentStatus =
  | 'healthy'
  | 'progressing'
  | 'waiting'
  | 'degraded'
  | 'unknown';

/**
 * Every {@link DeploymentStatus}, worst first: the order in which several
 * deployments in one cell are summed up.
 *
 * @public
 */
export const DEPLOYMENT_STATUSES: readonly DeploymentStatus[] = [
  'degraded',
  'unknown',
  'waiting',
  'progressing',
  'healthy',
];

/**
 * Whether a status asks for somebody's attention.
 *
 * @public
 */
export function needsAttention(status: DeploymentStatus): boolean {
  return status === 'degraded' || status === 'unknown' || status === 'waiting';
}

/**
 * A status with the reason for it.
 *
 * @public
 */
export type StatusAssessment = {
  status: DeploymentStatus;
  /** Stable, machine-readable reason in kebab-case, such as `sync-failed`. */
  reason: string;
  /** The reason as a sentence for people. */
  summary: string;
  /** Since when, where the upstream says it: ISO 8601, UTC. */
  since?: string;
};
