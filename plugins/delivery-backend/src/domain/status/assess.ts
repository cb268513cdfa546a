import {
  DeploymentCondition,
  Release,
  StatusAssessment,
  releaseLabel,
} from '@slipway/plugin-delivery-common';
import {
  ObservedApplication,
  UNREADABLE_CONDITION,
} from '@slipway/plugin-delivery-node';
import { normalizeTime } from '../times';
import { mainWorkload } from './mainWorkload';
import { sameRelease } from './releases';

/** What a deployment's status is judged by. */
export type AssessmentInput = {
  application: ObservedApplication;
  /** What git asks for. */
  wanted: Release | undefined;
  /** What is served, carried over from what was last seen. */
  serving: Release | undefined;
};

/** Argo CD's conditions that say it could not compare at all. */
const CANNOT_COMPARE = ['ComparisonError', 'InvalidSpecError', 'UnknownError'];

/**
 * Judges a deployment, from what was seen of it. How far what was seen can be
 * trusted is the business of the observation, so nothing here depends on the
 * connection or on the time.
 *
 * The first rule that fits decides; they stand in the order in which a person
 * on call would want to hear them.
 */
export function assess(input: AssessmentInput): StatusAssessment {
  return (
    beingDeleted(input) ??
    cannotBeCompared(input) ??
    syncUnderWay(input) ??
    syncFailed(input) ??
    notWell(input) ??
    notVerified(input) ??
    differsFromGit(input) ??
    well(input)
  );
}

function beingDeleted({
  application,
}: AssessmentInput): StatusAssessment | undefined {
  return application.deleting
    ? {
        status: 'progressing',
        reason: 'deleting',
        summary: 'It is being deleted from Argo CD.',
      }
    : undefined;
}

/**
 * B14: after a comparison error Argo CD leaves the last sync state standing. A
 * state that nobody computed is no state.
 */
function cannotBeCompared({
  application,
}: AssessmentInput): StatusAssessment | undefined {
  const condition = application.conditions.find(({ type }) =>
    CANNOT_COMPARE.includes(type),
  );
  if (condition && !saysMayBeStale(condition)) {
    return withSince(
      {
        status: 'unknown',
        reason:
          condition.type === 'InvalidSpecError'
            ? 'invalid-spec'
            : 'comparison-error',
        summary: `Argo CD cannot compare it with git: ${sentence(
          condition.message,
        )}`,
      },
      condition.since,
    );
  }
  return undefined;
}

function syncUnderWay(input: AssessmentInput): StatusAssessment | undefined {
  const { operation, health } = input.application;
  if (!operation || operation.dryRun) {
    return undefined;
  }
  switch (operation.phase) {
    case 'queued':
      return withSince(
        {
          status: 'progressing',
          reason: 'sync-queued',
          summary: `A sync ${toRelease(input)}is waiting to start.`,
        },
        operation.startedAt,
      );
    case 'running':
      // B4: during a pause the sync runs on, waiting for health; what the
      // person needs to hear is that it waits.
      return health.state === 'suspended'
        ? undefined
        : withSince(
            {
              status: 'progressing',
              reason: 'syncing',
              summary: `A sync ${toRelease(input)}is running${because(
                operation.message,
              )}`,
            },
            operation.startedAt,
          );
    case 'retrying':
      // B5: the attempt is over, the operation is not.
      return withSince(
        {
          status: health.state === 'degraded' ? 'degraded' : 'progressing',
          reason: 'sync-retrying',
          summary: `The sync ${toRelease(
            input,
          )}failed and Argo CD will try again${because(operation.message)}`,
        },
        operation.startedAt,
      );
    case 'terminating':
      return withSince(
        {
          status: 'progressing',
          reason: 'sync-terminating',
          summary: 'The running sync is being stopped.',
        },
        operation.startedAt,
      );
    case 'succeeded':
    case 'failed':
      return undefined;
    default:
      return exhausted(operation.phase);
  }
}

