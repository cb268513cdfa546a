import {
  groupOf,
  jsonEquals,
  JsonObject,
  KubernetesObject,
  valueAt,
} from '../../kustomize';
import { keyOf, LiveObject, ObjectKey, timestamp } from '../objectStore';
import { WorkloadContext } from './context';
import { imagesOf } from './pods';

/**
 * Gives objects whose controllers this cluster does not simulate in time the
 * status that those controllers settle on. A Job runs for as long as a pod
 * takes to become ready; with an image that is broken it fails after some
 * attempts, with one that is stuck it never ends.
 */
export function reconcileSimpleStatus(
  context: WorkloadContext,
  key: ObjectKey,
): void {
  const object = context.store.get(key);
  if (!object) return;
  if (key.group === 'batch' && key.kind === 'Job') {
    runJob(context, object);
    return;
  }
  const status = settledStatus(object, context);
  if (!status || jsonEquals(object.status, status)) return;
  context.store.put({ manifest: { ...object, status }, specChanged: false });
}

function settledStatus(
  object: LiveObject,
  context: WorkloadContext,
): JsonObject | undefined {
  const since = object.metadata.creationTimestamp;
  switch (`${groupOf(object)}/${object.kind}`) {
    case '/Namespace':
      return { phase: 'Active' };
    case '/PersistentVolumeClaim':
      return { phase: 'Bound' };
    case '/Service':
      return {
        loadBalancer:
          valueAt(object, 'spec', 'type') === 'LoadBalancer'
            ? { ingress: [{ hostname: `${object.metadata.name}.localhost` }] }
            : {},
      };
    case 'networking.k8s.io/Ingress':
      return { loadBalancer: { ingress: [{ hostname: 'localhost' }] } };
    case 'policy/PodDisruptionBudget':
      return {
        observedGeneration: object.metadata.generation,
        disruptionsAllowed: 1,
        conditions: [
          {
            type: 'DisruptionAllowed',
            status: 'True',
            reason: 'SufficientPods',
            message: '',
            observedGeneration: object.metadata.generation,
            lastTransitionTime: since,
          },
        ],
      };
    case 'autoscaling/HorizontalPodAutoscaler':
      return autoscalerStatus(object, context);
    default:
      return undefined;
  }
}

function autoscalerStatus(
  object: LiveObject,
  context: WorkloadContext,
): JsonObject {
  const target = scaleTarget(object);
  const workload = target && context.store.get(target);
  const replicas = workload && valueAt(workload, 'spec', 'replicas');
  const desired = typeof replicas === 'number' ? replicas : 1;
  return {
    observedGeneration: object.metadata.generation,
    currentReplicas: desired,
    desiredReplicas: desired,
    conditions: [
      {
        type: 'AbleToScale',
        status: 'True',
        reason: 'ReadyForNewScale',
        message: 'recommended size matches current size',
        lastTransitionTime: object.metadata.creationTimestamp,
      },
      {
        type: 'ScalingActive',
        status: 'True',
        reason: 'ValidMetricFound',
        message: 'the HPA was able to successfully calculate a replica count',
        lastTransitionTime: object.metadata.creationTimestamp,
      },
    ],
  };
}

/** The workload that a HorizontalPodAutoscaler scales. */
export function scaleTarget(
  autoscaler: KubernetesObject,
): ObjectKey | undefined {
  const reference = valueAt(autoscaler, 'spec', 'scaleTargetRef');
  const apiVersion = valueAt(reference, 'apiVersion');
  const kind = valueAt(reference, 'kind');
  const name = valueAt(reference, 'name');
  if (
    typeof apiVersion !== 'string' ||
    typeof kind !== 'string' ||
    typeof name !== 'string'
  ) {
    return undefined;
  }
  const { namespace } = autoscaler.metadata;
  return { group: groupOf({ apiVersion }), kind, namespace, name };
}

/** How many times longer than one pod a Job takes to give up. */
const ATTEMPTS = 3;

function runJob(context: WorkloadContext, job: LiveObject): void {
  if (valueAt(job, 'status', 'conditions') !== undefined) return;
  const images = imagesOf(valueAt(job, 'spec', 'template', 'spec'));
  const finish = (outcome: JsonObject) => {
    const present = context.store.get(keyOf(job));
    if (present?.metadata.uid !== job.metadata.uid) return;
    context.store.put({
      manifest: {
        ...present,
        status: {
          startTime: present.metadata.creationTimestamp,
          ...outcome,
        },
      },
      specChanged: false,
    });
  };
  if (context.isInstant()) {
    finish(completed(context));
  } else if (images.some(image => context.isStuckImage(image))) {
    // Whoever waits for it waits until somebody deletes it.
  } else if (images.some(image => context.isBadImage(image))) {
    later(context, job, ATTEMPTS, () => finish(failed(context)));
  } else {
    later(context, job, 1, () => finish(completed(context)));
  }
}

function later(
  context: WorkloadContext,
  job: LiveObject,
  times: number,
  run: () => void,
): void {
  const seconds = times * context.podReadySeconds;
  context.later(`job ${job.metadata.uid}`, seconds, run);
}

function completed(context: WorkloadContext): JsonObject {
  const now = timestamp(context.clock.now());
  return {
    completionTime: now,
    succeeded: 1,
    conditions: [
      {
        type: 'Complete',
        status: 'True',
        reason: 'CompletionsReached',
        message: 'Reached expected number of succeeded pods',
        lastTransitionTime: now,
      },
    ],
  };
}

function failed(context: WorkloadContext): JsonObject {
  return {
    failed: ATTEMPTS,
    conditions: [
      {
        type: 'Failed',
        status: 'True',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
        lastTransitionTime: timestamp(context.clock.now()),
      },
    ],
  };
}
