import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { Commit } from '@slipway/plugin-delivery-common';
import {
  ApplicationId,
  ObservedApplication,
  stringifyApplicationId,
  UNREADABLE_CONDITION,
} from '@slipway/plugin-delivery-node';
import {
  ExponentialBackoff,
  halfJitterGenerator,
  handleWhen,
  IPolicy,
  retry,
} from 'cockatiel';
import { DateTime } from 'luxon';
import { ApplicationAddress } from '../argocd/applicationQuery';
import { ApplicationEvent, ArgoCdClient } from '../argocd/ArgoCdClient';
import { isArgoCdError, isCredentialRefusal } from '../argocd/ArgoCdError';
import {
  applicationIdentitySchema,
  applicationSchema,
  WireApplication,
} from '../argocd/wire';
import {
  ApplicationSummary,
  InstanceContext,
  toApplicationSummary,
} from '../domain/applicationSummary';
import { detailFingerprint, storedFingerprint } from '../domain/fingerprint';
import { toHistory } from '../domain/history';
import {
  differsFromList,
  listCarriesRevisions,
} from '../domain/listDifference';
import { Movement, movementOf, secondsToNextLook } from '../domain/moving';
import { applyCommit, applySummary } from '../domain/observedApplication';
import { sameContent } from '../domain/sameContent';
import { isVerified } from '../domain/verified';
import { toWorkloads, WorkloadKind, WORKLOAD_KINDS } from '../domain/workloads';
import { revisionsInUse } from '../domain/revisionsInUse';
import { CommitReader } from './CommitReader';
import { FollowerLimits } from './limits';
import { DetailAnswer, readDetails } from './readDetails';
import { SinkWriter } from './SinkWriter';
import { WorkQueue } from './WorkQueue';

/**
 * Replica counts that did not change keep the time they were first read at for
 * so long, in seconds, so that looking again at what stands still is no change.
 */
const OBSERVED_AT_STEP = 60;

/**
 * Failures of single reads that one connection warns of. A server that fails for
 * ten thousand applications says nothing new with each of them.
 */
const LOGGED_FAILURES = 5;

/** What is remembered of an application between two things heard of it. */
type Entry = {
  readonly id: ApplicationId;
  /** As it was last handed to the sink; absent until something was read. */
  observed?: ObservedApplication;
  /** Its project, where only a list told of it. */
  listedProject?: string;
  newestHistoryId?: number;
  /** What the summary comes to, and what the details belong to. */
  fingerprint?: string;
  readFingerprint?: string;
  /** How many summaries were taken in, and how many of them mattered. */
  events: number;
  changes: number;
  /** When it was last on the stream, on the monotonic clock. */
  seenAt: number;
  /** What is to be read the next time its turn comes. */
  wanted: Movement;
  kinds?: WorkloadKind[];
  /** Looks at it since it last changed, and the timer of the next one. */
  looks: number;
  timer?: ReturnType<typeof setTimeout>;
};

/** What {@link ApplicationTracker.create} takes. */
export type ApplicationTrackerOptions = {
  client: ArgoCdClient;
  context: InstanceContext;
  writer: SinkWriter;
  limits: FollowerLimits;
  /** Requests under way at once. */
  concurrency: number;
  logger: LoggerService;
  known: readonly ObservedApplication[];
};

/**
 * Knows every application of an instance and decides what has to be read.
 *
 * The stream says that something happened; what it says is handed on at once.
 * Where that can have changed history or workloads, the application is read.
 * What the stream does not tell of (replicas that come up, Argo CD looking
 * again) is watched for as long as an application moves.
 */
export class ApplicationTracker {
  static create(options: ApplicationTrackerOptions): ApplicationTracker {
    return new ApplicationTracker(options);
  }

  readonly #client: ArgoCdClient;
  readonly #context: InstanceContext;
  readonly #writer: SinkWriter;
  readonly #limits: FollowerLimits;
  readonly #logger: LoggerService;
  readonly #retry: IPolicy;
  readonly #queue: WorkQueue;
  readonly #commits: CommitReader;
  readonly #entries = new Map<string, Entry>();
  /** Applications whose deletion was on the stream, and when. */
  readonly #deleted = new Map<string, number>();
  /** Applications that wait for a commit, by repository and sha. */
  readonly #awaiting = new Map<string, Set<string>>();
  /** Applications that were reported as unreadable. */
  readonly #unreadable = new Set<string>();
  /** Applications of before this connection that it has not told of yet. */
  readonly #unconfirmed = new Set<string>();
  #listTaken = false;
  #failures = 0;
  #session:
    | { signal: AbortSignal; since: number; fail(error: unknown): void }
    | undefined;

