import {
  assessHealth,
  differs,
  Health,
  imagesOf,
  isWorse,
  keyOf,
  keyText,
  LiveObject,
  ObjectKey,
  StoredObject,
} from '../cluster';
import {
  groupOf,
  isJsonObject,
  Json,
  KubernetesObject,
  versionOf,
} from '../kustomize';
import { isHook, Target, waveOf } from './targets';
import { ApplicationSpec, IgnoreDifference, ResourceStatus } from './wire';

/** What comparing an application with its cluster found. */
export interface Comparison {
  readonly status: 'Synced' | 'OutOfSync';
  /** Without health, as the object is stored. */
  readonly resources: readonly ResourceStatus[];
  /** Health by {@link resourceId}; kinds without health are absent. */
  readonly healths: ReadonlyMap<string, Health>;
  readonly health: Health;
  /** Sorted and unique: images of the pods there are. */
  readonly images: readonly string[];
  readonly isAppOfApps: boolean;
}

const NOTHING_IGNORED: readonly IgnoreDifference[] = [];

/** Read access to the cluster of an application. */
export interface ClusterView {
  stored(key: ObjectKey): StoredObject | undefined;
  ownedBy(uid: string): LiveObject[];
}

/** Identifies a resource of an application in its status. */
export function resourceId(resource: {
  group?: string;
  kind: string;
  namespace?: string;
  name: string;
}): string {
  const { group = '', kind, namespace, name } = resource;
  return keyText({ group, kind, namespace, name });
}

/**
 * Compares what an application wants with what is there.
 *
 * @param options.managed - live objects that carry the application's mark.
 * @param options.missingIsWorst - before 3.4 one missing resource made the
 *   application Missing; since then only when all are missing.
 */
export function compare(options: {
  targets: readonly Target[];
  managed: readonly LiveObject[];
  cluster: ClusterView;
  spec: ApplicationSpec;
  applicationHealth: boolean;
  missingIsWorst: boolean;
}): Comparison {
  const { targets, managed, cluster, spec, applicationHealth } = options;
  const resources: ResourceStatus[] = [];
  const healths = new Map<string, Health>();
  const images = new Set<string>();
  let outOfSync = false;
  let present = 0;
  let isAppOfApps = false;
  let worst: Health = { status: 'Healthy' };

  function add(
    object: KubernetesObject,
    live: LiveObject | undefined,
    status: 'Synced' | 'OutOfSync',
    requiresPruning: boolean,
  ) {
    const { name, namespace } = object.metadata;
    const wave = waveOf(object);
    const group = groupOf(object);
    resources.push({
      ...(group ? { group } : {}),
      version: versionOf(object),
      kind: object.kind,
      ...(namespace ? { namespace } : {}),
      name,
      status,
      ...(requiresPruning ? { requiresPruning } : {}),
      ...(wave !== 0 ? { syncWave: wave } : {}),
    });
    outOfSync ||= status === 'OutOfSync';
    const isChild = group === 'argoproj.io' && object.kind === 'Application';
    isAppOfApps ||= isChild;
    if (!live) {
      healths.set(keyText(keyOf(object)), { status: 'Missing' });
      if (options.missingIsWorst) worst = worseOf(worst, { status: 'Missing' });
      return;
    }
    present += 1;
    for (const image of podImages(live, cluster)) images.add(image);
    const health = assessHealth(live, { applicationHealth });
    if (!health) return;
    healths.set(keyText(keyOf(live)), health);
    const counts =
      !isChild || (health.status !== 'Missing' && health.status !== 'Unknown');
    if (counts) worst = worseOf(worst, health);
  }

  const wanted = new Set<string>();
  for (const target of targets) {
    if (isHook(target.manifest)) continue;
    wanted.add(target.id);
    const stored = cluster.stored(target.key);
    const synced =
      stored !== undefined &&
      !targetDiffers(stored, target, spec.ignoreDifferences ?? NOTHING_IGNORED);
    add(
      target.manifest,
      stored?.object,
      synced ? 'Synced' : 'OutOfSync',
      false,
    );
  }
  for (const live of managed) {
    if (wanted.has(keyText(keyOf(live))) || isHook(live)) continue;
    add(live, live, 'OutOfSync', true);
  }
  resources.sort((left, right) =>
    resourceId(left) < resourceId(right) ? -1 : 1,
  );
  const allMissing = resources.length > 0 && present === 0;
  return {
    status: outOfSync ? 'OutOfSync' : 'Synced',
    resources,
    healths,
    health: allMissing ? { status: 'Missing' } : { status: worst.status },
    images: [...images].sort(),
    isAppOfApps,
  };
}

function worseOf(left: Health, right: Health): Health {
  return isWorse(right.status, left.status) ? right : left;
}

/** Images of every pod below an object: containers and init containers. */
function podImages(object: LiveObject, cluster: ClusterView): string[] {
  if (groupOf(object) === '' && object.kind === 'Pod') {
    return imagesOf(object.spec as Json);
  }
  return cluster
    .ownedBy(object.metadata.uid)
    .flatMap(child => podImages(child, cluster));
}

/** Comparisons that were done for the very same pair of objects. */
const REMEMBERED = new WeakMap<
  LiveObject,
  { manifest: KubernetesObject; ignore: unknown; result: boolean }
>();

/** Whether applying a target would change its live object. */
export function targetDiffers(
  stored: StoredObject,
  target: Target,
  ignore: readonly IgnoreDifference[],
): boolean {
  const { object } = stored;
  const known = REMEMBERED.get(object);
  if (known && known.manifest === target.manifest && known.ignore === ignore) {
    return known.result;
  }
  const pointers = pointersFor(target, ignore);
  const result = differs({
    live: without(object, pointers),
    lastApplied: stored.lastApplied && without(stored.lastApplied, pointers),
    manifest: without(target.manifest, pointers),
  });
  REMEMBERED.set(object, { manifest: target.manifest, ignore, result });
  return result;
}

/**
 * The JSON pointers that a target is compared without.
 *
 * @throws Error for rules in jq or by field manager, which are not evaluated.
 */
export function pointersFor(
  target: Target,
  ignore: readonly IgnoreDifference[],
): string[] {
  const { group, kind, namespace, name } = target.key;
  return ignore.flatMap(rule => {
    const matches =
      (rule.group ?? '') === group &&
      rule.kind === kind &&
      (!rule.name || rule.name === name) &&
      (!rule.namespace || rule.namespace === namespace);
    if (!matches) return [];
    if (rule.jqPathExpressions?.length || rule.managedFieldsManagers?.length) {
      throw new Error(
        'the sandbox evaluates ignoreDifferences by jsonPointers only',
      );
    }
    return rule.jsonPointers ?? [];
  });
}

/** An object without the values at some JSON pointers. */
export function without<T extends KubernetesObject>(
  object: T,
  pointers: readonly string[],
): T {
  return pointers.reduce<T>((result, pointer) => {
    const path = pointer
      .split('/')
      .slice(1)
      .map(part => part.replace(/~1/g, '/').replace(/~0/g, '~'));
    return remove(result, path) as T;
  }, object);
}

function remove(value: Json | undefined, path: string[]): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return undefined;
  if (Array.isArray(value)) {
    const index = Number(key);
    return rest.length === 0
      ? value.filter((_, position) => position !== index)
      : value.map((item: Json, position) =>
          position === index ? (remove(item, rest) as Json) : item,
        );
  }
  if (!isJsonObject(value) || value[key] === undefined) return value;
  const { [key]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...value, [key]: remove(inner, rest) };
}
