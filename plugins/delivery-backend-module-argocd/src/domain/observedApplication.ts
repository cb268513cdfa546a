import { Commit } from '@slipway/plugin-delivery-common';
import {
  ApplicationHistoryEntry,
  ObservedApplication,
  ObservedWorkload,
} from '@slipway/plugin-delivery-node';
import { ApplicationSummary } from './applicationSummary';
import { isVerified, sameOutcome } from './verified';
import { revisionsInUse } from './revisionsInUse';

/** The part of an application that is read request by request. */
export type ApplicationDetails = {
  history: ApplicationHistoryEntry[];
  workloads: ObservedWorkload[];
  /** When the workloads were read: ISO 8601, UTC. */
  workloadsObservedAt: string;
};

/**
 * Puts a summary from the stream over what was known before. History, workloads
 * and commits are kept; `outdated` details lose the time they were read at,
 * until they are read again, so that nobody takes them for confirmed and a
 * restart in between reads them.
 */
export function applySummary(options: {
  previous: ObservedApplication | undefined;
  summary: ApplicationSummary;
  outdated: boolean;
}): ObservedApplication {
  const { newestHistoryId, reconciledAt, ...summary } = options.summary;
  // An application that was deleted and made again has nothing in common.
  const previous = isSameObject(options.previous, summary)
    ? options.previous
    : undefined;
  return {
    ...summary,
    // Older servers say it in the whole object only.
    appOfApps: summary.appOfApps || previous?.appOfApps === true,
    verified:
      isVerified({ operation: summary.operation, reconciledAt }) ||
      (reconciledAt === undefined &&
        previous?.verified === true &&
        sameOutcome(previous.operation, summary.operation)),
    history: previous?.history ?? [],
    workloads:
      previous && options.outdated && !asksForTheSame(previous, options.summary)
        ? previous.workloads?.map(workload => ({
            ...workload,
            wanted: undefined,
          }))
        : previous?.workloads,
    workloadsObservedAt: options.outdated
      ? undefined
      : previous?.workloadsObservedAt,
    commits: commitsOf(
      {
        sync: summary.sync,
        sources: summary.sources,
        history: previous?.history ?? [],
      },
      previous?.commits ?? {},
    ),
  };
}

/** Adds details that were read, and leaves the rest alone. */
export function applyDetails(
  application: ObservedApplication,
  details: Partial<ApplicationDetails>,
): ObservedApplication {
  return { ...application, ...details };
}

/** Adds a commit, if one of the application's revisions in use is that commit. */
export function applyCommit(
  application: ObservedApplication,
  commit: Commit,
): ObservedApplication {
  return revisionsInUse(application).some(
    ({ revision }) => revision === commit.sha,
  )
    ? {
        ...application,
        commits: { ...application.commits, [commit.sha]: commit },
      }
    : application;
}

/**
 * Whether git still asks for the workloads that were read. Another revision is
 * none of theirs, unless git and the cluster agree as before and nothing was
 * deployed in between: then it is a commit to somebody else's folder. What git
 * asks for instead is not known before it is read, and the image of before must
 * not pass for it.
 */
function asksForTheSame(
  previous: ObservedApplication,
  next: ApplicationSummary,
): boolean {
  const sameRevisions =
    previous.sync.revisions.join() === next.sync.revisions.join() &&
    JSON.stringify(previous.sources) === JSON.stringify(next.sources);
  const nothingDeployed =
    previous.sync.state === 'synced' &&
    next.sync.state === 'synced' &&
    (next.newestHistoryId === undefined ||
      next.newestHistoryId === previous.history.at(-1)?.id) &&
    sameOutcome(previous.operation, next.operation);
  return sameRevisions || nothingDeployed;
}

function isSameObject(
  previous: ObservedApplication | undefined,
  summary: Pick<ApplicationSummary, 'uid'>,
): boolean {
  return (
    previous?.uid === undefined ||
    summary.uid === undefined ||
    previous.uid === summary.uid
  );
}

function commitsOf(
  application: Parameters<typeof revisionsInUse>[0],
  commits: ObservedApplication['commits'],
): ObservedApplication['commits'] {
  return Object.fromEntries(
    revisionsInUse(application).flatMap(({ revision }) =>
      commits[revision] ? [[revision, commits[revision]]] : [],
    ),
  );
}
