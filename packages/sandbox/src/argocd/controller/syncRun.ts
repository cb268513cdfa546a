import {
  assessHealth,
  imagesOf,
  keyOf,
  keyText,
  LiveObject,
} from '../../cluster';
import { groupOf, KubernetesObject, valueAt, versionOf } from '../../kustomize';
import { pointersFor, targetDiffers, without } from '../compare';
import { SourceFields } from '../sources/sourceList';
import { isHook, Target } from '../targets';
import {
  ApplicationName,
  AppProject,
  IgnoreDifference,
  Operation,
  ResourceResult,
} from '../wire';
import { Destinations, RegisteredCluster } from './destinations';
import { hookPolicy } from './hookPolicy';
import { failHooksOf, planSync, SyncGroup } from './syncTasks';
import { objectViolation } from './validation';

/** What one sync is about. */
export interface SyncRunOptions {
  readonly application: ApplicationName;
  readonly operation: Operation;
  readonly from: SourceFields;
  readonly commits: readonly string[];
  /** When the operation began, which its retries share. */
  readonly startedAt: string;
  readonly retryCount: number;
  readonly project: AppProject;
  readonly cluster: RegisteredCluster;
  readonly targets: readonly Target[];
  readonly ignore: readonly IgnoreDifference[];
  readonly destinations: Destinations;
  readonly applicationHealth: boolean;
  /** Deletes an Application object the way a finalizer demands. */
  readonly removeApplication: (name: ApplicationName) => void;
}

/** Where a sync is after one look at the world. */
export type SyncProgress =
  | { readonly state: 'waiting'; readonly message: string }
  /** One wave is over, and the next one not yet due. */
  | { readonly state: 'between waves' }
  | { readonly state: 'succeeded'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string };

/**
 * One attempt at a sync: applies phases and waves in order, each when the one
 * before is healthy, then prunes; runs the SyncFail hooks when it fails.
 */
export class SyncRun {
  static create(options: SyncRunOptions): SyncRun {
    return new SyncRun(options);
  }

  readonly options: SyncRunOptions;
  readonly #groups: readonly SyncGroup[];
  readonly #failHooks: readonly Target[];
  readonly #results = new Map<string, ResourceResult>();
  /** Position in the groups. */
  #position = 0;
  /** Whether the group at the position has been applied. */
  #applied = false;
  /** Why it failed, once it has and its SyncFail hooks run. */
  #failure: string | undefined;

  private constructor(options: SyncRunOptions) {
    const { targets, operation } = options;
    const { resources, syncStrategy } = operation.sync;
    const hooks = syncStrategy?.apply === undefined;
    this.options = options;
    this.#groups = planSync({ targets, resources, hooks });
    this.#failHooks = hooks && !resources?.length ? failHooksOf(targets) : [];
  }

  get results(): readonly ResourceResult[] {
    return [...this.#results.values()];
  }

  /** Does what is next and says where that leaves the sync. */
  advance(): SyncProgress {
    if (this.#failure !== undefined) return this.#afterFailure(this.#failure);
    if (!this.#arePermitted()) {
      return {
        state: 'failed',
        message: 'one or more synchronization tasks are not valid',
      };
    }
    if (this.options.operation.sync.dryRun) {
      for (const group of this.#groups) this.#apply(group);
      this.#prune();
      return this.#success();
    }
    while (this.#position < this.#groups.length) {
      const group = this.#groups[this.#position];
      if (!this.#applied) {
        this.#apply(group);
        this.#applied = true;
      }
      const { failed, waiting } = this.#lookAt(group.targets);
      if (waiting) return { state: 'waiting', message: waiting };
      if (failed) {
        return this.#fail(
          'one or more synchronization tasks completed unsuccessfully',
        );
      }
      this.#position += 1;
      this.#applied = false;
      if (this.#position < this.#groups.length) {
        return { state: 'between waves' };
      }
    }
    this.#prune();
    this.#removeHooks('HookSucceeded');
    return this.#success();
  }

  /** Fails as if the cluster had refused an object of the present group. */
  refuse(message: string): SyncProgress {
    if (this.#failure !== undefined) return this.#afterFailure(this.#failure);
    const group = this.#groups[this.#position];
    const target = group?.targets[group.targets.length - 1];
    if (target) {
      this.#results.set(target.id, {
        ...resourceOf(target.manifest),
        status: 'SyncFailed',
        hookPhase: 'Failed',
        message,
        syncPhase: group.phase,
      });
    }
    return this.#fail(
      `one or more objects failed to apply, reason: ${message}`,
    );
  }