function syncFailed(input: AssessmentInput): StatusAssessment | undefined {
  const { application } = input;
  const { operation } = application;
  const condition = application.conditions.find(
    ({ type }) => type === 'SyncError',
  );
  if (condition) {
    return withSince(
      {
        status: 'degraded',
        reason: 'sync-failed',
        summary: `Argo CD could not sync it: ${sentence(condition.message)}`,
      },
      condition.since,
    );
  }
  if (
    operation?.phase !== 'failed' ||
    operation.dryRun ||
    isSuperseded(application, operation)
  ) {
    return undefined;
  }
  return withSince(
    {
      status: 'degraded',
      reason: 'sync-failed',
      summary: `The last sync ${toRelease(input)}failed${because(
        operation.message,
      )}${stillServes(input)}`,
    },
    operation.finishedAt ?? operation.startedAt,
  );
}

/**
 * A failed sync is over and done with when git has moved on since, and what it
 * asks for now is there and healthy.
 */
function isSuperseded(
  application: ObservedApplication,
  operation: NonNullable<ObservedApplication['operation']>,
): boolean {
  return (
    application.sync.state === 'synced' &&
    application.health.state === 'healthy' &&
    operation.revisions.length > 0 &&
    operation.revisions.join() !== application.sync.revisions.join()
  );
}

function notWell(input: AssessmentInput): StatusAssessment | undefined {
  const { application } = input;
  const { health, history, policy } = application;
  const { message } = health;
  switch (health.state) {
    case 'healthy':
      return undefined;
    case 'progressing':
      return withSince(
        {
          status: 'progressing',
          reason: 'rolling-out',
          summary: `${rollingOut(input)}${because(message)}`,
        },
        health.since,
      );
    case 'suspended':
      // B8: neither an error nor a success; what paused it is not told here.
      return withSince(
        {
          status: 'waiting',
          reason: 'suspended',
          summary: `It is paused${because(message)}${stillServes(input)}`,
        },
        health.since,
      );
    case 'degraded':
      return withSince(
        {
          status: 'degraded',
          reason: 'degraded',
          summary: `It is degraded${because(message)}${stillServes(input)}`,
        },
        health.since,
      );
    case 'missing':
      return history.length === 0 && !policy.automated
        ? {
            status: 'waiting',
            reason: 'never-synced',
            summary: `Nothing is deployed yet. Git asks for ${nameOf(
              input.wanted,
            )}; sync it.`,
          }
        : withSince(
            {
              status: 'degraded',
              reason: 'missing',
              summary: `None of its resources are in the cluster${because(
                message,
              )}`,
            },
            health.since,
          );
    case 'unknown':
      return withSince(
        {
          status: 'unknown',
          reason: 'health-unknown',
          summary: `Argo CD cannot tell its health${because(message)}`,
        },
        health.since,
      );
    default:
      return exhausted(health.state);
  }
}

/** B1: right after a sync, "healthy" is what it was before the sync. */
function notVerified(input: AssessmentInput): StatusAssessment | undefined {
  return input.application.verified
    ? undefined
    : withSince(
        {
          status: 'progressing',
          reason: 'verifying',
          summary: `${subjectOf(
            input.wanted,
          )} was applied; Argo CD has not looked yet whether it is well.`,
        },
        input.application.operation?.finishedAt,
      );
}

function differsFromGit(input: AssessmentInput): StatusAssessment | undefined {
  const { application, wanted, serving } = input;
  const { sync, policy, operation } = application;
  switch (sync.state) {
    case 'synced':
      return undefined;
    case 'unknown':
      return {
        status: 'unknown',
        reason: 'sync-unknown',
        summary: 'Argo CD does not know whether git and the cluster agree.',
      };
    case 'out-of-sync':
      break;
    default:
      return exhausted(sync.state);
  }
  const anotherRelease =
    wanted && serving && !sameRelease(wanted, serving)
      ? `Git asks for ${nameOf(wanted)} and ${nameOf(serving)} serves`
      : undefined;
  // B7: the sync of this very revision succeeded and there is a difference all
  // the same; another sync by itself will not come, or will change nothing.
  const afterSync =
    operation?.phase === 'succeeded' &&
    !operation.dryRun &&
    !operation.partial &&
    operation.revisions.length > 0 &&
    operation.revisions.join() === sync.revisions.join();
  if (!policy.automated) {
    return {
      status: 'waiting',
      reason: anotherRelease ? 'sync-awaited' : 'out-of-sync',
      summary: anotherRelease
        ? `${anotherRelease}; sync it.`
        : 'Git and the cluster differ, though not in the release; sync it to apply what git says.',
    };
  }
  if (afterSync) {
    return {
      status: 'waiting',
      reason: 'drift',
      summary: policy.selfHeal
        ? 'Git and the cluster differ although the last sync succeeded; something keeps changing the cluster.'
        : 'Git and the cluster differ although the last sync succeeded, and self-heal is off; sync it to undo the change.',
    };
  }
  return {
    status: 'progressing',
    reason: 'sync-due',
    summary: anotherRelease
      ? `${anotherRelease}; Argo CD will sync it by itself.`
      : 'Git and the cluster differ; Argo CD will sync it by itself.',
  };
}

