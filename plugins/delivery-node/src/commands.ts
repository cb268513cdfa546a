import { CustomErrorBase } from '@backstage/errors';
import { ResourceOutcome } from '@slipway/plugin-delivery-common';
import { ApplicationId, ObservedApplication } from './application';

/**
 * Name of the entry of an operation's `info` that holds the id of the portal's
 * action. It is the only reliable way to know one's own operation again.
 *
 * @public
 */
export const OPERATION_INFO_ACTION = 'slipway.dev/action';

/**
 * Name of the entry of an operation's `info` that holds the ref of the person
 * who asked: Argo CD itself only knows the portal's account.
 *
 * @public
 */
export const OPERATION_INFO_PERSON = 'slipway.dev/requested-by';

/**
 * Name of the entry of an operation's `info` that holds the reason.
 *
 * @public
 */
export const OPERATION_INFO_REASON = 'slipway.dev/reason';

/**
 * Which application a command is about. With the project, an upstream can tell
 * "not there" from "not allowed".
 *
 * @public
 */
export type ApplicationAddress = { id: ApplicationId; project: string };

/**
 * The operation that an application has, or had last, in full.
 *
 * @public
 */
export type LiveOperation = {
  /** Asked for, and not begun: nothing below but `infos` and `revisions` is known. */
  queued: boolean;
  /** Over, with nothing to be tried again: `finishedAt` alone does not say so. */
  over: boolean;
  succeeded: boolean;
  message?: string;
  /** ISO 8601, UTC. */
  startedAt?: string;
  finishedAt?: string;
  /** How often it was tried again so far. */
  retries: number;
  dryRun: boolean;
  /** Revisions that were asked for, or applied: one a source. */
  revisions: string[];
  /** What was sent along with it, by name. */
  infos: { [name: string]: string };
  /** What it did to each resource, hooks included, so far. */
  outcomes: ResourceOutcome[];
};

/**
 * One resource of an application as the upstream last compared it.
 *
 * @public
 */
export type LiveResource = {
  group: string;
  kind: string;
  namespace?: string;
  name: string;
  state: 'synced' | 'out-of-sync' | 'unknown';
  /** Git no longer has it. */
  requiresPruning: boolean;
  hook: boolean;
};

/**
 * An application as the upstream itself says now: not from a stream, and not from
 * a cache of ours. Decisions are made on this.
 *
 * @public
 */
export type LiveApplication = {
  /** The same facts as in the projections; `workloads` and `commits` may be left out. */
  application: ObservedApplication;
  /** The sync options of the application's own policy. */
  syncOptions: string[];
  resources: LiveResource[];
  operation?: LiveOperation;
  /** When it was read: ISO 8601, UTC. */
  observedAt: string;
};

/**
 * A window in which syncs are allowed or denied.
 *
 * @public
 */
export type SyncWindow = {
  kind: 'allow' | 'deny';
  /** Five-field cron expression of its beginnings. */
  schedule: string;
  /** As Argo CD writes it, such as `1h30m`. */
  duration: string;
  /**
   * Time zone of the schedule, as Argo CD has it; absent when it could not be
   * learned, because the account may not read the project that says it.
   */
  timeZone?: string;
  /** A person may sync during it all the same. */
  manualSync: boolean;
  description?: string;
  active: boolean;
};

/**
 * What the sync windows of an application say about a sync by a person.
 *
 * @public
 */
export type SyncWindowVerdict = {
  /** A person may sync now. */
  allowed: boolean;
  windows: SyncWindow[];
  /**
   * When a person may sync again, if not now: ISO 8601, UTC. Absent when it is
   * not within a year, or cannot be told.
   */
  opensAt?: string;
};

/**
 * What a sync is asked for with.
 *
 * @public
 */
export type SyncCommand = {
  dryRun: boolean;
  prune: boolean;
  force: boolean;
  /**
   * Sync options on top of the application's own, such as
   * `ServerSideApply=true`. The adapter sends the application's own along, because
   * an upstream may replace them by what is sent.
   */
  extraSyncOptions: string[];
  /** Entries of the operation's `info`, by name. */
  infos: { [name: string]: string };
};

/**
 * Acts on the applications of one upstream, with a credential of its own.
 *
 * Every method rejects with an {@link UpstreamCommandError}, or with the reason of
 * the signal when that aborted.
 *
 * @public
 */
export interface ApplicationCommands {
  /** Reads an application from the upstream itself. */
  read(
    options: ApplicationAddress & { signal: AbortSignal },
  ): Promise<LiveApplication>;
  /**
   * Has the upstream look again, and waits until it has, or until it is clear
   * that this takes longer: then it resolves with `done: false`, and the refresh
   * still happens.
   */
  refresh(
    options: ApplicationAddress & { hard: boolean; signal: AbortSignal },
  ): Promise<{ done: boolean }>;
  /** Asks for a sync. Resolves when the upstream has taken it on. */
  sync(
    options: ApplicationAddress & {
      command: SyncCommand;
      signal: AbortSignal;
    },
  ): Promise<void>;
  /** Ends the operation under way. Resolves when the upstream has taken it on. */
  terminate(
    options: ApplicationAddress & { signal: AbortSignal },
  ): Promise<void>;
  /** What the sync windows say. */
  syncWindows(
    options: ApplicationAddress & { now: string; signal: AbortSignal },
  ): Promise<SyncWindowVerdict>;
}

/**
 * What stood in the way of a command.
 *
 * - `operation-in-progress`: the application has an operation already.
 * - `no-operation`: it has none that could be ended.
 * - `conflict`: its state does not allow it, or somebody else wrote it just now.
 * - `blocked-by-sync-window`: a sync window forbids it now.
 * - `not-found`: it is not there, or it cannot be told from what is forbidden.
 * - `forbidden`: the portal's own account may not do it.
 * - `unauthenticated`: the portal's own credential is not accepted.
 * - `invalid`: the upstream does not understand the request.
 * - `unavailable`: no answer, or the upstream cannot answer now.
 * - `unexpected`: something else answered.
 *
 * @public
 */
export type UpstreamCommandErrorKind =
  | 'operation-in-progress'
  | 'no-operation'
  | 'conflict'
  | 'blocked-by-sync-window'
  | 'not-found'
  | 'forbidden'
  | 'unauthenticated'
  | 'invalid'
  | 'unavailable'
  | 'unexpected';

/**
 * A command failed. The message is a sentence for people, free of secrets and of
 * what the upstream says of its accounts.
 *
 * @public
 */
export class UpstreamCommandError extends CustomErrorBase {
  name = 'UpstreamCommandError' as const;

  readonly kind: UpstreamCommandErrorKind;

  /**
   * Whether the upstream may have taken the command on all the same: true when
   * the answer was lost, false when it said no.
   */
  readonly mayHaveHappened: boolean;

  constructor(options: {
    kind: UpstreamCommandErrorKind;
    message: string;
    mayHaveHappened: boolean;
    cause?: unknown;
  }) {
    super(options.message, options.cause);
    this.kind = options.kind;
    this.mayHaveHappened = options.mayHaveHappened;
  }
}

/**
 * Whether a value is an {@link UpstreamCommandError}, by name as errors are
 * compared across packages.
 *
 * @public
 */
export function isUpstreamCommandError(
  error: unknown,
): error is UpstreamCommandError {
  return error instanceof Error && error.name === 'UpstreamCommandError';
}