  /** Ends hooks that still run; what was applied stays. */
  terminate(): void {
    const { targets, cluster } = this.options;
    for (const target of targets) {
      const result = this.#results.get(target.id);
      if (!target.hook || result?.hookPhase !== 'Running') continue;
      cluster.cluster.remove(target.key);
      this.#results.set(target.id, {
        ...result,
        hookPhase: 'Succeeded',
        message: 'Deleted',
      });
    }
  }

  #success(): SyncProgress {
    return {
      state: 'succeeded',
      message:
        this.#groups.length > 0
          ? 'successfully synced (all tasks run)'
          : 'successfully synced (no more tasks)',
    };
  }

  /** Whether the project lets every object through; says which it does not. */
  #arePermitted(): boolean {
    const { project, cluster } = this.options;
    let permitted = true;
    for (const { phase, targets } of this.#groups) {
      for (const { id, manifest, hook } of targets) {
        const message = objectViolation({ project, cluster, object: manifest });
        if (message === undefined) continue;
        permitted = false;
        this.#results.set(id, {
          ...resourceOf(manifest),
          ...(hook ? { hookType: hook } : {}),
          status: 'SyncFailed',
          message,
          syncPhase: phase,
        });
      }
    }
    return permitted;
  }

  #apply(group: SyncGroup): void {
    const { cluster, ignore, operation } = this.options;
    const { syncOptions = [], dryRun } = operation.sync;
    const { store } = cluster.cluster;
    for (const target of group.targets) {
      const stored = store.stored(target.key);
      const skipped =
        syncOptions.includes('ApplyOutOfSyncOnly=true') &&
        stored &&
        !target.hook &&
        !targetDiffers(stored, target, ignore);
      if (skipped) continue;
      const respected =
        stored && syncOptions.includes('RespectIgnoreDifferences=true')
          ? without(target.manifest, pointersFor(target, ignore))
          : target.manifest;
      this.#results.set(target.id, {
        ...resourceOf(target.manifest),
        ...(target.hook ? { hookType: target.hook } : {}),
        status: 'Synced',
        // A dry run has nothing left to wait for.
        hookPhase: dryRun ? 'Succeeded' : 'Running',
        message: `${kubectlName(target)} ${
          dryRun
            ? `${stored ? 'configured' : 'created'} (dry run)`
            : this.#applyOne(target, respected)
        }`,
        syncPhase: group.phase,
        ...imagesField(target.manifest),
      });
    }
  }

  /** Applies one object; the outcome in kubectl's words. */
  #applyOne(target: Target, manifest: KubernetesObject): string {
    const { cluster, operation } = this.options;
    if (target.hook && hookPolicy(target.manifest).beforeCreation) {
      cluster.cluster.remove(target.key);
    }
    const { outcome } = cluster.cluster.apply(manifest);
    const { syncOptions = [] } = operation.sync;
    // The server merges, and kubectl does not learn whether that changed it.
    return syncOptions.includes('ServerSideApply=true')
      ? 'serverside-applied'
      : outcome;
  }

  /** What some targets still wait for, and whether one of them has failed. */
  #lookAt(targets: readonly Target[]): { failed: boolean; waiting?: string } {
    const pending: Target[] = [];
    let failed = false;
    for (const target of targets) {
      const result = this.#results.get(target.id);
      if (!result || !this.#isWaitedFor(target)) continue;
      const { phase, message } = this.#phaseOf(target);
      if (phase === 'Running') pending.push(target);
      else {
        failed ||= phase === 'Failed';
        this.#results.set(target.id, {
          ...result,
          hookPhase: phase,
          message: message ?? result.message,
        });
      }
    }
    return { failed, waiting: waitingFor(pending) };
  }

  /** A sync of one wave does not wait for the health of what it applied. */
  #isWaitedFor(target: Target): boolean {
    return (
      target.hook !== undefined ||
      this.#groups.length > 1 ||
      this.#failHooks.length > 0
    );
  }

  #phaseOf(target: Target): {
    phase: 'Running' | 'Succeeded' | 'Failed';
    message?: string;
  } {
    const { cluster, applicationHealth } = this.options;
    const live = cluster.cluster.store.get(target.key);
    if (!live) return { phase: 'Running' };
    const health = assessHealth(live, { applicationHealth });
    if (!health) return { phase: 'Succeeded' };
    const message = health.message || undefined;
    switch (health.status) {
      case 'Healthy':
        return { phase: 'Succeeded', ...(target.hook ? { message } : {}) };
      case 'Degraded':
        return { phase: 'Failed', message };
      case 'Unknown':
        return { phase: target.hook ? 'Failed' : 'Running', message };
      case 'Progressing':
      case 'Suspended':
      case 'Missing':
        return { phase: 'Running' };
      default:
        throw new Error(`unknown health ${health.status satisfies never}`);
    }
  }

  #fail(message: string): SyncProgress {
    this.#removeHooks('HookFailed');
    if (this.#failHooks.length === 0) return { state: 'failed', message };
    this.#failure = message;
    this.#apply({ phase: 'SyncFail', wave: 0, targets: this.#failHooks });
    return this.#afterFailure(message);
  }

  #afterFailure(message: string): SyncProgress {
    const { waiting } = this.#lookAt(this.#failHooks);
    return waiting
      ? { state: 'waiting', message: waiting }
      : { state: 'failed', message };
  }

  #removeHooks(when: 'HookSucceeded' | 'HookFailed'): void {
    const { targets, cluster } = this.options;
    for (const target of targets) {
      const isOver = this.#results.get(target.id)?.hookPhase !== 'Running';
      const { onSuccess, onFailure } = hookPolicy(target.manifest);
      if (
        target.hook &&
        isOver &&
        (when === 'HookSucceeded' ? onSuccess : onFailure)
      ) {
        cluster.cluster.remove(target.key);
      }
    }
  }

  #prune(): void {
    const { targets, cluster, destinations, application, operation } =
      this.options;
    const { prune, resources, dryRun } = operation.sync;
    const wanted = new Set(targets.map(target => target.id));
    for (const live of destinations.managedBy(cluster.name, application)) {
      const key = keyOf(live);
      if (wanted.has(keyText(key)) || isHook(live)) continue;
      const selected =
        !resources?.length ||
        resources.some(
          resource =>
            resource.kind === key.kind &&
            resource.name === key.name &&
            (resource.group ?? '') === key.group,
        );
      if (!selected) continue;
      const kept = whyKept(live, prune ?? false);
      if (kept === undefined && !dryRun) this.#remove(live);
      this.#results.set(keyText(key), {
        ...resourceOf(live),
        status: kept === undefined ? 'Pruned' : 'PruneSkipped',
        hookPhase: 'Succeeded',
        message: kept ?? (dryRun ? 'pruned (dry run)' : 'pruned'),
        syncPhase: 'Sync',
      });
    }
  }

  #remove(live: LiveObject): void {
    const { cluster, removeApplication } = this.options;
    const { name, namespace = 'argocd' } = live.metadata;
    const isApplication =
      live.kind === 'Application' && groupOf(live) === 'argoproj.io';
    if (isApplication && cluster.name === 'in-cluster') {
      removeApplication({ name, namespace });
    } else {
      cluster.cluster.remove(keyOf(live));
    }
  }
}

