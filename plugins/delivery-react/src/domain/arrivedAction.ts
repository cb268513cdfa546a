import {
  DeploymentAction,
  DeploymentActionKind,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';

/** What somebody asked for, as far as an action says it too. */
export type AskedFor = {
  environment: string;
  /** Id of the target; any when absent. */
  target?: string;
  action: DeploymentActionKind;
  reason: string;
  /** Ref of the person; not compared when absent. */
  requestedBy?: string;
  /** Ids of the latest actions that were there before it was asked for. */
  before: ReadonlySet<string>;
};

/** The ids of the latest action of every deployment. */
export function latestActionIds(
  service: ServiceDeployments | undefined,
): ReadonlySet<string> {
  const ids = latestActions(service).map(({ id }) => id);
  return new Set(ids);
}

/**
 * The action that a request made, found among what the pages read. An action
 * does not say which key made it, so it is told by what it is, by whose it is
 * and by not having been there before.
 */
export function arrivedAction(
  service: ServiceDeployments,
  asked: AskedFor,
): DeploymentAction | undefined {
  return latestActions(service).find(
    action =>
      !asked.before.has(action.id) &&
      action.environment === asked.environment &&
      (asked.target === undefined || action.target === asked.target) &&
      action.action === asked.action &&
      action.reason === asked.reason.trim() &&
      (asked.requestedBy === undefined ||
        action.requestedBy === asked.requestedBy),
  );
}

/**
 * What is known of a service, with an action that was just taken on: so that it
 * shows at once, and not only when the next answer comes.
 */
export function withLatestAction(
  service: ServiceDeployments,
  action: DeploymentAction,
): ServiceDeployments {
  return {
    ...service,
    environments: service.environments.map(entry =>
      entry.environment.id === action.environment
        ? {
            ...entry,
            deployments: entry.deployments.map(deployment =>
              deployment.target.id === action.target
                ? { ...deployment, latestAction: action }
                : deployment,
            ),
          }
        : entry,
    ),
  };
}

/** Whether an action asked for through the portal is under way anywhere. */
export function hasRunningAction(
  service: ServiceDeployments | undefined,
): boolean {
  return latestActions(service).some(({ phase }) => phase === 'running');
}

function latestActions(
  service: ServiceDeployments | undefined,
): DeploymentAction[] {
  return (service?.environments ?? []).flatMap(({ deployments }) =>
    deployments.flatMap(({ latestAction }) => latestAction ?? []),
  );
}
