import { NotFoundError } from '@backstage/errors';
import { SandboxClock } from '../clock';
import {
  jsonEquals,
  JsonObject,
  KubernetesObject,
  valueAt,
} from '../kustomize';
import { mergePatch } from './mergePatch';
import { keyOf, LiveObject, ObjectKey, ObjectStore } from './objectStore';
import { threeWayMerge } from './threeWayMerge';
import { WorkloadContext } from './workloads/context';
import {
  isSettledDeployment,
  reconcileDeployment,
  resumeDeployment,
} from './workloads/deployment';
import { reconcileSimpleStatus, scaleTarget } from './workloads/simpleStatus';
import {
  reconcileStatefulSet,
  resumeStatefulSet,
} from './workloads/statefulSet';

/** What applying a manifest did, in kubectl's words. */
export type ApplyOutcome = 'created' | 'configured' | 'unchanged';

/** How {@link SimulatedCluster} behaves. */
export interface SimulatedClusterOptions {
  /** Unique name; part of every uid. */
  readonly name: string;
  readonly clock: SandboxClock;
  readonly seed?: number;
  /** Simulated seconds until a pod is ready; 8 unless told otherwise. */
  readonly podReadySeconds?: number;
  /** Image tags that never start, besides `bad*` and `*-broken`. */
  readonly badImageTags?: readonly string[];
}

/**
 * A Kubernetes cluster as far as deployments need one: objects with the
 * bookkeeping of an API server, and controllers that turn workloads into pods
 * over simulated time.
 *
 * It knows nothing of Argo CD, so that another front can be put before it.
 */
export class SimulatedCluster {
  static create(options: SimulatedClusterOptions): SimulatedCluster {
    return new SimulatedCluster(options);
  }

  readonly name: string;
  readonly store: ObjectStore;
  readonly #context: WorkloadContext;
  readonly #timers = new Map<string, () => void>();
  #instant = false;

