import { SandboxClock } from '../../clock';
import {
  assessHealth,
  imagesOf,
  keyOf,
  keyText,
  timestamp,
} from '../../cluster';
import { groupOf, KubernetesObject, valueAt, versionOf } from '../../kustomize';
import { pointersFor, targetDiffers, without } from '../compare';
import { ManifestService } from '../sources/manifests';
import {
  comparedTo,
  revisionFields,
  revisionsOf,
  SourceFields,
  sourceFields,
  sourcesOf,
} from '../sources/sourceList';
import { isHook, Target, toTargets } from '../targets';
import {
  Application,
  ApplicationName,
  ApplicationStatus,
  Operation,
  OperationPhase,
  ResourceResult,
} from '../wire';
import { Applications, nameOf, nameText } from './applications';
import { Destinations, RegisteredCluster } from './destinations';
import { goDuration } from './goDuration';
import { appendHistory } from './history';
import { planSync, SyncGroup } from './syncTasks';

/** Simulated seconds between two waves, as in Argo CD. */
const WAVE_DELAY_SECONDS = 2;

/** One sync under way. */
interface Run {
  readonly operation: Operation;
  readonly from: SourceFields;
  readonly commits: readonly string[];
  readonly startedAt: string;
  readonly retryCount: number;
  readonly cluster: RegisteredCluster;
  readonly targets: readonly Target[];
  readonly groups: readonly SyncGroup[];
  readonly results: Map<string, ResourceResult>;
  /** Position in `groups`. */
  position: number;
  /** Whether the group at `position` has been applied. */
  applied: boolean;
  /** Waiting for the delay between two waves. */
  resting: boolean;
}

/** What {@link OperationRunner} needs. */
export interface OperationRunnerOptions {
  readonly clock: SandboxClock;
  readonly applications: Applications;
  readonly destinations: Destinations;
  readonly manifests: ManifestService;
  readonly applicationHealth: boolean;
  /** Asks for another {@link OperationRunner.advance}. */
  readonly wake: (name: ApplicationName) => void;
  /** Called when an operation is over. */
  readonly onFinished: (name: ApplicationName) => void;
  /** Deletes an Application object the way a finalizer demands. */
  readonly removeApplication: (name: ApplicationName) => void;
}

/**
 * Carries out `operation` of an application: phases and waves in order, each
 * waiting for the health of the one before, with retries.
 *
 * Level-triggered: `advance` looks at the world and does the next thing. After
 * a restart a sync starts from its beginning, which is safe because applying
 * twice is applying once.
 */
export class OperationRunner {
  static create(options: OperationRunnerOptions): OperationRunner {
    return new OperationRunner(options);
  }

  readonly #options: OperationRunnerOptions;
  readonly #runs = new Map<string, Run>();
  readonly #retries = new Map<string, () => void>();
  readonly #failures = new Map<string, string>();

  private constructor(options: OperationRunnerOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#runs.size + this.#retries.size > 0;
  }

  /** Whether the application has an operation that this runner works on. */
  isRunning(name: ApplicationName): boolean {
    const id = nameText(name);
    return this.#runs.has(id) || this.#retries.has(id);
  }

  /** Lets the next sync of an application fail, with all of its retries. */
  failNext(name: ApplicationName, message: string): void {
    this.#failures.set(nameText(name), message);
  }

