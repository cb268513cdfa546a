import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { ApplicationSummary } from './applicationSummary';

type Fingerprinted = Pick<
  ApplicationSummary,
  | 'uid'
  | 'project'
  | 'sources'
  | 'destination'
  | 'sync'
  | 'health'
  | 'operation'
  | 'images'
  | 'newestHistoryId'
>;

/**
 * Sums up what decides whether the details of an application (history,
 * workloads) have to be read again: equal fingerprints, same details.
 *
 * The revision counts only while git and the cluster do not agree. A commit to a
 * repository that thousands of applications share moves the revision of all of
 * them; the ones that stay in sync have the same manifests as before.
 *
 * Of a sync only its end counts: while it runs, health and sync status tell of
 * what it changes.
 */
export function detailFingerprint(application: Fingerprinted): string {
  const { operation, sync } = application;
  return JSON.stringify([
    application.uid ?? '',
    application.project,
    application.sources,
    application.destination,
    sync.state,
    sync.state === 'synced' ? [] : sync.revisions,
    application.health.state,
    operation?.finishedAt ? [operation.phase, operation.finishedAt] : [],
    [...application.images].sort(),
    application.newestHistoryId ?? -1,
  ]);
}

/**
 * The fingerprint that stored details belong to; `undefined` when they were
 * never read, or were outdated when they were stored.
 */
export function storedFingerprint(
  application: ObservedApplication,
): string | undefined {
  if (application.workloadsObservedAt === undefined) {
    return undefined;
  }
  return detailFingerprint({
    ...application,
    newestHistoryId: application.history.at(-1)?.id,
  });
}