  private constructor(options: SimulatedClusterOptions) {
    this.name = options.name;
    this.store = ObjectStore.create({
      cluster: options.name,
      now: () => options.clock.now(),
    });
    const badTags = new Set(options.badImageTags ?? []);
    this.#context = {
      store: this.store,
      clock: options.clock,
      seed: options.seed ?? 1,
      podReadySeconds: options.podReadySeconds ?? 8,
      isBadImage: image => {
        const tag = tagOf(image);
        return (
          tag !== undefined && (/^bad|-broken$/.test(tag) || badTags.has(tag))
        );
      },
      isStuckImage: image => tagOf(image)?.endsWith('-stuck') ?? false,
      isInstant: () => this.#instant,
      later: (name, delaySeconds, run) => {
        this.#timers.get(name)?.();
        this.#timers.delete(name);
        if (delaySeconds < 0) return;
        const cancel = options.clock.schedule(delaySeconds, () => {
          this.#timers.delete(name);
          run();
        });
        this.#timers.set(name, cancel);
      },
      isWaiting: name => this.#timers.has(name),
      progress: new Map(),
    };
  }

  /** Whether something is still on its way to its final state. */
  get busy(): boolean {
    return [...this.#timers.keys()].some(name => !name.startsWith('deadline'));
  }

  /**
   * Applies a manifest: a three-way merge with what was applied before, so
   * that fields of others stay.
   */
  apply(manifest: KubernetesObject): {
    object: LiveObject;
    outcome: ApplyOutcome;
  } {
    const key = keyOf(manifest);
    const stored = this.store.stored(key);
    if (!stored) {
      this.store.put({ manifest, lastApplied: manifest, specChanged: true });
      this.#reconcile(key);
      return { object: this.store.get(key)!, outcome: 'created' };
    }
    const merged = threeWayMerge({
      live: stored.object,
      lastApplied: stored.lastApplied,
      manifest,
    });
    if (jsonEquals(merged, stored.object)) {
      return { object: stored.object, outcome: 'unchanged' };
    }
    this.#replace(stored.object, merged, manifest);
    return { object: this.store.get(key)!, outcome: 'configured' };
  }

  /**
   * Changes an object as somebody with kubectl does, behind the back of
   * whoever applied it.
   *
   * @throws NotFoundError
   */
  patch(key: ObjectKey, patch: JsonObject): LiveObject {
    const live = this.store.get(key);
    if (!live) {
      throw new NotFoundError(
        `${key.kind} ${key.name} does not exist in cluster ${this.name}`,
      );
    }
    this.#replace(live, mergePatch(live, patch) as KubernetesObject);
    return this.store.get(key)!;
  }

  /** Deletes an object with everything it owns; false when it is not there. */
  remove(key: ObjectKey): boolean {
    return this.store.remove(key);
  }

  /** While this runs, pods are ready at once: for making up the past. */
  instantly<T>(run: () => T): T {
    const before = this.#instant;
    this.#instant = true;
    try {
      return run();
    } finally {
      this.#instant = before;
    }
  }

  /** Continues what was under way when the stored state was written. */
  resume(): void {
    for (const object of [...this.store.list()]) {
      const key = keyOf(object);
      if (key.group === 'apps' && key.kind === 'Deployment') {
        if (!isSettledDeployment(object)) resumeDeployment(this.#context, key);
      } else if (key.kind === 'Pod' || key.kind === 'ReplicaSet') {
        // Their owners look after them.
      } else if (key.group === 'apps' && key.kind === 'StatefulSet') {
        resumeStatefulSet(this.#context, key);
      } else {
        reconcileSimpleStatus(this.#context, key);
      }
    }
  }

  /** Cancels everything that is under way. */
  stop(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #replace(
    before: LiveObject,
    after: KubernetesObject,
    lastApplied?: KubernetesObject,
  ): void {
    const { metadata: _, status: __, ...left } = before;
    const { metadata: ___, status: ____, ...right } = after;
    this.store.put({
      manifest: after,
      lastApplied,
      specChanged: !jsonEquals(left, right),
    });
    this.#reconcile(keyOf(before));
  }

  #reconcile(key: ObjectKey): void {
    switch (`${key.group}/${key.kind}`) {
      case 'apps/Deployment':
        this.#obeyAutoscalers(key);
        reconcileDeployment(this.#context, key);
        return;
      case 'apps/StatefulSet':
        reconcileStatefulSet(this.#context, key);
        return;
      case 'autoscaling/HorizontalPodAutoscaler': {
        const autoscaler = this.store.get(key);
        const target = autoscaler && scaleTarget(autoscaler);
        if (target && this.store.get(target)) this.#reconcile(target);
        reconcileSimpleStatus(this.#context, key);
        return;
      }
      default:
        reconcileSimpleStatus(this.#context, key);
    }
  }

  /**
   * An autoscaler raises or lowers a Deployment into its bounds, but only
   * where the manifest leaves `replicas` to it; there is no load to scale by.
   */
  #obeyAutoscalers(key: ObjectKey): void {
    const stored = this.store.stored(key);
    if (
      !stored ||
      valueAt(stored.lastApplied, 'spec', 'replicas') !== undefined
    ) {
      return;
    }
    const current = valueAt(stored.object, 'spec', 'replicas') ?? 1;
    if (typeof current !== 'number' || current === 0) return;
    for (const autoscaler of this.store.list({
      group: 'autoscaling',
      kind: 'HorizontalPodAutoscaler',
    })) {
      const target = scaleTarget(autoscaler);
      if (!target || target.name !== key.name || target.kind !== key.kind)
        continue;
      if (target.namespace !== key.namespace || target.group !== key.group)
        continue;
      const minimum = Number(valueAt(autoscaler, 'spec', 'minReplicas') ?? 1);
      const maximum = Number(
        valueAt(autoscaler, 'spec', 'maxReplicas') ?? minimum,
      );
      const replicas = Math.min(Math.max(current, minimum), maximum);
      if (replicas === valueAt(stored.object, 'spec', 'replicas')) return;
      this.store.put({
        manifest: {
          ...stored.object,
          spec: { ...(stored.object.spec as JsonObject), replicas },
        },
        specChanged: true,
      });
      return;
    }
  }
}

/** The tag of an image reference; undefined when it has none. */
function tagOf(image: string): string | undefined {
  const [reference] = image.split('@');
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  return colon < 0 ? undefined : name.slice(colon + 1);
}
