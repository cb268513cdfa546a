import {
  groupOf,
  isJsonObject,
  Json,
  KubernetesObject,
  valueAt,
} from '../kustomize';

/** The health of one resource, in Argo CD's words. */
export type HealthStatus =
  | 'Healthy'
  | 'Suspended'
  | 'Progressing'
  | 'Missing'
  | 'Degraded'
  | 'Unknown';

/** A health with the reason that Argo CD shows beside it. */
export interface Health {
  readonly status: HealthStatus;
  readonly message?: string;
}

/** From best to worst. */
const ORDER: readonly HealthStatus[] = [
  'Healthy',
  'Suspended',
  'Progressing',
  'Missing',
  'Degraded',
  'Unknown',
];

/** Whether the first is worse than the second: the worst one wins. */
export function isWorse(left: HealthStatus, right: HealthStatus): boolean {
  return ORDER.indexOf(left) > ORDER.indexOf(right);
}

/**
 * The health that Argo CD gives an object by its built-in rules; undefined for
 * kinds that have none (a ConfigMap is neither healthy nor not). Applications
 * have a rule only where an operator configured one.
 */
export function assessHealth(
  object: KubernetesObject,
  options: { applicationHealth: boolean },
): Health | undefined {
  if (valueAt(object, 'metadata', 'deletionTimestamp') !== undefined) {
    return { status: 'Progressing', message: 'Pending deletion' };
  }
  switch (`${groupOf(object)}/${object.kind}`) {
    case 'apps/Deployment':
      return deployment(object);
    case 'apps/StatefulSet':
      return statefulSet(object);
    case 'apps/ReplicaSet':
      return replicaSet(object);
    case '/Pod':
      return pod(object);
    case '/Service':
      return service(object);
    case 'networking.k8s.io/Ingress':
      return Array.isArray(valueAt(object, 'status', 'loadBalancer', 'ingress'))
        ? { status: 'Healthy' }
        : { status: 'Progressing' };
    case '/PersistentVolumeClaim':
      return claim(object);
    case 'autoscaling/HorizontalPodAutoscaler':
      return autoscaler(object);
    case 'policy/PodDisruptionBudget':
      return disruptionBudget(object);
    case 'batch/Job':
      return job(object);
    case 'argoproj.io/Application':
      return options.applicationHealth ? application(object) : undefined;
    default:
      return undefined;
  }
}

function numberAt(
  object: KubernetesObject,
  fallback: number,
  ...path: string[]
): number {
  const value = valueAt(object, ...path);
  return typeof value === 'number' ? value : fallback;
}

function conditions(object: KubernetesObject): readonly Record<string, Json>[] {
  const list = valueAt(object, 'status', 'conditions');
  return Array.isArray(list)
    ? list.filter(
        isJsonObject as (value: Json) => value is Record<string, Json>,
      )
    : [];
}

function progressing(message: string): Health {
  return { status: 'Progressing', message };
}

function deployment(object: KubernetesObject): Health {
  if (valueAt(object, 'spec', 'paused') === true) {
    return { status: 'Suspended', message: 'Deployment is paused' };
  }
  const generation = numberAt(object, 0, 'metadata', 'generation');
  if (generation > numberAt(object, 0, 'status', 'observedGeneration')) {
    return progressing(
      'Waiting for rollout to finish: observed deployment generation less than desired generation',
    );
  }
  const stuck = conditions(object).some(
    condition =>
      condition.type === 'Progressing' &&
      condition.reason === 'ProgressDeadlineExceeded',
  );
  if (stuck) {
    return {
      status: 'Degraded',
      message: `Deployment "${object.metadata.name}" exceeded its progress deadline`,
    };
  }
  const wanted = numberAt(object, 1, 'spec', 'replicas');
  const updated = numberAt(object, 0, 'status', 'updatedReplicas');
  const all = numberAt(object, 0, 'status', 'replicas');
  const available = numberAt(object, 0, 'status', 'availableReplicas');
  if (updated < wanted) {
    return progressing(
      `Waiting for rollout to finish: ${updated} out of ${wanted} new replicas have been updated...`,
    );
  }
  if (all > updated) {
    return progressing(
      `Waiting for rollout to finish: ${
        all - updated
      } old replicas are pending termination...`,
    );
  }
  if (available < updated) {
    return progressing(
      `Waiting for rollout to finish: ${available} of ${updated} updated replicas are available...`,
    );
  }
  return { status: 'Healthy' };
}

