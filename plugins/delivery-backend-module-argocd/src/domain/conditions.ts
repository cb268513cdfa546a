import { DeploymentCondition } from '@slipway/plugin-delivery-common';
import { WireApplication } from '../argocd/wire';

/**
 * What Argo CD complains of. The ending of a condition's type is its severity,
 * as in Argo CD itself.
 */
export function toConditions(
  application: WireApplication,
): DeploymentCondition[] {
  return (application.status?.conditions ?? []).map(condition => ({
    type: condition.type ?? 'Unknown',
    severity: severityOf(condition.type ?? ''),
    message: condition.message ?? '',
    since: condition.lastTransitionTime,
  }));
}

function severityOf(type: string): DeploymentCondition['severity'] {
  if (type.endsWith('Error')) {
    return 'error';
  }
  return type.endsWith('Warning') ? 'warning' : 'info';
}
