import {
  JsonObject,
  jsonEquals,
  KubernetesObject,
  valueAt,
} from '../../kustomize';
import { shortName } from '../chance';
import { keyOf, LiveObject, ObjectKey, timestamp } from '../objectStore';
import { WorkloadContext } from './context';
import { createPod, isReady, startPod } from './pods';
import { podsOf, templateHash, templateOf, wantedReplicas } from './template';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

/**
 * Moves a Deployment one step towards what it wants: makes the ReplicaSet of
 * its template, adds pods as far as `maxSurge` allows and removes old ones as
 * far as `maxUnavailable` allows. Pods that become ready call it again, so old
 * replicas stay until new ones serve.
 */
export function reconcileDeployment(
  context: WorkloadContext,
  key: ObjectKey,
): void {
  const deployment = context.store.get(key);
  if (!deployment) return;
  const current = ensureReplicaSet(context, deployment);
  const sets = replicaSetsOf(context, deployment);
  if (valueAt(deployment, 'spec', 'paused') !== true) {
    while (step(context, deployment, current, sets)) {
      // Each step makes room for the next one.
    }
  }
  for (const set of sets) writeReplicaSetStatus(context, set);
  prune(context, deployment, current);
  writeStatus(context, deployment, current);
}

/**
 * Whether a Deployment has all that it wants, so that there is nothing to
 * resume. Its condition says so, as long as nobody has changed it since.
 */
export function isSettledDeployment(deployment: LiveObject): boolean {
  const { generation } = deployment.metadata;
  return (
    valueAt(deployment, 'status', 'observedGeneration') === generation &&
    valueAt(deployment, 'status', 'unavailableReplicas') === 0 &&
    conditionsOf(deployment).get('Progressing')?.reason ===
      'NewReplicaSetAvailable'
  );
}

/** Starts the pods that were starting when the sandbox was stopped. */
export function resumeDeployment(
  context: WorkloadContext,
  key: ObjectKey,
): void {
  const deployment = context.store.get(key);
  if (!deployment) return;
  for (const set of replicaSetsOf(context, deployment)) {
    for (const pod of context.store.ownedBy(set.metadata.uid)) {
      if (!isReady(pod)) {
        startPod({
          context,
          pod,
          onChange: () => reconcileDeployment(context, key),
        });
      }
    }
  }
  reconcileDeployment(context, key);
}

function replicaSetsOf(
  context: WorkloadContext,
  deployment: LiveObject,
): LiveObject[] {
  return context.store
    .ownedBy(deployment.metadata.uid)
    .filter(object => object.kind === 'ReplicaSet');
}

function revisionOf(object: KubernetesObject): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0);
}

