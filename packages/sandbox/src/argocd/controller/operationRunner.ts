import { SandboxClock } from '../../clock';
import { timestamp } from '../../cluster';
import { ManifestService } from '../sources/manifests';
import {
  comparedTo,
  revisionFields,
  revisionsOf,
  sourceFields,
  sourcesOf,
} from '../sources/sourceList';
import { Target, toTargets } from '../targets';
import {
  Application,
  ApplicationName,
  ApplicationSource,
  ApplicationStatus,
  AppProject,
  Operation,
  OperationPhase,
} from '../wire';
import { Applications, nameOf, nameText } from './applications';
import { Destinations, RegisteredCluster } from './destinations';
import { goDuration } from './goDuration';
import { appendHistory } from './history';
import { SyncRun } from './syncRun';

/** Simulated seconds between two waves, as in Argo CD. */
const WAVE_DELAY_SECONDS = 2;

/** What looking at the spec of an application found. */
export type CheckedSpec =
  | { readonly project: AppProject; readonly cluster: RegisteredCluster }
  /** In Argo CD's words, for conditions of type InvalidSpecError. */
  | { readonly violations: readonly string[] };

/** What {@link OperationRunner} needs. */
export interface OperationRunnerOptions {
  readonly clock: SandboxClock;
  readonly applications: Applications;
  readonly destinations: Destinations;
  readonly manifests: ManifestService;
  readonly applicationHealth: boolean;
  /** Where a valid application goes, or what is wrong with it. */
  readonly check: (application: Application) => CheckedSpec;
  /** Whether a window of the project keeps an operation from going on. */
  readonly isBlocked: (application: Application) => boolean;
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
  readonly #runs = new Map<string, SyncRun>();
  /** Runs that rest between two waves. */
  readonly #resting = new Set<string>();
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
    const run = this.#runs.get(id);
    if (application.status?.operationState?.phase === 'Terminating') {
      run?.terminate();
      this.#finish(application, run, 'Failed', 'Operation terminated');
      return;
    }
    if (this.#retries.has(id) || this.#resting.has(id)) return;
    if (this.#options.isBlocked(application)) {
      this.#write(application, run, {
        phase: 'Running',
        message: 'Sync operation blocked by sync window',
      });
      return;
    }
    const begun = run ?? (await this.#begin(application));
    if (begun) this.#proceed(name, begun);
  }

  stop(): void {
    for (const cancel of this.#retries.values()) cancel();
    this.#retries.clear();
    this.#runs.clear();
  }

  #forget(id: string): void {
    this.#runs.delete(id);
    this.#resting.delete(id);
    this.#retries.get(id)?.();
    this.#retries.delete(id);
  }

  /** Prepares a sync; undefined when it ends before it has begun. */
  async #begin(application: Application): Promise<SyncRun | undefined> {
    const { applications, destinations, clock } = this.#options;
    const name = nameOf(application);
    const operation = application.operation!;
    const before = application.status?.operationState;
    const goesOn = before?.phase === 'Running';
    const resumed = goesOn && before.finishedAt === undefined;
    const startedAt = goesOn ? before.startedAt : timestamp(clock.now());
    const retryCount = goesOn ? before.retryCount ?? 0 : 0;
    const from = hasSources(operation.sync) ? operation.sync : application.spec;
    const sources = sourcesOf(from);
    try {
      const checked = this.#options.check(application);
      if ('violations' in checked) {
        throw new Error(
          checked.violations
            .map(message => `InvalidSpecError: ${message}`)
            .join(';'),
        );
      }
      const { targets, commits } = await this.#load({
        application,
        sources,
        operation,
      });
      const present = applications.find(name);
      if (!present?.operation) return undefined;
      const run = SyncRun.create({
        ...checked,
        application: name,
        operation,
        from: sourceFields(from),
        commits,
        startedAt,
        retryCount,
        targets,
        ignore: application.spec.ignoreDifferences ?? [],
        destinations,
        applicationHealth: this.#options.applicationHealth,
        removeApplication: this.#options.removeApplication,
      });
      this.#runs.set(nameText(name), run);
      if (!resumed)
        this.#write(present, run, { phase: 'Running', message: '' });
      return run;
    } catch (error) {
      const present = applications.find(name);
      if (present?.operation) {
        const message = error instanceof Error ? error.message : String(error);
        this.#writeState(present, {
          phase: 'Error',
          message,
          startedAt,
          finished: true,
          run: undefined,
          operation,
        });
        this.#options.onFinished(name);
      }
      return undefined;
    }
  }

  /** What the sources of an operation want, at the commits it asks for. */
  async #load(options: {
    application: Application;
    sources: readonly ApplicationSource[];
    operation: Operation;
  }): Promise<{ targets: readonly Target[]; commits: readonly string[] }> {
    const { application, sources, operation } = options;
    const { manifests } = this.#options;
    try {
      if (sources.length === 0) {
        throw new Error('the application has no source');
      }
      const commits = await manifests.resolveAll(sources, {
        revisions: revisionsOf(operation.sync),
      });
      const rendered = await manifests.render({ sources, commits });
      const { targets } = toTargets({
        application: nameOf(application),
        defaultNamespace: application.spec.destination.namespace,
        objects: rendered.renderings.flatMap(({ objects }) => objects),
      });
      return { targets, commits };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw new Error(`ComparisonError: Failed to load target state: ${text}`);
    }
  }

  #proceed(name: ApplicationName, run: SyncRun): void {
    const { applications, clock } = this.#options;
    const id = nameText(name);
    const failure = this.#failures.get(id);
    const progress =
      failure === undefined || run.options.operation.sync.dryRun
        ? run.advance()
        : run.refuse(failure);
    const application = applications.get(name);
    switch (progress.state) {
      case 'waiting':
        this.#write(application, run, {
          phase: 'Running',
          message: progress.message,
        });
        return;
      case 'between waves':
        this.#resting.add(id);
        clock.schedule(WAVE_DELAY_SECONDS, () => {
          this.#resting.delete(id);
          this.#options.wake(name);
        });
        return;
      case 'succeeded':
        this.#finish(application, run, 'Succeeded', progress.message);
        return;
      case 'failed':
        this.#fail(application, run, progress.message);
        return;
      default:
        throw new Error(`unknown state ${progress satisfies never}`);
    }
  }

  /** A failed attempt: retried when the operation says so (B5). */
  #fail(application: Application, run: SyncRun, message: string): void {
    const { clock } = this.#options;
    const { operation, retryCount, startedAt } = run.options;
    const { retry } = operation;
    const name = nameOf(application);
    const limit = retry?.limit ?? 0;
    if (limit >= 0 && retryCount >= limit) {
      this.#failures.delete(nameText(name));
      const times = retryCount > 0 ? ` (retried ${retryCount} times).` : '';
      this.#finish(application, run, 'Failed', `${message}${times}`);
      return;
    }
    const duration = goDuration(retry?.backoff?.duration, 5);
    const factor = retry?.backoff?.factor ?? 2;
    const seconds = Math.min(
      duration * factor ** retryCount,
      goDuration(retry?.backoff?.maxDuration, 180),
    );
    const id = nameText(name);
    const attempt = retryCount + 1;
    const at = new Date(clock.now().getTime() + (seconds * 1000) / clock.speed);
    this.#writeState(application, {
      phase: 'Running',
      message: `${message}. Retrying attempt #${attempt} at ${at
        .toISOString()
        .slice(11, 16)}.`,
      startedAt,
      finished: true,
      retryCount: attempt,
      run,
      operation,
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
    run: SyncRun | undefined,
    phase: OperationPhase,
    message: string,
  ): void {
    const name = nameOf(application);
    this.#writeState(application, {
      phase,
      message,
      startedAt:
        run?.options.startedAt ??
        application.status?.operationState?.startedAt ??
        timestamp(this.#options.clock.now()),
      finished: true,
      retryCount: run?.options.retryCount,
      run,
      operation: run?.options.operation ?? application.operation!,
    });
    this.#forget(nameText(name));
    this.#options.onFinished(name);
  }

  #write(
    application: Application,
    run: SyncRun | undefined,
    state: { phase: OperationPhase; message: string },
  ): void {
    const before = application.status?.operationState;
    this.#writeState(application, {
      ...state,
      startedAt:
        run?.options.startedAt ??
        before?.startedAt ??
        timestamp(this.#options.clock.now()),
      finished: false,
      retryCount: run?.options.retryCount ?? before?.retryCount,
      run,
      operation: run?.options.operation ?? application.operation!,
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
      run: SyncRun | undefined;
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
    const results = run?.results ?? [];
    const synced = run && {
      ...revisionFields(run.options.from, run.options.commits),
      ...run.options.from,
    };
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
          ...(synced
            ? {
                syncResult: {
                  revision: '',
                  ...synced,
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
                  ...synced,
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

/** What people ask for brings its sources along, and a rollback older ones. */
function hasSources(sync: Operation['sync']): boolean {
  return sourcesOf(sync).length > 0;
}

/** The status of an application that has never been compared. */
export function emptyStatus(application: Application): ApplicationStatus {
  return {
    sync: { status: 'Unknown', comparedTo: comparedTo(application.spec) },
    health: { status: 'Unknown' },
  };
}
