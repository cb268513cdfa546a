import { LiveApplication, LiveResource } from '@slipway/plugin-delivery-node';
import { WireApplication } from '../argocd/wire';
import { InstanceContext, toApplicationSummary } from './applicationSummary';
import { toHistory } from './history';
import { toLiveOperation } from './liveOperation';
import { applyDetails, applySummary } from './observedApplication';
import { toSyncState } from './states';

/**
 * An application as it was just read, whole: the same facts as in the
 * projections, by the same rules, and what only decisions need.
 */
export function toLiveApplication(options: {
  application: WireApplication;
  context: InstanceContext;
  /** ISO 8601, UTC. */
  observedAt: string;
}): LiveApplication {
  const { application, context, observedAt } = options;
  const summary = toApplicationSummary(application, context);
  return {
    application: applyDetails(
      applySummary({ previous: undefined, summary, outdated: false }),
      { history: toHistory(application) },
    ),
    syncOptions: application.spec?.syncPolicy?.syncOptions ?? [],
    resources: toResources(application),
    operation: toLiveOperation(application),
    observedAt,
  };
}

function toResources(application: WireApplication): LiveResource[] {
  return (application.status?.resources ?? []).flatMap(resource => {
    const { group, kind, namespace, name, status } = resource;
    return kind && name
      ? {
          group: group ?? '',
          kind,
          namespace: namespace || undefined,
          name,
          state: toSyncState(status),
          requiresPruning: resource.requiresPruning === true,
          hook: resource.hook === true,
        }
      : [];
  });
}
