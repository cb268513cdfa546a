import { SandboxClock } from '../../clock';
import { chance, keyOf, timestamp } from '../../cluster';
import { GitPush, RepositoryReader } from '../../git/types';
import { jsonEquals } from '../../kustomize';
import { ManifestService } from '../sources/manifests';
import { sourcesOf } from '../sources/sourceList';
import { Target } from '../targets';
import { ArgoCdLog, ArgoCdSimulatorOptions } from '../types';
import { ArgoCdVersion } from '../version';
import {
  Application,
  ApplicationName,
  ApplicationStatus,
  Operation,
  REFRESH_ANNOTATION,
  RESOURCES_FINALIZER,
  SyncWindow,
} from '../wire';
import { Applications, nameOf, nameText } from './applications';
import { decideAutoSync, SELF_HEAL_SECONDS } from './autoSync';
import { ApplicationComparer } from './comparer';
import { Destinations } from './destinations';
import { emptyStatus, OperationRunner } from './operationRunner';
import { deployPast } from './past';
import { syncIsAllowed, windowsOf } from './syncWindows';
import { RefreshLevel, WorkQueue } from './workQueue';

/** Simulated seconds from a requested operation to its start (B6). */
const QUEUE_SECONDS = 0.3;
/** How long the loop works before it lets requests through. */
const SLICE_MILLISECONDS = 25;
/** Parts into which one poll interval is cut, so that load is spread. */
const POLL_PARTS = 12;

/** What {@link ApplicationController} needs. */
export interface ApplicationControllerOptions {
  readonly clock: SandboxClock;
  readonly repositories: RepositoryReader;
  readonly manifests: ManifestService;
  readonly applications: Applications;
  readonly destinations: Destinations;
  readonly version: ArgoCdVersion;
  readonly seed: number;
  readonly pollSeconds: number;
  readonly applicationHealth: boolean;
  readonly log: ArgoCdLog;
  readonly initialHistory?: ArgoCdSimulatorOptions['initialHistory'];
}

/**
 * Keeps the status of every application true and syncs those that want it.
 *
 * One queue, one worker: an application waits in the queue at most once, and
 * what is done about it depends on what is seen then, not on why it waits.
 */
export class ApplicationController {
  static create(options: ApplicationControllerOptions): ApplicationController {
    return new ApplicationController(options);
  }

  readonly #options: ApplicationControllerOptions;
  readonly #runner: OperationRunner;
  readonly #comparer: ApplicationComparer;
  readonly #queue = WorkQueue.create();
  readonly #refreshed = new Map<string, (() => void)[]>();
  readonly #healing = new Map<string, () => void>();
  readonly #cancel: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #working = false;
  #stopped = true;
  #paused = false;
  #starting = 0;
  #pollPart = 0;

