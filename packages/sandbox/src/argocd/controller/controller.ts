import { SandboxClock } from '../../clock';
import { chance, keyOf, timestamp } from '../../cluster';
import { RepositoryReader } from '../../git/types';
import { compare } from '../compare';
import { ManifestService } from '../sources/manifests';
import { Target, toTargets } from '../targets';
import { ArgoCdLog, ArgoCdPastDeployment } from '../types';
import { ArgoCdVersion } from '../version';
import {
  Application,
  ApplicationName,
  ApplicationStatus,
  Condition,
  CONTROL_NAMESPACE,
  Operation,
  REFRESH_ANNOTATION,
  RESOURCES_FINALIZER,
} from '../wire';
import { Applications, nameOf, nameText } from './applications';
import { decideAutoSync, SELF_HEAL_SECONDS } from './autoSync';
import { Destinations, RegisteredCluster } from './destinations';
import { appendHistory } from './history';
import { emptyStatus, OperationRunner } from './operationRunner';
import { syncIsAllowed, windowsOf } from './syncWindows';
import { projectViolations } from './validation';

/** How much of a comparison is done anew. */
export type RefreshLevel = 'live' | 'normal' | 'hard';

const LEVELS: readonly RefreshLevel[] = ['live', 'normal', 'hard'];

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
  readonly initialHistory?: (
    name: ApplicationName,
  ) => readonly ArgoCdPastDeployment[] | undefined;
}

interface Compared {
  readonly status: ApplicationStatus;
  readonly targets: number;
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
  readonly #queue = new Map<
    string,
    { name: ApplicationName; level: RefreshLevel }
  >();
  readonly #refreshed = new Map<string, (() => void)[]>();
  readonly #healing = new Map<string, () => void>();
  readonly #targets = new Map<
    string,
    { objects: unknown; namespace: unknown; targets: Target[] }
  >();
  readonly #cancel: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #working = false;
  #stopped = true;
  #starting = 0;
  #pollPart = 0;

  private constructor(options: ApplicationControllerOptions) {
    this.#options = options;
    this.#runner = OperationRunner.create({
      ...options,
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

  /** Starts to work: the queue, polling Git, listening to pushes. */
  start(): void {
    const { repositories, manifests, applications } = this.#options;
    this.#stopped = false;
    this.#cancel.push(
      repositories.onPush(({ repoUrl }) => {
        manifests.forgetRevisions(repoUrl);
        for (const application of applications.list()) {
          if (application.spec.source?.repoURL === repoUrl) {
            this.enqueue(nameOf(application), 'normal');
          }
        }
      }),
    );
    this.#schedulePoll();
    for (const application of applications.list()) {
      this.enqueue(nameOf(application), 'normal');
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancel.splice(0)) cancel();
    for (const cancel of this.#healing.values()) cancel();
    this.#healing.clear();
    this.#runner.stop();
    this.#queue.clear();
  }

  /** Looks at an application soon; the higher of two levels wins. */
  enqueue(name: ApplicationName, level: RefreshLevel): void {
    const id = nameText(name);
    const waiting = this.#queue.get(id);
    if (!waiting || LEVELS.indexOf(level) > LEVELS.indexOf(waiting.level)) {
      this.#queue.set(id, { name, level });
    }
    if (!this.#working && !this.#stopped) void this.#work();
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
    const repoUrl = application.spec.source?.repoURL;
    if (repoUrl) manifests.forgetRevisions(repoUrl);
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
        await this.#deployPast(name);
      }
      await pause();
    }
    this.#queue.clear();
    for (const application of applications.list()) {
      await this.#compareAndWrite(nameOf(application), 'normal');
    }
  }

