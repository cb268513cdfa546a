import {
  groupOf,
  jsonEquals,
  JsonObject,
  KubernetesObject,
  valueAt,
} from '../../kustomize';
import { keyOf, LiveObject, ObjectKey, timestamp } from '../objectStore';
import { WorkloadContext } from './context';

/**
 * Gives objects whose controllers this cluster does not simulate in time the
 * status that those controllers settle on. A Job runs for as long as a pod
 * takes to become ready.
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

function runJob(context: WorkloadContext, job: LiveObject): void {
  if (valueAt(job, 'status', 'succeeded') !== undefined) return;
  const finish = () => {
    const present = context.store.get(keyOf(job));
    if (present?.metadata.uid !== job.metadata.uid) return;
    const now = timestamp(context.clock.now());
    context.store.put({
      manifest: {
        ...present,
        status: {
          startTime: present.metadata.creationTimestamp,
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
        },
      },
      specChanged: false,
    });
  };
  if (context.isInstant()) finish();
  else {
    context.later(`job ${job.metadata.uid}`, context.podReadySeconds, finish);
  }
}