  private constructor(options: ApplicationTrackerOptions) {
    this.#client = options.client;
    this.#context = options.context;
    this.#writer = options.writer;
    this.#limits = options.limits;
    this.#logger = options.logger;
    this.#retry = retry(
      handleWhen(error => isArgoCdError(error) && error.retryable),
      {
        maxAttempts: options.limits.retry.attempts,
        backoff: new ExponentialBackoff({
          initialDelay: options.limits.retry.first,
          maxDelay: options.limits.retry.longest,
          generator: halfJitterGenerator,
        }),
      },
    );
    this.#queue = WorkQueue.create({
      // One of the allowed requests is the commit reader's.
      concurrency: Math.max(1, options.concurrency - 1),
      work: key => this.#read(key),
    });
    this.#commits = CommitReader.create({
      read: request => {
        const signal = this.#session?.signal ?? AbortSignal.abort();
        return this.#retry.execute(
          () =>
            this.#client.revisionMetadata({
              ...request.address,
              revision: request.revision,
              sourceIndex: request.sourceIndex,
              signal,
            }),
          signal,
        );
      },
      onCommit: (commit, repoUrl) => this.#onCommit(commit, repoUrl),
      onFailure: (error, request) =>
        this.#onReadFailure(error, `commit ${request.revision}`),
      capacity: options.limits.commitCache,
      retryAfter: options.limits.commitRetry,
    });
    for (const application of options.known) {
      this.#seed(application);
    }
  }

  /** How many applications are known. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * A connection begins. Requests are made with its signal; `fail` is called
   * when one of them shows that the connection is of no use.
   */
  beginSession(session: {
    signal: AbortSignal;
    fail(error: unknown): void;
  }): void {
    this.#session = { ...session, since: performance.now() };
    this.#failures = 0;
    this.#listTaken = false;
    this.#unconfirmed.clear();
    for (const key of this.#entries.keys()) {
      this.#unconfirmed.add(key);
    }
  }

  /**
   * Whether this connection has told of everything that is known: each
   * application of before has been on the stream, or a whole list was taken in.
   * Until then, what is known is what was known before, and may be long over.
   */
  get isConfirmed(): boolean {
    return (
      this.#listTaken ||
      (this.#entries.size > 0 && this.#unconfirmed.size === 0)
    );
  }

  /** The connection is over: nothing more is asked. */
  endSession(): void {
    this.#session = undefined;
    this.#queue.clear();
    this.#commits.clear();
    for (const entry of this.#entries.values()) {
      this.#rest(entry);
    }
  }

  /** Takes in an event of the stream. */
  onEvent(event: ApplicationEvent): void {
    const id = this.#identify(event.application);
    if (!id) {
      return;
    }
    const key = stringifyApplicationId(id);
    switch (event.type) {
      case 'DELETED':
        // It carries the last state, which may well say Healthy.
        this.#deleted.set(key, performance.now());
        this.#forget(key);
        this.#writer.remove(id);
        return;
      case 'ADDED':
      case 'MODIFIED':
        break;
      default:
        return;
    }
    this.#deleted.delete(key);
    const entry = this.#entry(key, id);
    // It exists, whether or not it can be read.
    entry.seenAt = performance.now();
    this.#unconfirmed.delete(key);
    const application = this.#parse(key, event.application);
    if (application) {
      this.#takeSummary(
        key,
        entry,
        toApplicationSummary(application, this.#context),
      );
    } else if (entry.observed) {
      this.#publish(key, entry, unreadable(entry.observed));
    }
  }

  /**
   * Takes in a list of all applications: what it lacks is gone, unless it was on
   * the stream so recently that the list may be older; what it shows otherwise
   * than it is known is read.
   *
   * Resolves when the sink knows what is left.
   *
   * @returns whether the list carries revisions, so that a difference in them
   * would have been noticed
   */
  async onList(options: {
    items: readonly unknown[];
    /** When the list was asked for, on the monotonic clock. */
    askedAt: number;
    /** It is the first one of this connection. */
    first: boolean;
  }): Promise<{ carriesRevisions: boolean }> {
    const recently = options.askedAt - this.#limits.seenRecently;
    const listed: WireApplication[] = [];
    const retained = new Set<string>();
    for (const item of options.items) {
      const id = this.#identify(item);
      const key = id && stringifyApplicationId(id);
      if (!key || (this.#deleted.get(key) ?? -Infinity) >= recently) {
        // Another replica of Argo CD may not know of the deletion yet.
        continue;
      }
      retained.add(key);
      const application = this.#parse(key, item);
      if (application) {
        listed.push(application);
        this.#compareWithList(key, this.#entry(key, id), application);
      }
    }
    const since = options.first
      ? Math.min(recently, this.#session?.since ?? recently)
      : recently;
    for (const [key, entry] of this.#entries) {
      if (entry.seenAt >= since) {
        retained.add(key);
      }
      if (!retained.has(key)) {
        this.#forget(key);
      }
    }
    for (const [key, deletedAt] of this.#deleted) {
      if (deletedAt < recently) {
        this.#deleted.delete(key);
      }
    }
    await this.#writer.retainOnly(
      [...this.#entries].flatMap(([key, entry]) =>
        retained.has(key) ? [entry.id] : [],
      ),
    );
    this.#listTaken = true;
    return {
      carriesRevisions: listed.length === 0 || listCarriesRevisions(listed),
    };
  }

  #seed(application: ObservedApplication): void {
    const entry = this.#entry(
      stringifyApplicationId(application.id),
      application.id,
    );
    entry.observed = application;
    entry.newestHistoryId = application.history.at(-1)?.id;
    entry.fingerprint = storedFingerprint(application);
    entry.readFingerprint = entry.fingerprint;
    entry.kinds = kindsOf(application);
    for (const { revision, source } of revisionsInUse(application)) {
      const commit = application.commits[revision];
      if (commit) {
        this.#commits.remember(commit, source.repoUrl);
      }
    }
  }

  #entry(key: string, id: ApplicationId): Entry {
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = {
        id,
        events: 0,
        changes: 0,
        seenAt: -Infinity,
        wanted: { object: false, workloads: false },
        looks: 0,
      };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  #forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) {
      this.#rest(entry);
      this.#entries.delete(key);
    }
    this.#unreadable.delete(key);
    this.#unconfirmed.delete(key);
  }

  #identify(item: unknown): ApplicationId | undefined {
    const identity = applicationIdentitySchema.safeParse(item);
    if (!identity.success) {
      this.#reportUnreadable('', 'An application without a name');
      return undefined;
    }
    const { name, namespace = '' } = identity.data.metadata;
    return { instance: this.#context.instance, namespace, name };
  }

  /** One unreadable application must not lose the others. */
  #parse(key: string, item: unknown): WireApplication | undefined {
    const result = applicationSchema.safeParse(item);
    if (!result.success) {
      const at = result.error.issues[0]?.path.join('.');
      this.#reportUnreadable(key, `Application ${key} (at '${at}')`);
      return undefined;
    }
    this.#unreadable.delete(key);
    return result.data;
  }

  #reportUnreadable(key: string, what: string): void {
    if (!this.#unreadable.has(key)) {
      this.#unreadable.add(key);
      this.#logger.warn(
        `${what} cannot be read and is skipped; what was last known of it stays`,
      );
    }
  }

  #takeSummary(key: string, entry: Entry, summary: ApplicationSummary): void {
    const isNew = entry.observed === undefined;
    const changed = this.#takeFingerprint(entry, summary);
    entry.events += 1;
    const outdated = entry.fingerprint !== entry.readFingerprint;
    this.#publish(
      key,
      entry,
      applySummary({ previous: entry.observed, summary, outdated }),
    );
    if (outdated && (changed || !this.#queue.has(key))) {
      this.#request(key, entry, { object: true, workloads: true }, !isNew);
    } else if (!outdated) {
      this.#watch(key, entry);
    }
  }

  /** @returns whether it is another one than before */
  #takeFingerprint(entry: Entry, summary: ApplicationSummary): boolean {
    entry.newestHistoryId = summary.newestHistoryId ?? entry.newestHistoryId;
    const fingerprint = detailFingerprint({
      ...summary,
      newestHistoryId: entry.newestHistoryId,
    });
    if (fingerprint === entry.fingerprint) {
      return false;
    }
    entry.fingerprint = fingerprint;
    entry.changes += 1;
    entry.looks = 0;
    return true;
  }

  #compareWithList(key: string, entry: Entry, listed: WireApplication): void {
    const isOutdated = entry.readFingerprint !== entry.fingerprint;
    entry.listedProject = listed.spec?.project;
    if (!entry.observed || differsFromList(entry.observed, listed)) {
      this.#request(key, entry, { object: true, workloads: true }, true);
    } else if (isOutdated && !this.#queue.has(key)) {
      this.#request(key, entry, { object: true, workloads: true }, false);
    } else {
      // Asks again for a commit that could not be read.
      this.#publish(key, entry, entry.observed);
    }
  }

  #request(key: string, entry: Entry, what: Movement, urgent: boolean): void {
    entry.wanted = {
      object: entry.wanted.object || what.object,
      workloads: entry.wanted.workloads || what.workloads,
    };
    this.#queue.add(key, { urgent });
  }

  async #read(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    const session = this.#session;
    if (!entry || !session) {
      return;
    }
    const what = entry.wanted;
    const { events, changes } = entry;
    entry.wanted = { object: false, workloads: false };
    try {
      const answer = await readDetails({
        client: this.#client,
        address: addressOf(entry),
        what,
        kinds: entry.kinds,
        retry: this.#retry,
        signal: session.signal,
      });
      if (this.#entries.get(key) === entry && !session.signal.aborted) {
        this.#takeDetails(key, entry, answer, { events, changes });
      }
    } catch (error) {
      this.#onReadFailure(error, `application ${key}`);
    }
    const outdated = entry.readFingerprint !== entry.fingerprint;
    if (session.signal.aborted && this.#session && outdated) {
      // It outlived its connection, and kept the next one from asking.
      this.#request(key, entry, { object: true, workloads: true }, false);
    }
  }

  /**
   * Takes in what was read. Nothing in it may undo what the stream said since
   * the reading began: then the summary stays, and if that was a change that
   * matters, the details count as outdated (and are being read again).
   */
  #takeDetails(
    key: string,
    entry: Entry,
    answer: DetailAnswer,
    before: { events: number; changes: number },
  ): void {
    const { application, resources } = answer;
    let observed = entry.observed;
    const unchanged = entry.changes === before.changes;
    if (application) {
      const summary = toApplicationSummary(application, this.#context);
      if (!observed || entry.events === before.events) {
        this.#takeFingerprint(entry, summary);
        observed = applySummary({
          previous: observed,
          summary,
          outdated: false,
        });
      } else {
        observed = {
          ...observed,
          appOfApps: observed.appOfApps || summary.appOfApps,
          verified: isVerified({
            operation: observed.operation,
            reconciledAt: summary.reconciledAt,
          }),
        };
      }
      observed = { ...observed, history: toHistory(application) };
    }
    if (!observed) {
      return;
    }
    entry.kinds = answer.kinds;
    if (application && resources && unchanged) {
      entry.readFingerprint = entry.fingerprint;
    }
    const outdated = entry.readFingerprint !== entry.fingerprint;
    if (resources) {
      const workloads = toWorkloads(resources);
      observed = {
        ...observed,
        workloads,
        workloadsObservedAt: observedAt({
          previous: observed,
          workloads,
          now: DateTime.utc(),
        }),
      };
    }
    if (outdated) {
      observed = { ...observed, workloadsObservedAt: undefined };
    }
    this.#publish(key, entry, observed);
    if (outdated && unchanged) {
      this.#request(key, entry, { object: true, workloads: true }, true);
    } else {
      this.#watch(key, entry);
    }
  }

  #publish(key: string, entry: Entry, next: ObservedApplication): void {
    const complete = this.#addCommits(key, next);
    if (!sameContent(entry.observed, complete)) {
      this.#writer.upsert(complete);
    }
    entry.observed = complete;
  }

  /** Adds the commits that are known, and asks for the others. */
  #addCommits(
    key: string,
    application: ObservedApplication,
  ): ObservedApplication {
    let result = application;
    const { sources, id, project } = application;
    for (const { revision, source, index } of revisionsInUse(application)) {
      if (!result.commits[revision]) {
        const commit = this.#commits.get({
          source,
          revision,
          sourceIndex: sources.length > 1 ? index : undefined,
          address: { name: id.name, namespace: id.namespace, project },
        });
        if (commit) {
          result = applyCommit(result, commit);
        } else {
          this.#await(`${source.repoUrl} ${revision}`, key);
        }
      }
    }
    return result;
  }

  #await(commit: string, key: string): void {
    const waiting = this.#awaiting.get(commit) ?? new Set<string>();
    this.#awaiting.set(commit, waiting.add(key));
  }

  #onCommit(commit: Commit, repoUrl: string): void {
    const awaited = `${repoUrl} ${commit.sha}`;
    const waiting = this.#awaiting.get(awaited) ?? [];
    this.#awaiting.delete(awaited);
    for (const key of waiting) {
      const entry = this.#entries.get(key);
      if (entry?.observed) {
        this.#publish(key, entry, applyCommit(entry.observed, commit));
      }
    }
  }

  #watch(key: string, entry: Entry): void {
    const movement = entry.observed && movementOf(entry.observed);
    if (!movement) {
      this.#rest(entry);
      return;
    }
    const seconds = secondsToNextLook(entry.looks);
    if (entry.timer || !this.#session || seconds === undefined) {
      return;
    }
    entry.timer = setTimeout(() => {
      entry.timer = undefined;
      entry.looks += 1;
      this.#request(key, entry, movement, false);
    }, seconds * this.#limits.movement);
  }

  #rest(entry: Entry): void {
    clearTimeout(entry.timer);
    entry.timer = undefined;
  }

  /** @returns whether it was the fault of what was read */
  #onReadFailure(error: unknown, what: string): boolean {
    const session = this.#session;
    if (!session || session.signal.aborted) {
      return false;
    }
    if (isCredentialRefusal(error)) {
      session.fail(error);
      return false;
    }
    const message = `Could not read ${what}; it is tried again with the next change or list`;
    if (!isArgoCdError(error)) {
      this.#logger.error(message, toError(error));
    } else if (this.#failures < LOGGED_FAILURES) {
      this.#logger.warn(`${message}: ${error.message}`);
    } else {
      this.#logger.debug(`${message}: ${error.message}`);
    }
    this.#failures += 1;
    return true;
  }
}

