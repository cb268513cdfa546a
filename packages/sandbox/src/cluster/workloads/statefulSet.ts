import { jsonEquals, valueAt } from '../../kustomize';
import { keyOf, LiveObject, ObjectKey } from '../objectStore';
import { WorkloadContext } from './context';
import { createPod, isReady, startPod } from './pods';
import { templateHash, templateOf, wantedReplicas } from './template';

const REVISION = 'controller-revision-hash';

/**
 * Moves a StatefulSet one step towards what it wants: pods are made in order,
 * each when those before it are ready, and replaced from the last one down,
 * one at a time.
 *
 * One kindness that Kubernetes does not have: an unready pod of an older
 * revision is replaced at once, so that fixing a bad image is enough.
 */
export function reconcileStatefulSet(
  context: WorkloadContext,
  key: ObjectKey,
): void {
  while (step(context, key)) {
    // In instant mode each pod is ready at once and lets the next one follow.
  }
  writeStatus(context, key);
}

/** Starts the pods that were starting when the sandbox was stopped. */
export function resumeStatefulSet(
  context: WorkloadContext,
  key: ObjectKey,
): void {
  const set = context.store.get(key);
  if (!set) return;
  for (const pod of context.store.ownedBy(set.metadata.uid)) {
    if (!isReady(pod)) {
      startPod({
        context,
        pod,
        onChange: () => reconcileStatefulSet(context, key),
      });
    }
  }
  reconcileStatefulSet(context, key);
}

function ordinalOf(pod: LiveObject): number {
  return Number(
    pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1),
  );
}

function revisionOf(set: LiveObject): string {
  return `${set.metadata.name}-${templateHash(set)}`;
}

function podsOf(context: WorkloadContext, set: LiveObject): LiveObject[] {
  return context.store
    .ownedBy(set.metadata.uid)
    .sort((left, right) => ordinalOf(left) - ordinalOf(right));
}

function step(context: WorkloadContext, key: ObjectKey): boolean {
  const { store } = context;
  const set = store.get(key);
  if (!set) return false;
  const wanted = wantedReplicas(set);
  const revision = revisionOf(set);
  const pods = podsOf(context, set);
  const last = pods.at(-1);
  if (last && ordinalOf(last) >= wanted) return store.remove(keyOf(last));
  const parallel = valueAt(set, 'spec', 'podManagementPolicy') === 'Parallel';
  for (let ordinal = 0; ordinal < wanted; ordinal++) {
    const pod = pods.find(candidate => ordinalOf(candidate) === ordinal);
    if (!pod) {
      createPod({
        context,
        owner: set,
        name: `${set.metadata.name}-${ordinal}`,
        template: templateOf(set),
        labels: { [REVISION]: revision },
        onChange: () => reconcileStatefulSet(context, key),
      });
      return true;
    }
    if (!isReady(pod) && !parallel) break;
  }
  const strategy = valueAt(set, 'spec', 'updateStrategy');
  if (valueAt(strategy, 'type') === 'OnDelete') return false;
  const partition = valueAt(strategy, 'rollingUpdate', 'partition');
  const first = typeof partition === 'number' ? partition : 0;
  const outdated = pods.filter(
    pod =>
      ordinalOf(pod) >= first && pod.metadata.labels?.[REVISION] !== revision,
  );
  const next =
    outdated.find(pod => !isReady(pod)) ??
    (pods.length === wanted && pods.every(isReady)
      ? outdated[outdated.length - 1]
      : undefined);
  return next ? store.remove(keyOf(next)) : false;
}

function writeStatus(context: WorkloadContext, key: ObjectKey): void {
  const set = context.store.get(key);
  if (!set) return;
  const wanted = wantedReplicas(set);
  const updateRevision = revisionOf(set);
  const pods = podsOf(context, set);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter(
    pod => pod.metadata.labels?.[REVISION] === updateRevision,
  ).length;
  const before = valueAt(set, 'status', 'currentRevision');
  const done = updated === wanted && ready === wanted;
  const currentRevision =
    done || typeof before !== 'string' ? updateRevision : before;
  const status = {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    currentReplicas: done ? updated : pods.length - updated,
    updatedReplicas: updated,
    currentRevision,
    updateRevision,
  };
  if (jsonEquals(set.status, status)) return;
  context.store.put({ manifest: { ...set, status }, specChanged: false });
}
