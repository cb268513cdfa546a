import {
  ApplicationAddress,
  ApplicationCommands,
  LiveApplication,
  LiveOperation,
  LiveResource,
  ObservedApplication,
  OPERATION_INFO_ACTION,
  SyncCommand,
  SyncWindowVerdict,
  UpstreamCommandError,
  UpstreamCommandErrorKind,
} from '@slipway/plugin-delivery-node';
import { DateTime } from 'luxon';
import { formatTime } from '../domain/times';
import { application } from './applications';

/** What happens to the next command that changes something. */
export type Mishap =
  /** It is taken on, and the answer is lost. */
  | 'answer-lost'
  /** It is lost on its way. */
  | 'request-lost'
  /** It never gets there, and that is certain. */
  | 'unreachable';

/**
 * One application of an Argo CD, as far as acting on it is concerned, with a clock
 * of its own. Operations move on only when told to.
 */
export class FakeArgoCd implements ApplicationCommands {
  application: ObservedApplication;
  operation: LiveOperation | undefined;
  resources: LiveResource[] = [];
  syncOptions: string[] = [];
  windows: SyncWindowVerdict = { allowed: true, windows: [] };
  /** Set while it cannot be asked for anything. */
  fault: { kind: UpstreamCommandErrorKind; message: string } | undefined;
  /** What happens to the commands that come, one after the other. */
  mishaps: Mishap[] = [];
  /** What was taken on. */
  readonly syncs: SyncCommand[] = [];
  terminations = 0;
  refreshes = 0;
  reads = 0;
  /** What git has at the branch that is followed. */
  head: string[];
  now = DateTime.fromISO('2026-11-22T12:00:00.000Z', { zone: 'utc' });

  constructor(part: Parameters<typeof application>[0] = {}) {
    this.application = application(part);
    this.head = this.application.sync.revisions;
  }

  get time(): string {
    return formatTime(this.now);
  }

  tick(seconds: number): void {
    this.now = this.now.plus({ seconds });
  }

  /** How often an operation of this action was taken on. */
  syncsOf(actionId: string): number {
    return this.syncs.filter(
      ({ infos }) => infos[OPERATION_INFO_ACTION] === actionId,
    ).length;
  }

  get isUnderWay(): boolean {
    return this.operation !== undefined && !this.operation.over;
  }

  /** Somebody, or something, else begins an operation. */
  beginOther(options: { automated: boolean }): void {
    this.#begin({ dryRun: false, infos: {}, ...options });
  }

  /** The operation that is under way moves on: it begins, or it ends. */
  moveOn(options: { succeed?: boolean; message?: string } = {}): void {
    const { operation } = this;
    if (!operation || operation.over) {
      return;
    }
    if (operation.queued) {
      this.operation = { ...operation, queued: false, startedAt: this.time };
      this.#show('running');
      return;
    }
    const { succeed = true } = options;
    const ended = this.application.operation?.phase === 'terminating';
    const succeeded = succeed && !ended;
    this.operation = {
      ...operation,
      over: true,
      succeeded,
      finishedAt: this.time,
      revisions: this.head,
      message: ended
        ? 'Operation terminated'
        : options.message ??
          (succeeded ? 'successfully synced' : 'one resource failed'),
    };
    this.#show(succeeded ? 'succeeded' : 'failed');
    this.application = { ...this.application, verified: false };
    if (succeeded && !operation.dryRun) {
      this.application = {
        ...this.application,
        sync: { state: 'synced', revisions: this.head },
      };
      this.resources = this.resources.map(resource => ({
        ...resource,
        state: resource.requiresPruning ? resource.state : 'synced',
      }));
    }
  }

  /** Somebody commits: git asks for something else from the next look on. */
  push(revision: string): void {
    this.head = [revision];
  }

  /** It is deleted, and made again under the same name. */
  recreate(): void {
    this.operation = undefined;
    const { operation, ...others } = this.application;
    this.application = { ...others, uid: `${this.application.uid}-again` };
  }

  live(): LiveApplication {
    return structuredClone({
      application: this.application,
      syncOptions: this.syncOptions,
      resources: this.resources,
      ...(this.operation && { operation: this.operation }),
      observedAt: this.time,
    });
  }

  async read(
    options: ApplicationAddress & { signal: AbortSignal },
  ): Promise<LiveApplication> {
    options.signal.throwIfAborted();
    this.reads++;
    this.#answer();
    return this.live();
  }