function well(input: AssessmentInput): StatusAssessment {
  const { application, serving } = input;
  const replicas = mainWorkload(application)?.live?.replicas;
  if (replicas?.wanted === 0) {
    return {
      status: 'healthy',
      reason: 'scaled-to-none',
      summary: 'It is scaled to no replicas, as git asks, and serves nothing.',
    };
  }
  return withSince(
    {
      status: 'healthy',
      reason: 'healthy',
      summary: serving
        ? `It serves ${nameOf(serving)}, as git asks.`
        : 'It is healthy and in sync with git.',
    },
    application.health.since,
  );
}

/**
 * B15: Argo CD itself says that the status it shows may be stale, or what it
 * shows cannot be read any more. That is no verdict on the deployment but on the
 * observation of it.
 */
export function staleByOwnAccount(
  application: ObservedApplication,
): DeploymentCondition | undefined {
  return (
    application.conditions.find(({ type }) => type === UNREADABLE_CONDITION) ??
    application.conditions.find(saysMayBeStale)
  );
}

function saysMayBeStale(condition: DeploymentCondition): boolean {
  return (
    condition.type === 'UnknownError' && /may be stale/i.test(condition.message)
  );
}

function rollingOut({ application, wanted }: AssessmentInput): string {
  const workload = mainWorkload(application);
  const replicas = workload?.live?.replicas;
  const progress =
    replicas?.wanted !== undefined && replicas.updated !== undefined
      ? `: ${replicas.updated} of ${replicas.wanted} replicas are updated`
      : '';
  return `${subjectOf(wanted)} is rolling out${progress}`;
}

/** What serves meanwhile, where it is another release than git asks for. */
function stillServes({ wanted, serving }: AssessmentInput): string {
  return wanted && serving && !sameRelease(wanted, serving)
    ? ` Git asks for ${nameOf(wanted)}; ${nameOf(serving)} still serves.`
    : '';
}

function toRelease({ wanted }: AssessmentInput): string {
  const label = releaseLabel(wanted);
  return label ? `to ${label} ` : '';
}

function nameOf(release: Release | undefined): string {
  return releaseLabel(release) ?? 'the new revision';
}

/** Argo CD's own words, as the end of a sentence. */
function because(message: string | undefined): string {
  return message ? `: ${sentence(message)}` : '.';
}

/** Longest message of an upstream that goes into a sentence. */
const LONGEST_MESSAGE = 300;

function sentence(message: string): string {
  const text = message.trim().replace(/\s+/g, ' ');
  const short =
    text.length > LONGEST_MESSAGE
      ? `${text.slice(0, LONGEST_MESSAGE - 1)}…`
      : text;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}

/** As the beginning of a sentence. A tag is a name and stays as it is written. */
function subjectOf(release: Release | undefined): string {
  return releaseLabel(release) ?? 'The new revision';
}

function withSince(
  assessment: StatusAssessment,
  since: string | undefined,
): StatusAssessment {
  const time = normalizeTime(since);
  return time === undefined ? assessment : { ...assessment, since: time };
}

function exhausted(value: never): never {
  throw new TypeError(`Unexpected value ${JSON.stringify(value)}`);
}