function ensureReplicaSet(
  context: WorkloadContext,
  deployment: LiveObject,
): LiveObject {
  const hash = templateHash(deployment);
  const sets = replicaSetsOf(context, deployment);
  const newest = Math.max(0, ...sets.map(revisionOf));
  const existing = sets.find(set => set.metadata.labels?.[HASH] === hash);
  if (existing && revisionOf(existing) === newest) return existing;
  const revision = { [REVISION]: String(newest + 1) };
  if (existing) {
    return context.store.put({
      manifest: {
        ...existing,
        metadata: {
          ...existing.metadata,
          annotations: { ...existing.metadata.annotations, ...revision },
        },
      },
      specChanged: false,
    });
  }
  const template = templateOf(deployment);
  const labels = valueAt(template, 'metadata', 'labels') as
    | Record<string, string>
    | undefined;
  return context.store.put({
    manifest: {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${deployment.metadata.name}-${hash}`,
        namespace: deployment.metadata.namespace,
        labels: { ...labels, [HASH]: hash },
        annotations: revision,
        ownerReferences: [
          {
            apiVersion: deployment.apiVersion,
            kind: deployment.kind,
            name: deployment.metadata.name,
            uid: deployment.metadata.uid,
            controller: true,
          },
        ],
      },
      spec: { replicas: 0, template },
      status: { replicas: 0 },
    },
    specChanged: true,
  });
}

/** One round of adding and removing; true when it changed something. */
function step(
  context: WorkloadContext,
  deployment: LiveObject,
  current: LiveObject,
  sets: readonly LiveObject[],
): boolean {
  const { store } = context;
  const key = keyOf(deployment);
  const wanted = wantedReplicas(deployment);
  const strategy = valueAt(deployment, 'spec', 'strategy');
  const recreate = valueAt(strategy, 'type') === 'Recreate';
  const surge = recreate
    ? 0
    : podsOf({
        value: valueAt(strategy, 'rollingUpdate', 'maxSurge'),
        fallback: '25%',
        wanted,
        round: Math.ceil,
      });
  const unavailable = recreate
    ? wanted
    : Math.max(
        surge === 0 ? 1 : 0,
        podsOf({
          value: valueAt(strategy, 'rollingUpdate', 'maxUnavailable'),
          fallback: '25%',
          wanted,
          round: Math.floor,
        }),
      );
  const fresh = store.ownedBy(current.metadata.uid);
  const old = sets
    .filter(set => set.metadata.uid !== current.metadata.uid)
    .flatMap(set => store.ownedBy(set.metadata.uid));

  let changed = false;
  // Too many of the new ones: the youngest go first.
  for (const pod of fresh.slice(wanted)) {
    changed = store.remove(keyOf(pod)) || changed;
  }
  // Old pods that never served are in nobody's way.
  const served = wanted === 0 ? [] : old.filter(isReady);
  for (const pod of old) {
    if (!served.includes(pod)) changed = store.remove(keyOf(pod)) || changed;
  }
  const ready = fresh.slice(0, wanted).filter(isReady).length + served.length;
  const removable = Math.max(0, ready - (wanted - unavailable));
  for (const pod of served.slice(0, removable)) {
    changed = store.remove(keyOf(pod)) || changed;
  }
  const left = served.length - Math.min(removable, served.length);
  const room = recreate && left > 0 ? 0 : wanted + surge - left;
  const target = Math.min(wanted, Math.max(fresh.length, room));
  for (let index = fresh.length; index < target; index++) {
    createPod({
      context,
      owner: current,
      name: `${current.metadata.name}-${shortName(
        5,
        String(context.seed),
        current.metadata.uid,
        store.resourceVersion,
      )}`,
      template: templateOf(deployment),
      labels: { [HASH]: current.metadata.labels?.[HASH] ?? '' },
      onChange: () => reconcileDeployment(context, key),
    });
    changed = true;
  }
  return changed;
}

function writeReplicaSetStatus(context: WorkloadContext, set: LiveObject) {
  const present = context.store.get(keyOf(set));
  if (!present) return;
  const pods = context.store.ownedBy(set.metadata.uid);
  const ready = pods.filter(isReady).length;
  const status = {
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
  };
  const spec = present.spec as JsonObject;
  if (jsonEquals(present.status, status) && spec.replicas === pods.length) {
    return;
  }
  context.store.put({
    manifest: { ...present, spec: { ...spec, replicas: pods.length }, status },
    specChanged: spec.replicas !== pods.length,
  });
}

/** Removes empty ReplicaSets beyond `revisionHistoryLimit`. */
function prune(
  context: WorkloadContext,
  deployment: LiveObject,
  current: LiveObject,
) {
  const limit = valueAt(deployment, 'spec', 'revisionHistoryLimit');
  const empty = replicaSetsOf(context, deployment)
    .filter(
      set =>
        set.metadata.uid !== current.metadata.uid &&
        context.store.ownedBy(set.metadata.uid).length === 0,
    )
    .sort((left, right) => revisionOf(right) - revisionOf(left));
  for (const set of empty.slice(typeof limit === 'number' ? limit : 10)) {
    context.store.remove(keyOf(set));
  }
}

function writeStatus(
  context: WorkloadContext,
  given: LiveObject,
  current: LiveObject,
): void {
  const { store } = context;
  const key = keyOf(given);
  const deployment = store.get(key) ?? given;
  const wanted = wantedReplicas(deployment);
  const pods = replicaSetsOf(context, deployment).flatMap(set =>
    store.ownedBy(set.metadata.uid),
  );
  const fresh = store.ownedBy(current.metadata.uid);
  const ready = pods.filter(isReady).length;
  const done =
    fresh.length === wanted && pods.length === wanted && ready === wanted;
  const before = conditionsOf(deployment);
  const setName = current.metadata.name;
  // Whatever moves a rollout forward starts its deadline anew.
  const progress = `${setName} ${wanted} ${fresh.filter(isReady).length}`;
  const stuck =
    before.get('Progressing')?.reason === 'ProgressDeadlineExceeded' &&
    before.get('Progressing')?.message ===
      `ReplicaSet "${setName}" has timed out progressing.` &&
    !done;
  const deadline = `deadline ${deployment.metadata.uid}`;
  if (done || stuck) {
    context.later(deadline, -1, () => {});
  } else if (
    context.progress.get(deployment.metadata.uid) !== progress ||
    !context.isWaiting(deadline)
  ) {
    context.progress.set(deployment.metadata.uid, progress);
    const seconds = valueAt(deployment, 'spec', 'progressDeadlineSeconds');
    context.later(deadline, typeof seconds === 'number' ? seconds : 600, () =>
      exceedDeadline(context, key, deployment.metadata.uid, setName),
    );
  }
  const now = timestamp(context.clock.now());
  const available = ready >= wanted - Math.floor(wanted * 0.25);
  const progressing = stuck
    ? before.get('Progressing')!
    : {
        type: 'Progressing',
        status: 'True',
        reason: done ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
        message: done
          ? `ReplicaSet "${setName}" has successfully progressed.`
          : `ReplicaSet "${setName}" is progressing.`,
      };
  const status = {
    observedGeneration: deployment.metadata.generation,
    replicas: pods.length,
    updatedReplicas: fresh.length,
    readyReplicas: ready,
    availableReplicas: ready,
    unavailableReplicas: Math.max(0, wanted - ready),
    conditions: [
      {
        type: 'Available',
        status: available ? 'True' : 'False',
        reason: available
          ? 'MinimumReplicasAvailable'
          : 'MinimumReplicasUnavailable',
        message: available
          ? 'Deployment has minimum availability.'
          : 'Deployment does not have minimum availability.',
      },
      progressing,
    ].map(condition => withTransition(condition, before, now)),
  };
  const annotations = {
    ...deployment.metadata.annotations,
    [REVISION]: String(revisionOf(store.get(keyOf(current)) ?? current)),
  };
  if (
    jsonEquals(deployment.status, status) &&
    jsonEquals(deployment.metadata.annotations, annotations)
  ) {
    return;
  }
  store.put({
    manifest: {
      ...deployment,
      metadata: { ...deployment.metadata, annotations },
      status,
    },
    specChanged: false,
  });
}

interface Condition {
  readonly [key: string]: string;
}

function conditionsOf(object: KubernetesObject): Map<string, Condition> {
  const list = valueAt(object, 'status', 'conditions');
  return new Map(
    (Array.isArray(list) ? (list as Condition[]) : []).map(condition => [
      condition.type,
      condition,
    ]),
  );
}

function withTransition(
  condition: Condition,
  before: ReadonlyMap<string, Condition>,
  now: string,
): Condition {
  const previous = before.get(condition.type);
  const same =
    previous?.status === condition.status &&
    previous?.reason === condition.reason &&
    previous?.message === condition.message;
  if (previous && same) return previous;
  return {
    ...condition,
    lastUpdateTime: now,
    lastTransitionTime:
      previous?.status === condition.status ? previous.lastTransitionTime : now,
  };
}

function exceedDeadline(
  context: WorkloadContext,
  key: ObjectKey,
  uid: string,
  setName: string,
): void {
  const deployment = context.store.get(key);
  if (deployment?.metadata.uid !== uid) return;
  const now = timestamp(context.clock.now());
  const conditions = [...conditionsOf(deployment).values()].filter(
    condition => condition.type !== 'Progressing',
  );
  context.store.put({
    manifest: {
      ...deployment,
      status: {
        ...(deployment.status as JsonObject),
        conditions: [
          ...conditions,
          {
            type: 'Progressing',
            status: 'False',
            reason: 'ProgressDeadlineExceeded',
            message: `ReplicaSet "${setName}" has timed out progressing.`,
            lastUpdateTime: now,
            lastTransitionTime: now,
          },
        ],
      },
    },
    specChanged: false,
  });
}
