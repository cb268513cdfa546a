import { jsonEquals } from '../../kustomize';
import { revisionFields, revisionsOf, sourcesOf } from '../sources/sourceList';
import { Application, ApplicationStatus, Operation } from '../wire';

/** Simulated seconds after a sync before self-heal may start another one. */
export const SELF_HEAL_SECONDS = 5;

/** What auto-sync wants to do about an application. */
export type AutoSyncDecision =
  | { readonly action: 'none' }
  | { readonly action: 'sync'; readonly operation: Operation }
  /** Self-heal: the same, a little later. */
  | { readonly action: 'heal'; readonly operation: Operation }
  /** A condition of type SyncError says why it does nothing. */
  | { readonly action: 'refuse'; readonly message: string };

/**
 * Whether Argo CD syncs an application by itself: one attempt per commit and
 * parameters; what drifts afterwards only with self-heal.
 */
export function decideAutoSync(options: {
  application: Application;
  status: ApplicationStatus;
  /** Number of objects that Git wants. */
  targets: number;
}): AutoSyncDecision {
  const { application, status, targets } = options;
  const { spec, operation } = application;
  const automated = spec.syncPolicy?.automated;
  if (!automated || automated.enabled === false || operation) {
    return { action: 'none' };
  }
  if (application.metadata.deletionTimestamp) return { action: 'none' };
  const commits = revisionsOf(status.sync);
  if (status.sync.status !== 'OutOfSync' || commits.length === 0) {
    return { action: 'none' };
  }
  const commit = commits.join(', ');
  const outOfSync = (status.resources ?? []).filter(
    resource => resource.status === 'OutOfSync',
  );
  if (!automated.prune && outOfSync.every(item => item.requiresPruning)) {
    return { action: 'none' };
  }
  if (targets === 0 && !automated.allowEmpty && automated.prune) {
    return {
      action: 'refuse',
      message: `Skipping sync attempt to ${commit}: auto-sync will wipe out all resources`,
    };
  }
  const sync = {
    ...revisionFields(spec, commits),
    ...(automated.prune ? { prune: true } : {}),
    ...(spec.syncPolicy?.syncOptions
      ? { syncOptions: spec.syncPolicy.syncOptions }
      : {}),
  };
  const shared = {
    initiatedBy: { automated: true },
    retry: spec.syncPolicy?.retry ?? { limit: 5 },
  };
  const last = status.operationState;
  const attempted =
    last?.syncResult !== undefined &&
    jsonEquals(revisionsOf(last.syncResult), commits) &&
    jsonEquals(sourcesOf(last.syncResult), sourcesOf(spec));
  if (!attempted) {
    return { action: 'sync', operation: { sync, ...shared } };
  }
  if (last.phase !== 'Succeeded') {
    return {
      action: 'refuse',
      message: `Failed last sync attempt to [${commit}]: ${last.message ?? ''}`,
    };
  }
  if (!automated.selfHeal) return { action: 'none' };
  const count = last.operation.sync.autoHealAttemptsCount ?? 0;
  return {
    action: 'heal',
    operation: {
      sync: {
        ...sync,
        autoHealAttemptsCount: count + 1,
        resources: outOfSync.map(({ group, kind, namespace, name }) => ({
          ...(group ? { group } : {}),
          kind,
          name,
          ...(namespace ? { namespace } : {}),
        })),
      },
      ...shared,
    },
  };
}
