import { SandboxClock } from '../../clock';
import {
  assessHealth,
  chance,
  Health,
  keyOf,
  keyText,
  namespaceFor,
  timestamp,
} from '../../cluster';
import { GitPush, RepositoryReader } from '../../git/types';
import { jsonEquals } from '../../kustomize';
import { compare } from '../compare';
import { ManifestService, Manifests } from '../sources/manifests';
import {
  comparedTo,
  hasSeveralSources,
  revisionFields,
  revisionsOf,
  sourceFields,
  sourcesOf,
} from '../sources/sourceList';
import { Target, toTargets } from '../targets';
import {
  ArgoCdLog,
  ArgoCdPastDeployment,
  ArgoCdSimulatorOptions,
} from '../types';
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
  readonly #queue = WorkQueue.create();
  readonly #refreshed = new Map<string, (() => void)[]>();
  readonly #healing = new Map<string, () => void>();
  readonly #targets = new Map<
    string,
    {
      lists: readonly unknown[];
      namespace: unknown;
      made: ReturnType<typeof toTargets>;
    }
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
      if (await this.#isAsItWas(application)) this.#recallHealths(application);
      else
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

  /** Whether looking at an application could not find anything new. */
  async #isAsItWas(application: Application): Promise<boolean> {
    const { manifests } = this.#options;
    const { spec, status, operation, metadata } = application;
    const known = status?.sync;
    if (
      known?.status !== 'Synced' ||
      operation ||
      metadata.deletionTimestamp ||
      metadata.annotations?.[REFRESH_ANNOTATION] !== undefined ||
      !jsonEquals(known.comparedTo, comparedTo(spec))
    ) {
      return false;
    }
    try {
      const commits = await manifests.resolveAll(sourcesOf(spec));
      return jsonEquals(revisionsOf(known), commits);
    } catch {
      return false;
    }
  }

  /** The health of each resource is not part of the stored object. */
  #recallHealths(application: Application): void {
    const { applications, destinations, applicationHealth } = this.#options;
    const id = nameText(nameOf(application));
    if (applications.healths.has(id)) return;
    const { store } = destinations.resolve(
      application.spec.destination,
    ).cluster;
    const healths = new Map<string, Health>();
    for (const { group = '', kind, namespace, name } of application.status
      ?.resources ?? []) {
      const key = { group, kind, namespace, name };
      const live = store.get(key);
      const health = live
        ? assessHealth(live, { applicationHealth })
        : ({ status: 'Missing' } as const);
      if (health) healths.set(keyText(key), health);
    }
    applications.healths.set(id, healths);
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

  #startWorking(): void {
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
    const sources = sourcesOf(spec);
    if (sources.length === 0) return;
    try {
      const cluster = destinations.resolve(spec.destination);
      const head = await manifests.resolveAll(sources);
      const past = (await this.#options.initialHistory?.(name)) ?? [];
      const newest = past[past.length - 1];
      // The past is that of the first source; the others have none.
      const commits = newest
        ? await manifests
            .resolveAll(sources, { revisions: [newest.revision] })
            .catch(() => head)
        : head;
      const rendered = await manifests
        .render({ sources, commits })
        .catch(() => manifests.render({ sources, commits: head }));
      const { targets } = this.#targetsOf(
        name,
        spec.destination.namespace,
        rendered,
      );
      cluster.cluster.instantly(() => {
        for (const target of targets) {
          if (!target.hook) cluster.cluster.apply(target.manifest);
        }
      });
      const now = timestamp(clock.now());
      const entries: readonly ArgoCdPastDeployment[] =
        past.length > 0 ? past : [{ revision: head[0], deployedAt: now }];
      const others = rendered.commits.slice(1);
      const history = entries.reduce<NonNullable<ApplicationStatus['history']>>(
        (list, entry) =>
          appendHistory({
            history: list,
            spec,
            entry: {
              ...revisionFields(spec, [entry.revision, ...others]),
              ...sourceFields(spec),
              deployStartedAt: startOf(entry),
              deployedAt: inSeconds(entry.deployedAt),
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
          health: {
            status: 'Healthy',
            lastTransitionTime: inSeconds(last.deployedAt),
          },
          history,
          operationState: {
            operation: {
              sync: revisionFields(spec, [last.revision, ...others]),
              initiatedBy: last.username
                ? { username: last.username }
                : { automated: true },
            },
            phase: 'Succeeded',
            message: 'successfully synced (all tasks run)',
            startedAt: startOf(last),
            finishedAt: inSeconds(last.deployedAt),
            syncResult: {
              revision: '',
              ...revisionFields(spec, rendered.commits),
              ...sourceFields(spec),
            },
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
        const item = this.#stopped ? undefined : this.#queue.take();
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

  async #compare(
    application: Application,
    level: RefreshLevel,
  ): Promise<Compared> {
    const { applications, destinations, manifests, version } = this.#options;
    const { spec } = application;
    const sources = sourcesOf(spec);
    const name = nameOf(application);
    const previous = application.status ?? emptyStatus(application);
    const compared = comparedTo(spec);
    const {
      conditions: _,
      sourceType: __,
      sourceTypes: ___,
      ...kept
    } = previous;
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
            sync: { status: 'Unknown', comparedTo: compared },
            health: this.#health(previous, 'Unknown'),
          },
        ),
      };
    }
    const { cluster } = invalid;
    try {
      if (sources.length === 0) {
        throw new Error('the application has no source');
      }
      const before = revisionsOf(previous.sync);
      const commits =
        level === 'live' && before.length === sources.length
          ? before
          : await manifests.resolveAll(sources);
      const rendered = await manifests.render({
        sources,
        commits,
        fresh: level === 'hard',
        // After a restart, what is rendered is in the cluster already.
        known: object => {
          const { namespace: wanted } = spec.destination;
          const namespace = namespaceFor(object, wanted);
          const key = { ...keyOf(object), namespace };
          return cluster.cluster.store.stored(key)?.lastApplied;
        },
      });
      const { targets, repeated } = this.#targetsOf(
        name,
        spec.destination.namespace,
        rendered,
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
      const types = rendered.renderings.map(({ sourceType }) => sourceType);
      const status: ApplicationStatus = {
        ...kept,
        sync: {
          status: result.status,
          ...revisionFields(spec, commits),
          comparedTo: compared,
        },
        health: this.#health(previous, result.health.status),
        resources: result.resources,
        summary,
        ...(hasSeveralSources(spec)
          ? { sourceTypes: types }
          : { sourceType: types[0] }),
        resourceHealthSource: 'appTree',
        controllerNamespace: CONTROL_NAMESPACE,
      };
      return {
        targets: targets.length,
        status: repeated.reduce(
          (result_, message) =>
            this.#withCondition(
              result_,
              application,
              'RepeatedResourceWarning',
              message,
            ),
          status,
        ),
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
              comparedTo: compared,
            },
          },
          application,
          'ComparisonError',
          `Failed to load target state: ${text}`,
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
    manifests: Manifests,
  ): ReturnType<typeof toTargets> {
    const id = nameText(name);
    const lists = manifests.renderings.map(({ objects }) => objects);
    const known = this.#targets.get(id);
    if (
      known &&
      known.namespace === namespace &&
      known.lists.length === lists.length &&
      known.lists.every((list, index) => list === lists[index])
    ) {
      return known.made;
    }
    const made = toTargets({
      application: name,
      defaultNamespace: namespace,
      objects: lists.flat(),
    });
    this.#targets.set(id, { lists, namespace, made });
    return made;
  }

  /** What Git wants of an application at the commit it was compared with. */
  async targetsOf(name: ApplicationName): Promise<readonly Target[]> {
    const { applications, manifests } = this.#options;
    const { spec, status } = applications.get(name);
    const sources = sourcesOf(spec);
    const known = status ? revisionsOf(status.sync) : [];
    const commits =
      known.length === sources.length
        ? known
        : await manifests.resolveAll(sources);
    const rendered = await manifests.render({ sources, commits });
    return this.#targetsOf(name, spec.destination.namespace, rendered).targets;
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

/** ISO 8601 as Kubernetes writes it: without fractions of a second. */
function inSeconds(iso: string): string {
  return timestamp(new Date(iso));
}

function startOf({
  deployStartedAt,
  deployedAt,
}: ArgoCdPastDeployment): string {
  return deployStartedAt
    ? inSeconds(deployStartedAt)
    : timestamp(new Date(Date.parse(deployedAt) - 10_000));
}

function pause(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
