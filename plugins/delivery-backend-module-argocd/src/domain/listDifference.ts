import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { WireApplication } from '../argocd/wire';
import { toOperation } from './operation';
import { sameContent } from './sameContent';
import { toSources } from './sources';
import { toHealthState, toSyncPolicy, toSyncState } from './states';

/**
 * Whether an application in the list shows that an event was lost.
 *
 * Only what the list carries is compared: up to version 3.4 it has no revision,
 * and no version has messages, conditions or history there. What is missing is
 * not unknown; it was not sent.
 */
export function differsFromList(
  application: ObservedApplication,
  listed: WireApplication,
): boolean {
  return factsOf(application, listed).some(
    ([said, known]) => said !== undefined && !sameContent(said, known),
  );
}

/** What the list says beside what is known; `undefined` where it is silent. */
function factsOf(
  application: ObservedApplication,
  listed: WireApplication,
): Array<[said: unknown, known: unknown]> {
  const { spec, status, metadata } = listed;
  const sources = toSources(listed);
  const syncStatus = status?.sync?.status;
  const healthStatus = status?.health?.status;
  return [
    [metadata.deletionTimestamp !== undefined, application.deleting],
    [spec?.project || undefined, application.project],
    [sources.length > 0 ? sources : undefined, application.sources],
    [spec?.syncPolicy && toSyncPolicy(listed), application.policy],
    [syncStatus && toSyncState(syncStatus), application.sync.state],
    [listedRevision(listed), application.sync.revisions[0]],
    [healthStatus && toHealthState(healthStatus), application.health.state],
    [
      status?.summary && [...status.summary.images].sort(),
      [...application.images].sort(),
    ],
    ...operationFacts(application, listed),
  ];
}

/** A queued sync is not in what is asked of the list, so it is not compared. */
function operationFacts(
  application: ObservedApplication,
  listed: WireApplication,
): Array<[said: unknown, known: unknown]> {
  const said = toOperation(listed);
  const known = application.operation;
  if (!said || known?.phase === 'queued') {
    return [];
  }
  return [
    [said.phase, known?.phase],
    [said.finishedAt, known?.finishedAt],
  ];
}

/**
 * The revision of a plain application. That of a hydrated one is not the one
 * that is compared with, and those of several sources are not listed.
 */
function listedRevision(listed: WireApplication): string | undefined {
  return listed.spec?.sourceHydrator || (listed.spec?.sources.length ?? 0) > 0
    ? undefined
    : listed.status?.sync?.revision || undefined;
}

/**
 * Whether a list of this server carries revisions at all. If it does not, lost
 * events that moved nothing else can only be made good by a new stream.
 */
export function listCarriesRevisions(
  listed: readonly WireApplication[],
): boolean {
  return listed.some(application => application.status?.sync?.revision);
}