function statefulSet(object: KubernetesObject): Health {
  const generation = numberAt(object, 0, 'metadata', 'generation');
  const observed = numberAt(object, 0, 'status', 'observedGeneration');
  if (observed === 0 || generation > observed) {
    return progressing('Waiting for statefulset spec update to be observed...');
  }
  const wanted = numberAt(object, 1, 'spec', 'replicas');
  const ready = numberAt(object, 0, 'status', 'readyReplicas');
  if (ready < wanted) {
    return progressing(`Waiting for ${wanted - ready} pods to be ready...`);
  }
  const current = valueAt(object, 'status', 'currentRevision');
  const update = valueAt(object, 'status', 'updateRevision');
  if (current !== update) {
    const updated = numberAt(object, 0, 'status', 'updatedReplicas');
    return progressing(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${update}...`,
    );
  }
  return {
    status: 'Healthy',
    message: `statefulset rolling update complete ${numberAt(
      object,
      0,
      'status',
      'currentReplicas',
    )} pods at revision ${current}...`,
  };
}

function replicaSet(object: KubernetesObject): Health {
  const wanted = numberAt(object, 1, 'spec', 'replicas');
  const available = numberAt(object, 0, 'status', 'availableReplicas');
  return available < wanted
    ? progressing(
        `Waiting for rollout to finish: ${available} out of ${wanted} new replicas are available...`,
      )
    : { status: 'Healthy' };
}

function pod(object: KubernetesObject): Health {
  const statuses = valueAt(object, 'status', 'containerStatuses');
  for (const status of Array.isArray(statuses) ? statuses : []) {
    const reason = valueAt(status as Json, 'state', 'waiting', 'reason');
    if (typeof reason === 'string' && /BackOff$|^Err/.test(reason)) {
      const message = valueAt(status as Json, 'state', 'waiting', 'message');
      return { status: 'Degraded', message: String(message ?? reason) };
    }
  }
  const ready = conditions(object).some(
    condition => condition.type === 'Ready' && condition.status === 'True',
  );
  return { status: ready ? 'Healthy' : 'Progressing' };
}

function service(object: KubernetesObject): Health {
  if (valueAt(object, 'spec', 'type') !== 'LoadBalancer') {
    return { status: 'Healthy' };
  }
  return Array.isArray(valueAt(object, 'status', 'loadBalancer', 'ingress'))
    ? { status: 'Healthy' }
    : { status: 'Progressing' };
}

function claim(object: KubernetesObject): Health {
  switch (valueAt(object, 'status', 'phase')) {
    case 'Bound':
      return { status: 'Healthy' };
    case 'Lost':
      return { status: 'Degraded' };
    default:
      return { status: 'Progressing' };
  }
}

function autoscaler(object: KubernetesObject): Health {
  const [failed] = conditions(object).filter(
    ({ status, reason }) =>
      status === 'False' && /^Failed|^Invalid/.test(String(reason)),
  );
  if (failed) return { status: 'Degraded', message: String(failed.message) };
  const [able] = conditions(object).filter(
    ({ type, status }) =>
      (type === 'AbleToScale' || type === 'ScalingLimited') &&
      status === 'True',
  );
  return able
    ? { status: 'Healthy', message: String(able.message) }
    : progressing('Waiting to Autoscale');
}

function disruptionBudget(object: KubernetesObject): Health {
  const [bad] = conditions(object).filter(
    ({ status, reason }) => status === 'False' && reason !== 'InsufficientPods',
  );
  const [any] = conditions(object);
  if (bad) {
    return {
      status: 'Degraded',
      message: `PodDisruptionBudget has ${bad.reason}`,
    };
  }
  return any
    ? { status: 'Healthy', message: `PodDisruptionBudget has ${any.reason}` }
    : progressing('Waiting for status');
}

function job(object: KubernetesObject): Health {
  for (const { type, status, message } of conditions(object)) {
    if (status !== 'True') continue;
    if (type === 'Failed') {
      return { status: 'Degraded', message: String(message ?? '') };
    }
    if (type === 'Complete') {
      return { status: 'Healthy', message: String(message ?? '') };
    }
    if (type === 'Suspended') {
      return { status: 'Suspended', message: String(message ?? '') };
    }
  }
  return { status: 'Progressing' };
}

/** The usual Lua check of an Application, translated: its own health. */
function application(object: KubernetesObject): Health {
  const status = valueAt(object, 'status', 'health', 'status');
  const known = ORDER.find(candidate => candidate === status);
  return known ? { status: known } : progressing('');
}