  async #deployPast(name: ApplicationName): Promise<void> {
    const { applications, destinations, manifests, clock } = this.#options;
    const application = applications.get(name);
    const { spec } = application;
    const { source } = spec;
    if (!source) return;
    try {
      const cluster = destinations.resolve(spec.destination);
      const head = await manifests.resolve(source);
      const past = this.#options.initialHistory?.(name) ?? [];
      const newest = past[past.length - 1];
      const commit = newest
        ? await manifests.resolve(source, newest.revision).catch(() => head)
        : head;
      const rendered = await manifests
        .render({ source, commit })
        .catch(() => manifests.render({ source, commit: head }));
      const targets = this.#targetsOf(
        name,
        spec.destination.namespace,
        rendered.objects,
      );
      cluster.cluster.instantly(() => {
        for (const target of targets) {
          if (!target.hook) cluster.cluster.apply(target.manifest);
        }
      });
      const now = timestamp(clock.now());
      const entries: readonly ArgoCdPastDeployment[] =
        past.length > 0 ? past : [{ revision: head, deployedAt: now }];
      const history = entries.reduce<NonNullable<ApplicationStatus['history']>>(
        (list, entry) =>
          appendHistory({
            history: list,
            spec,
            entry: {
              revision: entry.revision,
              source,
              deployStartedAt:
                entry.deployStartedAt ?? earlier(entry.deployedAt),
              deployedAt: entry.deployedAt,
              initiatedBy: entry.username
                ? { username: entry.username }
                : { automated: true },
            },
          }),
        [],
      );
      const last = entries[entries.length - 1];
      const present = applications.get(name);
      applications.put({
        ...present,
        status: {
          ...(present.status ?? emptyStatus(present)),
          // Well since then: the comparison that follows keeps it, or says
          // from when on it is not.
          health: { status: 'Healthy', lastTransitionTime: last.deployedAt },
          history,
          operationState: {
            operation: {
              sync: { revision: last.revision },
              initiatedBy: last.username
                ? { username: last.username }
                : { automated: true },
            },
            phase: 'Succeeded',
            message: 'successfully synced (all tasks run)',
            startedAt: last.deployStartedAt ?? earlier(last.deployedAt),
            finishedAt: last.deployedAt,
            syncResult: { revision: rendered.commit, source },
          },
        },
      });
    } catch (error) {
      // The comparison that follows says the same in a condition.
      this.#options.log.warn(`${nameText(name)}: ${String(error)}`);
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
        if (own === part) this.enqueue(name, 'normal');
      }
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
        const [entry] = this.#queue;
        if (!entry || this.#stopped) break;
        const [id, { name, level }] = entry;
        this.#queue.delete(id);
        await this.#process(name, level);
        for (const resolve of this.#takeRefreshed(id, level)) resolve();
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
    const compared = await this.#compare(before, level);
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
        ? this.#withCondition(
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
    if (!this.#isInWindow(application)) return;
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
        if (again?.action === 'heal')
          this.requestOperation(name, again.operation);
      });
      this.#healing.set(id, cancel);
    }
  }

  #isInWindow(application: Application): boolean {
    const { applications, clock, destinations } = this.#options;
    const project = applications.project(application.spec.project ?? 'default');
    const windows = windowsOf({
      application,
      project,
      cluster: destinations.resolve(application.spec.destination),
    });
    return syncIsAllowed({ windows, now: clock.now(), manual: false });
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
    const changed = JSON.stringify(left) !== JSON.stringify(right);
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

  async #compare(
    application: Application,
    level: RefreshLevel,
  ): Promise<Compared> {
    const { applications, destinations, manifests, version } = this.#options;
    const { spec } = application;
    const { source, destination } = spec;
    const name = nameOf(application);
    const previous = application.status ?? emptyStatus(application);
    const comparedTo = {
      ...(source ? { source } : {}),
      destination,
      ...(spec.ignoreDifferences
        ? { ignoreDifferences: spec.ignoreDifferences }
        : {}),
    };
    const { conditions: _, ...kept } = previous;
    const invalid = this.#violations(application);
    if (typeof invalid !== 'object' || !('cluster' in invalid)) {
      return {
        targets: 0,
        status: invalid.reduce<ApplicationStatus>(
          (status, message) =>
            this.#withCondition(
              status,
              application,
              'InvalidSpecError',
              message,
            ),
          {
            ...kept,
            sync: { status: 'Unknown', comparedTo },
            health: this.#health(previous, 'Unknown'),
          },
        ),
      };
    }
    const { cluster } = invalid;
    try {
      if (!source) {
        throw new Error(
          'the sandbox renders applications with one source only',
        );
      }
      const commit =
        level === 'live' && previous.sync.revision
          ? previous.sync.revision
          : await manifests.resolve(source);
      const rendered = await manifests.render({
        source,
        commit,
        fresh: level === 'hard',
      });
      const targets = this.#targetsOf(
        name,
        destination.namespace,
        rendered.objects,
      );
      const result = compare({
        targets,
        managed: destinations.managedBy(cluster.name, name),
        cluster: cluster.cluster.store,
        spec,
        applicationHealth: this.#options.applicationHealth,
        missingIsWorst: !version.atLeast(4),
      });
      applications.healths.set(nameText(name), result.healths);
      const summary = {
        ...(result.images.length > 0 ? { images: result.images } : {}),
        ...(result.isAppOfApps && version.atLeast(5)
          ? { isAppOfApps: true }
          : {}),
      };
      return {
        targets: targets.length,
        status: {
          ...kept,
          sync: { status: result.status, revision: commit, comparedTo },
          health: this.#health(previous, result.health.status),
          resources: result.resources,
          summary,
          sourceType: rendered.sourceType,
          resourceHealthSource: 'appTree',
          controllerNamespace: CONTROL_NAMESPACE,
        },
      };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return {
        targets: 0,
        status: this.#withCondition(
          {
            ...kept,
            sync: {
              ...previous.sync,
              status: 'Unknown',
              comparedTo,
            },
          },
          application,
          'ComparisonError',
          `Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = ${text}`,
        ),
      };
    }
  }

  /** The cluster of a valid application, or what is wrong with it. */
  #violations(
    application: Application,
  ): { cluster: RegisteredCluster } | string[] {
    const { applications, destinations } = this.#options;
    const { spec } = application;
    const projectName = spec.project || 'default';
    const project = applications.project(projectName);
    if (!project) {
      return [
        `Application referencing project ${projectName} which does not exist`,
      ];
    }
    try {
      const cluster = destinations.resolve(spec.destination);
      const violations = projectViolations({
        application: nameOf(application),
        spec,
        project,
        cluster,
      });
      return violations.length > 0 ? violations : { cluster };
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  }

  #withCondition(
    status: ApplicationStatus,
    application: Application,
    type: string,
    message: string,
  ): ApplicationStatus {
    const known = application.status?.conditions?.find(
      condition => condition.type === type && condition.message === message,
    );
    const condition: Condition = known ?? {
      type,
      message,
      lastTransitionTime: timestamp(this.#options.clock.now()),
    };
    return { ...status, conditions: [...(status.conditions ?? []), condition] };
  }

  #health(
    previous: ApplicationStatus,
    status: ApplicationStatus['health']['status'],
  ): ApplicationStatus['health'] {
    const same = previous.health.status === status;
    return {
      status,
      lastTransitionTime:
        (same ? previous.health.lastTransitionTime : undefined) ??
        timestamp(this.#options.clock.now()),
    };
  }

  /** Targets are made once per rendering, so that they can be told apart. */
  #targetsOf(
    name: ApplicationName,
    namespace: string | undefined,
    objects: Parameters<typeof toTargets>[0]['objects'],
  ): Target[] {
    const id = nameText(name);
    const known = this.#targets.get(id);
    if (known?.objects === objects && known.namespace === namespace) {
      return known.targets;
    }
    const targets = toTargets({
      application: name,
      defaultNamespace: namespace,
      objects,
    });
    this.#targets.set(id, { objects, namespace, targets });
    return targets;
  }

  /** What Git wants of an application at the commit it was compared with. */
  async targetsOf(name: ApplicationName): Promise<readonly Target[]> {
    const { applications, manifests } = this.#options;
    const { spec, status } = applications.get(name);
    if (!spec.source) return [];
    const commit =
      status?.sync.revision ?? (await manifests.resolve(spec.source));
    const rendered = await manifests.render({ source: spec.source, commit });
    return this.#targetsOf(name, spec.destination.namespace, rendered.objects);
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

function earlier(iso: string): string {
  return timestamp(new Date(Date.parse(iso) - 10_000));
}

function pause(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
