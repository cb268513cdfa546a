import {
  DeploymentStatus,
  StatusAssessment,
} from '@slipway/plugin-delivery-common';
import { UNREADABLE_CONDITION } from '@slipway/plugin-delivery-node';
import { KnownDeployment } from './deploymentOf';

/**
 * What of an unbound deployment may be told: how it is, and nothing that the
 * upstream says in its own words or that names anything. A service's annotations
 * are written by its developers, who could name another team's application there.
 *
 * Everything that is told of deployments is made from what this leaves, so there
 * is no way around it: a key that is added to deployments is not told of unbound
 * ones unless it is added here, too.
 */
export function withoutDetail(deployment: KnownDeployment): KnownDeployment {
  const { entityRef, environment, binding, upstreamId } = deployment;
  return {
    entityRef,
    environment,
    target: { id: deployment.target.id },
    binding,
    assessment: plainAssessment(deployment.assessment.status),
    sync: deployment.sync,
    health: deployment.health,
    conditions: [],
    upstreamId,
    ...(deployment.staleCondition && {
      staleCondition: {
        type: UNREADABLE_CONDITION,
        severity: 'warning',
        message: 'What is known of it is out of date.',
      },
    }),
  };
}

function plainAssessment(status: DeploymentStatus): StatusAssessment {
  return { status, reason: 'unbound', summary: summaryOf(status) };
}

function summaryOf(status: DeploymentStatus): string {
  switch (status) {
    case 'healthy':
      return 'It is healthy.';
    case 'progressing':
      return 'It is on its way to what git asks for.';
    case 'waiting':
      return 'It waits for somebody.';
    case 'degraded':
      return 'It is not well.';
    case 'unknown':
      return 'Nobody can tell how it is.';
    default: {
      const exhausted: never = status;
      throw new TypeError(`Unexpected status ${exhausted}`);
    }
  }
}