  async refresh(
    options: ApplicationAddress & { hard: boolean; signal: AbortSignal },
  ): Promise<{ done: boolean }> {
    options.signal.throwIfAborted();
    this.#answer();
    this.refreshes++;
    this.look();
    return { done: true };
  }

  /** It looks at git and the cluster, as it also does by itself. */
  look(): void {
    const moved = this.head.join() !== this.application.sync.revisions.join();
    this.application = {
      ...this.application,
      verified: !this.isUnderWay,
      sync: moved
        ? { state: 'out-of-sync', revisions: this.head }
        : this.application.sync,
    };
  }

  async sync(
    options: ApplicationAddress & { command: SyncCommand; signal: AbortSignal },
  ): Promise<void> {
    options.signal.throwIfAborted();
    const { command } = options;
    const answer = this.#command(() => {
      if (this.isUnderWay) {
        this.#refuse('operation-in-progress', 'another operation is under way');
      }
      if (!this.windows.allowed) {
        this.#refuse('blocked-by-sync-window', 'blocked by sync window');
      }
      this.syncs.push(command);
      this.#begin({
        dryRun: command.dryRun,
        infos: command.infos,
        automated: false,
      });
    });
    answer();
  }

  async terminate(
    options: ApplicationAddress & { signal: AbortSignal },
  ): Promise<void> {
    options.signal.throwIfAborted();
    const answer = this.#command(() => {
      if (!this.isUnderWay || this.operation?.queued) {
        this.#refuse('no-operation', 'no operation is in progress');
      }
      this.terminations++;
      this.#show('terminating');
    });
    answer();
  }

  async syncWindows(
    options: ApplicationAddress & { now: string; signal: AbortSignal },
  ): Promise<SyncWindowVerdict> {
    options.signal.throwIfAborted();
    this.#answer();
    return this.windows;
  }

  #begin(options: {
    dryRun: boolean;
    infos: { [name: string]: string };
    automated: boolean;
  }): void {
    const { dryRun, infos, automated } = options;
    // Two operations never begin in the same moment.
    this.tick(1);
    this.operation = {
      queued: true,
      over: false,
      succeeded: false,
      retries: 0,
      dryRun,
      revisions: [],
      infos,
      outcomes: [],
    };
    this.#show('queued', automated);
  }

  #show(
    phase: NonNullable<ObservedApplication['operation']>['phase'],
    automated = this.application.operation?.automated ?? false,
  ): void {
    const { operation } = this;
    if (!operation) {
      return;
    }
    const { startedAt, finishedAt, message, infos } = operation;
    this.application = {
      ...this.application,
      operation: {
        phase,
        automated,
        dryRun: operation.dryRun,
        partial: false,
        revisions: operation.revisions,
        ...(startedAt !== undefined && { startedAt }),
        ...(finishedAt !== undefined && { finishedAt }),
        ...(message !== undefined && { message }),
        ...(!automated && { initiatedBy: 'slipway' }),
        ...(infos[OPERATION_INFO_ACTION] !== undefined && {
          actionId: infos[OPERATION_INFO_ACTION],
        }),
      },
    };
  }

  /** Takes a command on as the next mishap has it. */
  #command(takeOn: () => void): () => void {
    this.#answer();
    const mishap = this.mishaps.shift();
    switch (mishap) {
      case 'unreachable':
        return () =>
          this.#throw('unavailable', 'Argo CD cannot be reached.', false);
      case 'request-lost':
        return () =>
          this.#throw('unavailable', 'Argo CD did not answer.', true);
      case 'answer-lost':
        takeOn();
        return () =>
          this.#throw('unavailable', 'Argo CD did not answer.', true);
      case undefined:
        takeOn();
        return () => undefined;
      default:
        return mishap satisfies never;
    }
  }

  #answer(): void {
    if (this.fault) {
      this.#throw(this.fault.kind, this.fault.message, false);
    }
  }

  #refuse(kind: UpstreamCommandErrorKind, message: string): never {
    return this.#throw(kind, message, false);
  }

  #throw(
    kind: UpstreamCommandErrorKind,
    message: string,
    mayHaveHappened: boolean,
  ): never {
    throw new UpstreamCommandError({ kind, message, mayHaveHappened });
  }
}