  async advance(name: ApplicationName): Promise<void> {
    const id = nameText(name);
    const application = this.#options.applications.find(name);
    if (!application?.operation) {
      this.#forget(id);
      return;
    }
    if (application.status?.operationState?.phase === 'Terminating') {
      this.#finish(
        application,
        this.#runs.get(id),
        'Failed',
        'Operation terminated',
      );
      return;
    }
    if (this.#retries.has(id)) return;
    if (!this.#runs.has(id)) await this.#begin(application);
    const run = this.#runs.get(id);
    if (run && !run.resting) this.#proceed(name, run);
  }

  stop(): void {
    for (const cancel of this.#retries.values()) cancel();
    this.#retries.clear();
    this.#runs.clear();
  }

  #forget(id: string): void {
    this.#runs.delete(id);
    this.#retries.get(id)?.();
    this.#retries.delete(id);
  }

  async #begin(application: Application): Promise<void> {
    const { applications, destinations, manifests, clock } = this.#options;
    const name = nameOf(application);
    const operation = application.operation!;
    const before = application.status?.operationState;
    const resumed =
      before?.phase === 'Running' && before.finishedAt === undefined;
    const startedAt =
      before?.phase === 'Running' ? before.startedAt : timestamp(clock.now());
    const retryCount = before?.phase === 'Running' ? before.retryCount ?? 0 : 0;
    const from = hasSources(operation.sync) ? operation.sync : application.spec;
    const sources = sourcesOf(from);
    try {
      if (sources.length === 0) {
        throw new Error('the application has no source');
      }
      const cluster = destinations.resolve(application.spec.destination);
      const commits = await manifests.resolveAll(sources, {
        revisions: revisionsOf(operation.sync),
      });
      const rendered = await manifests.render({ sources, commits });
      const { targets } = toTargets({
        application: name,
        defaultNamespace: application.spec.destination.namespace,
        objects: rendered.renderings.flatMap(({ objects }) => objects),
      });
      const present = applications.find(name);
      if (!present?.operation) return;
      const groups = planSync({
        targets,
        resources: operation.sync.resources,
        hooks: operation.sync.syncStrategy?.apply === undefined,
      });
      const run: Run = {
        operation,
        from: sourceFields(from),
        commits,
        startedAt,
        retryCount,
        cluster,
        targets,
        groups,
        results: new Map(),
        position: 0,
        applied: false,
        resting: false,
      };
      this.#runs.set(nameText(name), run);
      if (!resumed) this.#write(present, run, 'Running', '');
    } catch (error) {
      const present = applications.find(name);
      if (!present?.operation) return;
      const text = error instanceof Error ? error.message : String(error);
      this.#writeState(present, {
        phase: 'Error',
        message: `ComparisonError: Failed to load target state: ${text}`,
        startedAt,
        finished: true,
        run: undefined,
        operation,
      });
      this.#options.onFinished(name);
    }
  }

  #proceed(name: ApplicationName, run: Run): void {
    const { applications, clock } = this.#options;
    const application = applications.get(name);
    if (run.operation.sync.dryRun) {
      for (const group of run.groups) this.#applyGroup(run, application, group);
      this.#finish(application, run, 'Succeeded', succeeded(run));
      return;
    }
    const failure = this.#failures.get(nameText(name));
    if (failure !== undefined) {
      this.#failGroup(run, failure);
      this.#fail(
        application,
        run,
        `one or more objects failed to apply, reason: ${failure}`,
      );
      return;
    }
    const several = run.groups.length > 1;
    while (run.position < run.groups.length) {
      const group = run.groups[run.position];
      if (!run.applied) {
        this.#applyGroup(run, application, group);
        run.applied = true;
      }
      const waiting = this.#waitFor(run, group, several);
      if (waiting.failed) {
        this.#fail(
          applications.get(name),
          run,
          'one or more synchronization tasks completed unsuccessfully',
        );
        return;
      }
      if (waiting.message) {
        this.#write(applications.get(name), run, 'Running', waiting.message);
        return;
      }
      run.position += 1;
      run.applied = false;
      if (run.position < run.groups.length) {
        run.resting = true;
        clock.schedule(WAVE_DELAY_SECONDS, () => {
          run.resting = false;
          this.#options.wake(name);
        });
        return;
      }
    }
    this.#prune(run, name);
    this.#finish(applications.get(name), run, 'Succeeded', succeeded(run));
  }

  #applyGroup(run: Run, application: Application, group: SyncGroup): void {
    const { dryRun, syncOptions = [] } = run.operation.sync;
    const { cluster } = run.cluster;
    const respect = syncOptions.includes('RespectIgnoreDifferences=true');
    const outOfSyncOnly = syncOptions.includes('ApplyOutOfSyncOnly=true');
    const ignore = application.spec.ignoreDifferences ?? [];
    for (const target of group.targets) {
      const stored = cluster.store.stored(target.key);
      if (
        outOfSyncOnly &&
        stored &&
        !target.hook &&
        !targetDiffers(stored, target, ignore)
      ) {
        continue;
      }
      const manifest =
        respect && stored
          ? without(target.manifest, pointersFor(target, ignore))
          : target.manifest;
      let outcome: string;
      if (dryRun) {
        outcome = `${stored ? 'configured' : 'created'} (dry run)`;
      } else {
        // A hook of the sync before makes room for this one.
        if (target.hook) cluster.remove(target.key);
        outcome = cluster.apply(manifest).outcome;
      }
      this.#note(run, target, group, outcome);
    }
  }

  #note(run: Run, target: Target, group: SyncGroup, outcome: string): void {
    const { group: apiGroup, kind, name } = target.key;
    const images = imagesOf(
      valueAt(target.manifest, 'spec', 'template', 'spec'),
    );
    const resource = `${kind.toLowerCase()}${
      apiGroup ? `.${apiGroup}` : ''
    }/${name}`;
    run.results.set(target.id, {
      ...resourceOf(target.manifest),
      ...(target.hook
        ? { hookType: target.hook, hookPhase: 'Running' as const }
        : { status: 'Synced' as const, hookPhase: 'Running' as const }),
      message: `${resource} ${outcome}`,
      syncPhase: group.phase,
      ...(images.length > 0 ? { images } : {}),
    });
  }

  #failGroup(run: Run, message: string): void {
    const group = run.groups[run.position];
    const target = group?.targets[group.targets.length - 1];
    if (!target) return;
    run.results.set(target.id, {
      ...resourceOf(target.manifest),
      status: 'SyncFailed',
      hookPhase: 'Failed',
      message,
      syncPhase: group.phase,
    });
  }

  /** What a group still waits for: nothing, a resource or hook, or failure. */
  #waitFor(
    run: Run,
    group: SyncGroup,
    several: boolean,
  ): { failed: boolean; message?: string } {
    const pending: string[] = [];
    let failed = false;
    for (const target of group.targets) {
      const result = run.results.get(target.id);
      if (!result) continue;
      if (!several && !target.hook) {
        run.results.set(target.id, { ...result, hookPhase: 'Succeeded' });
        continue;
      }
      const live = run.cluster.cluster.store.get(target.key);
      const health =
        live &&
        assessHealth(live, {
          applicationHealth: this.#options.applicationHealth,
        });
      const { group: apiGroup, kind, name } = target.key;
      if (
        live &&
        (!health ||
          health.status === 'Healthy' ||
          health.status === 'Suspended')
      ) {
        run.results.set(target.id, { ...result, hookPhase: 'Succeeded' });
      } else if (health?.status === 'Degraded') {
        run.results.set(target.id, {
          ...result,
          hookPhase: 'Failed',
          message: health.message ?? result.message,
        });
        failed = true;
      } else {
        const what = `${apiGroup ? `${apiGroup}/` : ''}${kind}/${name}`;
        pending.push(
          target.hook
            ? `completion of hook ${what}`
            : `healthy state of ${what}`,
        );
      }
    }
    const [first, ...others] = pending;
    if (first === undefined) return { failed };
    const more =
      others.length > 0 ? ` and ${others.length} more resources` : '';
    return { failed, message: `waiting for ${first}${more}` };
  }

  #prune(run: Run, name: ApplicationName): void {
    const { prune, resources } = run.operation.sync;
    const wanted = new Set(run.targets.map(target => target.id));
    const surplus = this.#options.destinations
      .managedBy(run.cluster.name, name)
      .filter(live => !wanted.has(keyText(keyOf(live))) && !isHook(live));
    for (const live of surplus) {
      const key = keyOf(live);
      const selected =
        !resources?.length ||
        resources.some(
          resource =>
            resource.kind === key.kind &&
            resource.name === key.name &&
            (resource.group ?? '') === key.group,
        );
      if (!selected) continue;
      if (prune) this.#remove(run, live);
      run.results.set(keyText(key), {
        ...resourceOf(live),
        status: prune ? 'Pruned' : 'PruneSkipped',
        hookPhase: 'Succeeded',
        message: prune ? 'pruned' : 'ignored (requires pruning)',
        syncPhase: 'Sync',
      });
    }
  }

  #remove(
    run: Run,
    live: {
      metadata: { name: string; namespace?: string };
      kind: string;
      apiVersion: string;
    },
  ): void {
    const { name, namespace = 'argocd' } = live.metadata;
    const isApplication =
      live.kind === 'Application' && groupOf(live) === 'argoproj.io';
    if (isApplication && run.cluster.name === 'in-cluster') {
      this.#options.removeApplication({ name, namespace });
    } else {
      run.cluster.cluster.remove({
        group: groupOf(live),
        kind: live.kind,
        namespace: live.metadata.namespace,
        name,
      });
    }
  }

  /** A failed attempt: retried when the operation says so (B5). */
  #fail(application: Application, run: Run, message: string): void {
    const { clock } = this.#options;
    const { retry } = run.operation;
    const name = nameOf(application);
    const limit = retry?.limit ?? 0;
    if (limit >= 0 && run.retryCount >= limit) {
      this.#failures.delete(nameText(name));
      this.#finish(application, run, 'Failed', message);
      return;
    }
    const duration = goDuration(retry?.backoff?.duration, 5);
    const factor = retry?.backoff?.factor ?? 2;
    const seconds = Math.min(
      duration * factor ** run.retryCount,
      goDuration(retry?.backoff?.maxDuration, 180),
    );
    const id = nameText(name);
    const attempt = run.retryCount + 1;
    const at = new Date(clock.now().getTime() + (seconds * 1000) / clock.speed);
    this.#writeState(application, {
      phase: 'Running',
      message: `${message}. Retrying attempt #${attempt} at ${at
        .toISOString()
        .slice(11, 16)}.`,
      startedAt: run.startedAt,
      finished: true,
      retryCount: attempt,
      run,
      operation: run.operation,
    });
    this.#runs.delete(id);
    this.#retries.set(
      id,
      clock.schedule(seconds, () => {
        this.#retries.delete(id);
        this.#options.wake(name);
      }),
    );
  }

  #finish(
    application: Application,
    run: Run | undefined,
    phase: OperationPhase,
    message: string,
  ): void {
    const name = nameOf(application);
    if (run) {
      for (const target of run.targets) {
        if (target.hook && run.operation.sync.dryRun !== true) {
          const policy =
            target.manifest.metadata.annotations?.[
              'argocd.argoproj.io/hook-delete-policy'
            ] ?? '';
          const over =
            (phase === 'Succeeded' && policy.includes('HookSucceeded')) ||
            (phase === 'Failed' && policy.includes('HookFailed'));
          if (over) run.cluster.cluster.remove(target.key);
        }
      }
    }
    this.#writeState(application, {
      phase,
      message,
      startedAt:
        run?.startedAt ??
        application.status?.operationState?.startedAt ??
        timestamp(this.#options.clock.now()),
      finished: true,
      retryCount: run?.retryCount,
      run,
      operation: run?.operation ?? application.operation!,
    });
    this.#forget(nameText(name));
    this.#options.onFinished(name);
  }

  #write(
    application: Application,
    run: Run,
    phase: OperationPhase,
    message: string,
  ): void {
    this.#writeState(application, {
      phase,
      message,
      startedAt: run.startedAt,
      finished: false,
      retryCount: run.retryCount,
      run,
      operation: run.operation,
    });
  }

  #writeState(
    application: Application,
    state: {
      phase: OperationPhase;
      message: string;
      startedAt: string;
      finished: boolean;
      retryCount?: number;
      run: Run | undefined;
      operation: Operation;
    },
  ): void {
    const { applications, clock } = this.#options;
    const { phase, run, operation } = state;
    const now = timestamp(clock.now());
    const over = phase !== 'Running' && phase !== 'Terminating';
    const { sync } = operation;
    const recorded =
      phase === 'Succeeded' && run && !sync.dryRun && !sync.resources?.length;
    const status = application.status ?? emptyStatus(application);
    const finishedAt = state.finished ? { finishedAt: now } : {};
    const results = [...(run?.results.values() ?? [])];
    applications.put({
      ...application,
      operation: over ? undefined : application.operation,
      status: {
        ...status,
        operationState: {
          operation,
          phase,
          message: state.message,
          startedAt: state.startedAt,
          ...finishedAt,
          ...(state.retryCount ? { retryCount: state.retryCount } : {}),
          ...(run
            ? {
                syncResult: {
                  revision: '',
                  ...revisionFields(run.from, run.commits),
                  ...run.from,
                  ...(results.length > 0 ? { resources: results } : {}),
                },
              }
            : {}),
        },
        ...(recorded
          ? {
              history: appendHistory({
                history: status.history,
                spec: application.spec,
                entry: {
                  ...revisionFields(run.from, run.commits),
                  ...run.from,
                  deployStartedAt: state.startedAt,
                  deployedAt: now,
                  initiatedBy: operation.initiatedBy ?? {},
                },
              }),
            }
          : {}),
      },
    });
  }
}

/** The fields by which a result names its resource. */
function resourceOf(object: KubernetesObject) {
  const { name, namespace = '' } = object.metadata;
  const group = groupOf(object);
  return {
    group,
    version: versionOf(object),
    kind: object.kind,
    namespace,
    name,
  };
}

/** A rollback brings the sources of its history entry along. */
function hasSources(sync: Operation['sync']): boolean {
  return sourcesOf(sync).length > 0;
}

function succeeded(run: Run): string {
  return run.groups.length > 0
    ? 'successfully synced (all tasks run)'
    : 'successfully synced (no more tasks)';
}

/** The status of an application that has never been compared. */
export function emptyStatus(application: Application): ApplicationStatus {
  return {
    sync: { status: 'Unknown', comparedTo: comparedTo(application.spec) },
    health: { status: 'Unknown' },
  };
}