/** What was last seen of an application, marked as no longer to be trusted. */
function unreadable(application: ObservedApplication): ObservedApplication {
  return {
    ...application,
    conditions: [
      ...application.conditions.filter(
        ({ type }) => type !== UNREADABLE_CONDITION,
      ),
      {
        type: UNREADABLE_CONDITION,
        severity: 'error',
        message:
          'What Argo CD sends of this application cannot be read; this is what was last seen of it.',
      },
    ],
  };
}

function addressOf(entry: Entry): ApplicationAddress {
  return {
    name: entry.id.name,
    namespace: entry.id.namespace,
    project: entry.observed?.project ?? entry.listedProject,
  };
}

/** The kinds of the workloads that are stored; unknown while none were read. */
function kindsOf(application: ObservedApplication): WorkloadKind[] | undefined {
  return (
    application.workloads &&
    WORKLOAD_KINDS.filter(({ group, kind }) =>
      application.workloads?.some(
        workload => workload.group === group && workload.kind === kind,
      ),
    )
  );
}

function observedAt(options: {
  previous: ObservedApplication;
  workloads: ObservedApplication['workloads'];
  now: DateTime;
}): string {
  const { previous, workloads, now } = options;
  const before = previous.workloadsObservedAt;
  const stillTrue =
    before !== undefined &&
    now.diff(DateTime.fromISO(before)).as('seconds') < OBSERVED_AT_STEP &&
    sameContent(previous.workloads, workloads);
  return stillTrue ? before : now.toUTC().toISO() ?? now.toString();
}