  private constructor(options: ApplicationControllerOptions) {
    this.#options = options;
    this.#comparer = ApplicationComparer.create(options);
    this.#runner = OperationRunner.create({
      ...options,
      check: application => this.#comparer.check(application),
      isBlocked: application =>
        !this.#isInWindow(application, {
          manual: application.operation?.initiatedBy?.automated !== true,
        }),
      wake: name => this.enqueue(name, 'live'),
      onFinished: name => this.enqueue(name, 'normal'),
      removeApplication: name => this.remove(name),
    });
  }

  /** Nothing is queued, syncing or about to. */
  get isIdle(): boolean {
    return (
      this.#queue.size === 0 &&
      !this.#working &&
      !this.#runner.busy &&
      this.#starting === 0 &&
      this.#healing.size === 0
    );
  }

  /**
   * Starts to work: the queue, polling Git, listening to pushes. Applications
   * that are as they were when they were last looked at are left alone, so
   * that a restart takes no longer with thousands of them.
   */
  async start(): Promise<void> {
    const { repositories, applications } = this.#options;
    this.#stopped = false;
    this.#cancel.push(
      repositories.onPush(push => {
        this.#starting += 1;
        this.#afterPush(push)
          .catch(error => this.#options.log.warn(String(error)))
          .finally(() => {
            this.#starting -= 1;
          });
      }),
    );
    this.#schedulePoll();
    for (const application of applications.list()) {
      if (await this.#comparer.isAsItWas(application)) {
        this.#comparer.recallHealths(application);
      } else
        this.#queue.add(
          { name: nameOf(application), level: 'normal' },
          { urgent: false },
        );
    }
    this.#startWorking();
  }

  /** Looks at a repository's applications, those with changed files first. */
  async #afterPush(push: GitPush): Promise<void> {
    const { manifests, applications } = this.#options;
    const { repoUrl } = push;
    manifests.forgetRevisions(repoUrl);
    const changed = await manifests
      .changedFolders({ repoUrl, from: push.before, to: push.after })
      // A branch that is new or gone has nothing to be compared with.
      .catch(() => new Set<string>());
    for (const application of applications.list()) {
      const sources = sourcesOf(application.spec).filter(
        source => source.repoURL === repoUrl,
      );
      if (sources.length > 0) {
        this.#queue.add(
          { name: nameOf(application), level: 'normal' },
          { urgent: sources.some(({ path = '' }) => changed.has(path)) },
        );
      }
    }
    this.#startWorking();
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancel.splice(0)) cancel();
    for (const cancel of this.#healing.values()) cancel();
    this.#healing.clear();
    this.#runner.stop();
    this.#queue.clear();
  }

  /**
   * Looks at an application soon; the higher of two levels wins. Before those
   * that wait only because somebody pushed something.
   */
  enqueue(name: ApplicationName, level: RefreshLevel): void {
    this.#queue.add({ name, level }, { urgent: true });
    this.#startWorking();
  }

  /** Whether it stands still. */
  get isPaused(): boolean {
    return this.#paused;
  }

  /** Stands still, or goes on with what has come in meanwhile. */
  pause(paused: boolean): void {
    this.#paused = paused;
    this.#startWorking();
  }

  #startWorking(): void {
    if (!this.#working && !this.#stopped && !this.#paused) void this.#work();
  }

  /**
   * Refreshes an application by its annotation, as clients do, and resolves
   * when the annotation is gone.
   */
  async refresh(
    name: ApplicationName,
    level: 'normal' | 'hard',
  ): Promise<void> {
    const { applications, manifests } = this.#options;
    const application = applications.get(name);
    for (const { repoURL } of sourcesOf(application.spec)) {
      manifests.forgetRevisions(repoURL);
    }
    applications.put({
      ...application,
      metadata: {
        ...application.metadata,
        annotations: {
          ...application.metadata.annotations,
          [REFRESH_ANNOTATION]: level,
        },
      },
    });
    const id = nameText(name);
    await new Promise<void>(resolve => {
      this.#refreshed.set(id, [...(this.#refreshed.get(id) ?? []), resolve]);
      this.enqueue(name, level);
    });
  }

  /** Puts an operation on an application; it starts a moment later. */
  requestOperation(name: ApplicationName, operation: Operation): Application {
    const { applications, clock } = this.#options;
    const application = applications.get(name);
    const written = applications.put({
      ...application,
      operation,
      status: application.status && {
        ...application.status,
        operationState: undefined,
      },
    });
    this.#starting += 1;
    clock.schedule(QUEUE_SECONDS, () => {
      this.#starting -= 1;
      this.enqueue(name, 'live');
    });
    return written;
  }

  /** Marks the operation of an application as one to end. */
  terminateOperation(name: ApplicationName): void {
    const { applications, clock } = this.#options;
    const application = applications.get(name);
    const status = application.status ?? emptyStatus(application);
    applications.put({
      ...application,
      status: {
        ...status,
        operationState: {
          startedAt: timestamp(clock.now()),
          ...status.operationState,
          operation: application.operation ?? { sync: {} },
          phase: 'Terminating',
          message: 'operation is terminating.',
        },
      },
    });
    this.enqueue(name, 'live');
  }

  /** Lets the next sync of an application fail. */
  failNextSync(name: ApplicationName, message: string): void {
    this.#runner.failNext(name, message);
  }

  /** Deletes an application, with its resources when it has the finalizer. */
  remove(name: ApplicationName): void {
    const { applications, destinations, clock } = this.#options;
    const application = applications.get(name);
    const cascade = (application.metadata.finalizers ?? []).some(finalizer =>
      finalizer.startsWith(RESOURCES_FINALIZER),
    );
    if (cascade) {
      applications.put({
        ...application,
        metadata: {
          ...application.metadata,
          deletionTimestamp: timestamp(clock.now()),
        },
      });
      for (const {
        name: cluster,
        cluster: simulated,
      } of destinations.clusters) {
        for (const live of destinations.managedBy(cluster, name)) {
          const isChild =
            live.kind === 'Application' && cluster === 'in-cluster';
          if (isChild) this.remove(nameOf(live as Application));
          else simulated.remove(keyOf(live));
        }
      }
    }
    const id = nameText(name);
    applications.healths.delete(id);
    this.#healing.get(id)?.();
    this.#healing.delete(id);
    applications.cluster.remove(keyOf(application));
  }

  /** Resolves when everything that is queued has been looked at. */
  async drained(): Promise<void> {
    while (this.#queue.size > 0 || this.#working) {
      await new Promise<void>(resolve => {
        this.#idle.push(resolve);
      });
    }
  }

  /** Resolves when nothing is under way, in the clusters neither. */
  async settled(): Promise<void> {
    const { destinations } = this.#options;
    const busy = () =>
      !this.isIdle || destinations.clusters.some(({ cluster }) => cluster.busy);
    while (busy()) {
      await new Promise<void>(resolve => {
        this.#idle.push(resolve);
        setTimeout(resolve, 10);
      });
    }
  }

  /**
   * Deploys everything at once as if that had happened long ago: applications
   * with the history they are given, or with one deployment.
   */
  async bootstrapPast(): Promise<void> {
    const { applications } = this.#options;
    const done = new Set<string>();
    for (;;) {
      const next = applications
        .list()
        .filter(application => !done.has(nameText(nameOf(application))));
      if (next.length === 0) break;
      for (const application of next) {
        const name = nameOf(application);
        done.add(nameText(name));
        await deployPast({ ...this.#options, comparer: this.#comparer, name });
      }
      await pause();
    }
    this.#queue.clear();
    for (const application of applications.list()) {
      await this.#compareAndWrite(nameOf(application), 'normal');
    }
  }

  #schedulePoll(): void {
    const { clock, pollSeconds, applications, manifests, seed } = this.#options;
    const cancel = clock.schedule(pollSeconds / POLL_PARTS, () => {
      if (this.#stopped) return;
      const part = this.#pollPart;
      this.#pollPart = (part + 1) % POLL_PARTS;
      manifests.forgetRevisions();
      for (const application of applications.list()) {
        const name = nameOf(application);
        const own = Math.floor(chance(seed, nameText(name)) * POLL_PARTS);
        if (own === part) {
          this.#queue.add({ name, level: 'normal' }, { urgent: false });
        }
      }
      this.#startWorking();
      this.#cancel.splice(this.#cancel.indexOf(cancel), 1);
      this.#schedulePoll();
    });
    this.#cancel.push(cancel);
  }

  async #work(): Promise<void> {
    this.#working = true;
    let slice = performance.now();
    try {
      // What is queued together is looked at together, after the caller.
      await pause();
      for (;;) {
        const item =
          this.#stopped || this.#paused ? undefined : this.#queue.take();
        if (!item) break;
        const { name, level } = item;
        await this.#process(name, level);
        for (const resolve of this.#takeRefreshed(nameText(name), level)) {
          resolve();
        }
        if (performance.now() - slice > SLICE_MILLISECONDS) {
          await pause();
          slice = performance.now();
        }
      }
    } finally {
      this.#working = false;
      for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  #takeRefreshed(id: string, level: RefreshLevel): (() => void)[] {
    if (level === 'live') return [];
    const waiting = this.#refreshed.get(id) ?? [];
    this.#refreshed.delete(id);
    return waiting;
  }

  async #process(name: ApplicationName, level: RefreshLevel): Promise<void> {
    try {
      const application = this.#options.applications.find(name);
      if (!application) return;
      if (application.operation) await this.#runner.advance(name);
      await this.#compareAndWrite(name, level);
    } catch (error) {
      this.#options.log.warn(`${nameText(name)}: ${String(error)}`);
    }
  }

  async #compareAndWrite(
    name: ApplicationName,
    level: RefreshLevel,
  ): Promise<void> {
    const { applications } = this.#options;
    const before = applications.find(name);
    if (!before) return;
    const compared = await this.#comparer.compare(before, level);
    // Something else may have been written while manifests were read.
    const application = applications.find(name);
    if (!application || application.metadata.uid !== before.metadata.uid)
      return;
    const status = {
      ...compared.status,
      history: application.status?.history,
      operationState: application.status?.operationState,
    };
    const decision = this.#stopped
      ? ({ action: 'none' } as const)
      : decideAutoSync({ application, status, targets: compared.targets });
    const final =
      decision.action === 'refuse'
        ? this.#comparer.withCondition(
            status,
            application,
            'SyncError',
            decision.message,
          )
        : status;
    this.#write(application, final, level);
    const id = nameText(name);
    if (decision.action !== 'heal') {
      this.#healing.get(id)?.();
      this.#healing.delete(id);
    }
    if (decision.action !== 'sync' && decision.action !== 'heal') return;
    if (!this.#isInWindow(application, { manual: false })) return;
    if (decision.action === 'sync') {
      this.requestOperation(name, decision.operation);
    } else if (!this.#healing.has(id)) {
      const cancel = this.#options.clock.schedule(SELF_HEAL_SECONDS, () => {
        this.#healing.delete(id);
        const present = applications.find(name);
        const again =
          present?.status &&
          decideAutoSync({
            application: present,
            status: present.status,
            targets: compared.targets,
          });
        if (
          present &&
          again?.action === 'heal' &&
          this.#isInWindow(present, { manual: false })
        ) {
          this.requestOperation(name, again.operation);
        }
      });
      this.#healing.set(id, cancel);
    }
  }

  /** What Git wants of an application at the commit it was compared with. */
  targetsOf(name: ApplicationName): Promise<readonly Target[]> {
    return this.#comparer.targetsOf(name);
  }

  /** The sync windows of the project that apply to an application. */
  windowsFor(application: Application): SyncWindow[] {
    const checked = this.#comparer.check(application);
    // Nothing that is invalid is synced anyway.
    return 'violations' in checked
      ? []
      : windowsOf({ application, ...checked });
  }

  #isInWindow(application: Application, options: { manual: boolean }): boolean {
    const windows = this.windowsFor(application);
    const now = this.#options.clock.now();
    return syncIsAllowed({ windows, now, ...options });
  }

  /** Writes a status when anything in it changed, or was asked to be new. */
  #write(
    application: Application,
    status: ApplicationStatus,
    level: RefreshLevel,
  ): void {
    const { applications, clock } = this.#options;
    const annotated =
      application.metadata.annotations?.[REFRESH_ANNOTATION] !== undefined &&
      level !== 'live';
    const { reconciledAt: before, ...left } = application.status ?? {};
    const { reconciledAt: _, ...right } = status;
    const changed = !jsonEquals(left, right);
    if (!changed && !annotated && level === 'live' && before) return;
    const { [REFRESH_ANNOTATION]: __, ...annotations } =
      application.metadata.annotations ?? {};
    applications.put({
      ...application,
      metadata: annotated
        ? { ...application.metadata, annotations }
        : application.metadata,
      status: ordered({ ...right, reconciledAt: timestamp(clock.now()) }),
    });
  }
}

/** The same keys in the same order, so that equal statuses are equal text. */
function ordered(status: ApplicationStatus): ApplicationStatus {
  return Object.fromEntries(
    Object.entries(status)
      .filter(([, value]) => value !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  ) as ApplicationStatus;
}

function pause(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