/** Why an object that Git no longer wants stays; undefined: it goes. */
function whyKept(live: LiveObject, prune: boolean): string | undefined {
  if (!prune) return 'ignored (requires pruning)';
  const options =
    live.metadata.annotations?.['argocd.argoproj.io/sync-options'] ?? '';
  return options.split(',').some(option => option.trim() === 'Prune=false')
    ? 'ignored (no prune)'
    : undefined;
}

function waitingFor(pending: readonly Target[]): string | undefined {
  const [first, ...others] = pending;
  if (first === undefined) return undefined;
  const { group, kind, name } = first.key;
  const [what, more] = first.hook
    ? ['completion of hook', 'hooks']
    : ['healthy state of', 'resources'];
  const rest = others.length > 0 ? ` and ${others.length} more ${more}` : '';
  return `waiting for ${what} ${group}/${kind}/${name}${rest}`;
}

/** How kubectl names an object: `deployment.apps/checkout`. */
function kubectlName({ key: { group, kind, name } }: Target): string {
  return `${kind.toLowerCase()}${group ? `.${group}` : ''}/${name}`;
}

function imagesField(manifest: KubernetesObject): {
  images?: readonly string[];
} {
  const images = imagesOf(valueAt(manifest, 'spec', 'template', 'spec'));
  return images.length > 0 ? { images } : {};
}

/** The fields by which a result names its resource. */
function resourceOf(object: KubernetesObject) {
  const { name, namespace = '' } = object.metadata;
  return {
    group: groupOf(object),
    version: versionOf(object),
    kind: object.kind,
    namespace,
    name,
  };
}
