/**
 * Which field identifies an item of a list, by the name of the list: the
 * patch-merge-keys of the built-in types, as Kubernetes' OpenAPI document
 * states them. Lists that are not here are atomic: a patch replaces them.
 */
const KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
};

/** Lists with several keys at once, which this renderer does not merge. */
const SEVERAL_KEYS = new Set([
  'topologySpreadConstraints',
  'ephemeralContainers',
  'resourceClaims',
]);

/** Kinds whose lists merge by key; every other kind's lists are atomic. */
const POD_OWNERS = new Set([
  'v1/Pod',
  'v1/ReplicationController',
  'apps/v1/Deployment',
  'apps/v1/StatefulSet',
  'apps/v1/DaemonSet',
  'apps/v1/ReplicaSet',
  'batch/v1/Job',
  'batch/v1/CronJob',
]);

/** How a list merges: whole, by a key, or in a way that is not done here. */
export type ListKey = 'atomic' | 'unsupported' | { readonly key: string };

/**
 * How a list of an object merges.
 *
 * @param options.path - keys from the object's root, without list positions.
 */
export function listKeyOf(options: {
  apiVersion: string;
  kind: string;
  path: readonly string[];
}): ListKey {
  const { apiVersion, kind, path } = options;
  const last = path[path.length - 1];
  const type = `${apiVersion}/${kind}`;
  if (type === 'v1/Service' && path.join('.') === 'spec.ports') {
    return { key: 'port' };
  }
  if (type === 'v1/ServiceAccount' && path.length === 1) {
    return last === 'secrets' ? { key: 'name' } : 'atomic';
  }
  if (!POD_OWNERS.has(type) || path[0] !== 'spec') return 'atomic';
  const parent = path[path.length - 2];
  if (last === 'ports' && /ontainers$/.test(parent ?? '')) {
    return { key: 'containerPort' };
  }
  if (last === 'env' || last === 'volumeMounts' || last === 'volumeDevices') {
    return /ontainers$/.test(parent ?? '') ? { key: KEYS[last] } : 'atomic';
  }
  const podSpec =
    kind === 'Pod'
      ? path.length === 2
      : parent === 'spec' && path.includes('template');
  if (!podSpec || last === undefined) return 'atomic';
  if (SEVERAL_KEYS.has(last)) return 'unsupported';
  return KEYS[last] ? { key: KEYS[last] } : 'atomic';
}
