import {
  Deployment,
  DEPLOYMENT_STATUSES,
  EnvironmentDeployments,
} from '@slipway/plugin-delivery-common';

/**
 * The deployment that stands for an environment where there is room for one
 * only: the worst, and among equals one that cannot be trusted. `undefined`
 * where the service does not run.
 */
export function mostUrgent(deployments: Deployment[]): Deployment | undefined {
  return [...deployments].sort((a, b) => urgency(a) - urgency(b))[0];
}

function urgency(deployment: Deployment): number {
  const { observation, assessment } = deployment;
  const status =
    observation.state === 'unknown' ? 'unknown' : assessment.status;
  const trusted = observation.state === 'fresh' ? 0.5 : 0;
  return DEPLOYMENT_STATUSES.indexOf(status) + trusted;
}

/** Whether a service runs nowhere that is known. */
export function runsNowhere(environments: EnvironmentDeployments[]): boolean {
  return environments.every(({ deployments }) => deployments.length === 0);
}
