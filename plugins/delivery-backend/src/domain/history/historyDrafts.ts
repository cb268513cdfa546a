import { HistoryEntry, Release } from '@slipway/plugin-delivery-common';
import {
  ApplicationHistoryEntry,
  ObservedApplication,
} from '@slipway/plugin-delivery-node';
import { canonicalJson } from '../canonicalJson';
import {
  hasImage,
  sameRelease,
  sourceRevisions,
  wantedRelease,
} from '../status/releases';
import { newestHistoryEntry, ServingRecord } from '../status/serving';
import { normalizeTime } from '../times';

/** A deployment as it goes into the history of an application. */
export type HistoryDraft = {
  /**
   * What makes it the same entry when it is seen again, by this replica or by
   * the next: nothing in it depends on when or by whom it was seen.
   */
  entryKey: string;
  source: HistoryEntry['source'];
  /** ISO 8601, UTC, with milliseconds. */
  deployedAt: string;
  release: Release;
  /** False while only the revision is known. */
  imageKnown: boolean;
  destination: ObservedApplication['destination'];
  initiatedBy?: string;
  automated?: boolean;
};

/**
 * The entries of an application's own history. They know the revision only; the
 * image of the newest one is known when what git asks for now is what that
 * entry applied.
 *
 * An entry is told by the application's uid and the upstream's id of it: a
 * deleted and re-created application begins to count again (B18).
 */
export function historyOfApplication(
  application: ObservedApplication,
): HistoryDraft[] {
  const newest = application.history[application.history.length - 1];
  return application.history.flatMap(entry => {
    const deployedAt = normalizeTime(entry.deployedAt);
    if (deployedAt === undefined) {
      return [];
    }
    const wanted = wantedRelease(application);
    const imageKnown =
      wanted !== undefined &&
      hasImage(wanted) &&
      entry === newest &&
      isWhatIsWantedNow({ application, entry, deployedAt });
    const revisions = sourceRevisions({
      revisions: entry.revisions,
      sources: entry.sources.length > 0 ? entry.sources : application.sources,
      commits: application.commits,
    });
    return [
      {
        entryKey: shortText(`argocd:${application.uid ?? ''}:${entry.id}`),
        source: 'argocd-history' as const,
        deployedAt,
        release: imageKnown ? { ...wanted, revisions } : { revisions },
        imageKnown,
        destination: application.destination,
        ...(entry.initiatedBy !== undefined && {
          initiatedBy: shortText(entry.initiatedBy),
        }),
        ...(entry.automated !== undefined && { automated: entry.automated }),
      },
    ];
  });
}

/**
 * Whether what git asks for now is what this, the newest entry, applied: it
 * names the same revisions, or the last thing that happened to the application
 * is the very sync that made it, and git and cluster still agree. The workloads
 * must have been read after it; those from before show the release before.
 */
function isWhatIsWantedNow(options: {
  application: ObservedApplication;
  entry: ApplicationHistoryEntry;
  deployedAt: string;
}): boolean {
  const { application, entry, deployedAt } = options;
  const { sync, operation } = application;
  const readAt = normalizeTime(application.workloadsObservedAt);
  if (readAt === undefined || readAt < deployedAt) {
    return false;
  }
  if (sameRevisions(entry.revisions, sync.revisions)) {
    return true;
  }
  return (
    sync.state === 'synced' &&
    operation?.phase === 'succeeded' &&
    !operation.dryRun &&
    !operation.partial &&
    sameRevisions(entry.revisions, operation.revisions)
  );
}

function sameRevisions(a: string[], b: string[]): boolean {
  return (
    a.length > 0 &&
    a.length === b.length &&
    a.every((revision, position) => revision === b[position])
  );
}

/**
 * The entry for a change in what is served that the application's own history
 * does not hold: B17, a partial sync or a change by hand leaves no entry there.
 * `undefined` when nothing changed or the change has an entry.
 */
export function observedChange(options: {
  application: ObservedApplication;
  previous: ServingRecord | undefined;
  serving: ServingRecord | undefined;
  /** Now, ISO 8601: only for a change that the upstream puts no time on. */
  now: string;
}): HistoryDraft | undefined {
  const { application, previous, serving, now } = options;
  if (!serving || sameRelease(previous?.release, serving.release)) {
    return undefined;
  }
  if (hasEntry({ application, previous })) {
    return undefined;
  }
  const { operation } = application;
  const deployedAt = normalizeTime(serving.since) ?? now;
  const { revisions, ...build } = serving.release;
  return {
    entryKey: shortText(
      `observed:${application.uid ?? ''}:${deployedAt}:${canonicalJson(build)}`,
    ),
    source: 'observed',
    deployedAt,
    release: serving.release,
    imageKnown: hasImage(serving.release),
    destination: application.destination,
    ...(operation?.partial &&
      operation.initiatedBy !== undefined && {
        initiatedBy: shortText(operation.initiatedBy),
      }),
    ...(operation?.partial && { automated: operation.automated }),
  };
}

/** As much of a text as a column takes, in characters. */
const COLUMN_LENGTH = 255;

/**
 * A text of an upstream as every database takes it. PostgreSQL refuses longer
 * ones and those with a NUL, and with them all that is written beside them.
 */
function shortText(text: string): string {
  return text.replace(/\p{Cc}/gu, '').slice(0, COLUMN_LENGTH);
}

function hasEntry(options: {
  application: ObservedApplication;
  previous: ServingRecord | undefined;
}): boolean {
  const { application, previous } = options;
  const newest = newestHistoryEntry(application);
  if (newest === undefined) {
    return false;
  }
  if (!previous) {
    // First sight: what was before is unknown, and the newest entry says what
    // was deployed last.
    return true;
  }
  const { operation, history } = application;
  const partialSince =
    operation?.partial && operation.phase === 'succeeded'
      ? normalizeTime(operation.finishedAt)
      : undefined;
  const entryAt = normalizeTime(history[history.length - 1]?.deployedAt);
  if (partialSince && entryAt && partialSince > entryAt) {
    return false;
  }
  return newest !== previous.historyEntry;
}
