import {
  isJsonObject,
  Json,
  jsonEquals,
  JsonObject,
  KubernetesObject,
  listKeyOf,
} from '../kustomize';

interface Type {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Fields that no manifest owns. */
const SERVER_METADATA = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'ownerReferences',
  'deletionTimestamp',
  'managedFields',
  'selfLink',
]);

/**
 * What an object becomes when a manifest is applied to it: the manifest's
 * fields win, fields of the previous manifest that it no longer has go away,
 * and everything that others wrote stays.
 *
 * @param options.lastApplied - the manifest applied before; undefined when
 *   the object was made otherwise.
 */
export function threeWayMerge(options: {
  live: KubernetesObject;
  lastApplied: KubernetesObject | undefined;
  manifest: KubernetesObject;
}): KubernetesObject {
  const { live, lastApplied, manifest } = options;
  const type = { apiVersion: manifest.apiVersion, kind: manifest.kind };
  return mergeMap(live, lastApplied, manifest, [], type) as KubernetesObject;
}

/**
 * Whether applying a manifest would change an object, which is what Argo CD
 * calls OutOfSync. Status never counts.
 */
export function differs(options: {
  live: KubernetesObject;
  lastApplied: KubernetesObject | undefined;
  manifest: KubernetesObject;
}): boolean {
  const merged = threeWayMerge(options);
  const { status: _, ...left } = merged;
  const { status: __, ...right } = options.live;
  return !jsonEquals(left, right);
}

function mergeMap(
  live: JsonObject,
  before: JsonObject | undefined,
  wanted: JsonObject,
  path: readonly string[],
  type: Type,
): JsonObject {
  const result: Record<string, Json | undefined> = { ...live };
  for (const key of Object.keys(before ?? {})) {
    if (wanted[key] === undefined && !isServerField(path, key)) {
      delete result[key];
    }
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (value === undefined || isServerField(path, key)) continue;
    result[key] = mergeValue(
      live[key],
      before?.[key],
      value,
      [...path, key],
      type,
    );
  }
  return result;
}

function mergeValue(
  live: Json | undefined,
  before: Json | undefined,
  wanted: Json,
  path: readonly string[],
  type: Type,
): Json {
  if (live === wanted) return wanted;
  if (isJsonObject(wanted) && isJsonObject(live)) {
    return mergeMap(
      live,
      isJsonObject(before) ? before : undefined,
      wanted,
      path,
      type,
    );
  }
  if (!Array.isArray(wanted) || !Array.isArray(live)) return wanted;
  const listKey = listKeyOf({ ...type, path });
  if (typeof listKey === 'string') return wanted;
  return mergeList(
    live as readonly Json[],
    Array.isArray(before) ? (before as readonly Json[]) : [],
    wanted as readonly Json[],
    path,
    type,
    listKey.key,
  );
}

function mergeList(
  live: readonly Json[],
  before: readonly Json[],
  wanted: readonly Json[],
  path: readonly string[],
  type: Type,
  key: string,
): Json {
  function find(list: readonly Json[], item: Json): Json | undefined {
    if (!isJsonObject(item)) return undefined;
    return list.find(
      other =>
        isJsonObject(other) &&
        other[key] === item[key] &&
        (other.protocol ?? 'TCP') === (item.protocol ?? 'TCP'),
    );
  }
  const strangers = live.filter(
    item =>
      find(wanted, item) === undefined && find(before, item) === undefined,
  );
  return [
    ...wanted.map(item => {
      const existing = find(live, item);
      return existing === undefined
        ? item
        : mergeValue(existing, find(before, item), item, path, type);
    }),
    ...strangers,
  ];
}

function isServerField(path: readonly string[], key: string): boolean {
  if (path.length === 0) return key === 'status';
  return (
    path.length === 1 && path[0] === 'metadata' && SERVER_METADATA.has(key)
  );
}
