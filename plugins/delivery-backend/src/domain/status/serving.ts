import { Release } from '@slipway/plugin-delivery-common';
import {
  ObservedApplication,
  ObservedWorkload,
} from '@slipway/plugin-delivery-node';
import { laterOf, normalizeTime } from '../times';
import { mainWorkload } from './mainWorkload';
import { liveRelease, sameRelease, wantedRelease } from './releases';

/**
 * What an application was last seen to serve. It is carried from one
 * observation to the next, because while a rollout is under way or has failed,
 * nothing that Argo CD says tells what still serves.
 */
export type ServingRecord = {
  release: Release;
  /** Since when it serves it: ISO 8601, UTC. */
  since?: string;
  /** Newest entry of the application's history when this was recorded. */
  historyEntry?: string;
};

/**
 * What an application serves, from what it is now and what it was last seen to
 * serve.
 *
 * - Healthy, with its main workload rolled out completely: what is live.
 * - Nothing of it is there, or it is scaled to none: nothing.
 * - Anything else (rolling out, failed, paused, not judged yet): what was last
 *   seen; `undefined` if it was never seen, for then nobody can say.
 *
 * Times come from the upstream, never from this clock, so that a replica that
 * takes over and looks at the same application again writes the same record.
 */
export function nextServing(options: {
  application: ObservedApplication;
  previous: ServingRecord | undefined;
  /** Now, ISO 8601: only for a change that the upstream puts no time on. */
  now: string;
}): ServingRecord | undefined {
  const { application, previous, now } = options;
  if (application.health.state === 'missing' || isScaledToNone(application)) {
    return undefined;
  }
  if (
    application.health.state !== 'healthy' ||
    !application.verified ||
    application.deleting
  ) {
    return previous;
  }
  const release = servedWhenHealthy(application);
  if (!release) {
    return previous;
  }
  const historyEntry = newestHistoryEntry(application);
  const since =
    previous && sameRelease(previous.release, release)
      ? previous.since
      : servesSince(application) ?? (previous ? now : undefined);
  return {
    release,
    ...(since !== undefined && { since }),
    ...(historyEntry !== undefined && { historyEntry }),
  };
}

/**
 * The newest entry of an application's history, as a key that a new application
 * of the same name (another uid) does not share. B18: ids have gaps and the
 * list is cut, so nothing is counted here.
 */
export function newestHistoryEntry(
  application: ObservedApplication,
): string | undefined {
  const newest = application.history[application.history.length - 1];
  return newest && `${application.uid ?? ''}:${newest.id}`;
}

function servedWhenHealthy(
  application: ObservedApplication,
): Release | undefined {
  if (application.workloads === undefined) {
    // Not read: the revision is all that is known, and only once applied.
    return application.sync.state === 'synced'
      ? wantedRelease(application)
      : undefined;
  }
  const workload = mainWorkload(application);
  if (workload) {
    return isComplete(workload) ? liveRelease(application) : undefined;
  }
  // Nothing here runs a service (jobs, configuration) or nobody can say which
  // workload it is: no image, but what was applied is known.
  return application.sync.state === 'synced'
    ? wantedRelease(application)
    : undefined;
}

/**
 * Whether every replica of a workload is of its wanted revision and available.
 * C2: with the old ones still up, what is live in the template is not yet what
 * serves.
 */
export function isComplete(workload: ObservedWorkload): boolean {
  const replicas = workload.live?.replicas;
  if (!workload.settled || !replicas) {
    return false;
  }
  const { wanted, updated, ready, available } = replicas;
  const running = available ?? ready;
  if (running === undefined || running === 0) {
    return false;
  }
  const enough = wanted ?? running;
  return running >= enough && (updated ?? running) >= enough;
}

function isScaledToNone(application: ObservedApplication): boolean {
  const replicas = mainWorkload(application)?.live?.replicas;
  return (
    replicas?.wanted === 0 && (replicas.available ?? replicas.ready ?? 0) === 0
  );
}

/**
 * Since when a healthy application serves what it does: since it became
 * healthy, if that was after its last deployment; else since that deployment,
 * which it then went through without ever being unhealthy.
 */
function servesSince(application: ObservedApplication): string | undefined {
  const newest = application.history[application.history.length - 1];
  const operation = application.operation;
  const applied =
    operation?.phase === 'succeeded' && !operation.dryRun
      ? normalizeTime(operation.finishedAt)
      : undefined;
  const deployed = laterOf(normalizeTime(newest?.deployedAt), applied);
  return deployed && laterOf(deployed, normalizeTime(application.health.since));
}
