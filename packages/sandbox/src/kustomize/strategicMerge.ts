import { UnsupportedKustomizationError } from './errors';
import { isJsonObject, Json, JsonObject, KubernetesObject } from './objects';
import { listKeyOf } from './listKeys';

/** Result of a merge that removes the value it was asked to merge into. */
const DELETED = Symbol('deleted');

interface MergeContext {
  readonly apiVersion: string;
  readonly kind: string;
  /** File of the patch, for errors. */
  readonly file: string;
}

/**
 * Applies a strategic merge patch as kustomize does: maps merge, `null`
 * removes, lists of the built-in types merge by their key with new items
 * first, other lists are replaced, and `$patch: delete | replace | merge`
 * directs a map or list item.
 *
 * @returns undefined when the patch deletes the object.
 * @throws UnsupportedKustomizationError for directives this does not do.
 */
export function strategicMerge(options: {
  target: KubernetesObject;
  patch: JsonObject;
  /** File of the patch, for errors. */
  file: string;
}): KubernetesObject | undefined {
  const { target, patch, file } = options;
  const { apiVersion, kind } = target;
  const merged = mergeMap(target, patch, [], { apiVersion, kind, file });
  if (merged === DELETED) return undefined;
  return { ...merged, apiVersion, kind } as KubernetesObject;
}

function fail(context: MergeContext, path: readonly string[], reason: string) {
  return new UnsupportedKustomizationError({
    file: context.file,
    field: path.join('.') || '$patch',
    reason,
  });
}

function mergeMap(
  target: JsonObject | undefined,
  patch: JsonObject,
  path: readonly string[],
  context: MergeContext,
): JsonObject | typeof DELETED {
  const directive = patch.$patch;
  if (directive === 'delete') return DELETED;
  if (directive === 'replace') {
    const { $patch: _, ...rest } = patch;
    return withoutNulls(rest) as JsonObject;
  }
  if (directive !== undefined && directive !== 'merge') {
    throw fail(context, path, `directive $patch: ${directive} is not known`);
  }
  const result: Record<string, Json | undefined> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch') continue;
    if (key.startsWith('$')) {
      throw fail(context, [...path, key], 'this directive is not supported');
    }
    const here = [...path, key];
    if (value === null) {
      delete result[key];
    } else if (isJsonObject(value)) {
      const existing = result[key];
      const merged = mergeMap(
        isJsonObject(existing) ? existing : undefined,
        value,
        here,
        context,
      );
      if (merged === DELETED) delete result[key];
      else result[key] = merged;
    } else if (Array.isArray(value)) {
      result[key] = mergeList(result[key], value, here, context);
    } else {
      result[key] = value;
    }
  }
  return result;
}

function mergeList(
  existing: Json | undefined,
  patch: readonly Json[],
  path: readonly string[],
  context: MergeContext,
): Json[] {
  const listKey = listKeyOf({ ...context, path });
  const replaceAll = patch.some(
    item =>
      isJsonObject(item) &&
      item.$patch === 'replace' &&
      Object.keys(item).length === 1,
  );
  if (replaceAll) {
    return patch
      .filter(item => !isJsonObject(item) || item.$patch !== 'replace')
      .map(withoutNulls);
  }
  const old = Array.isArray(existing) ? (existing as readonly Json[]) : [];
  if (listKey === 'unsupported' && old.length > 0) {
    throw fail(context, path, 'merging this list is not supported');
  }
  if (listKey === 'atomic' || listKey === 'unsupported') {
    if (patch.some(item => isJsonObject(item) && item.$patch !== undefined)) {
      throw fail(context, path, 'a list without keys takes no $patch items');
    }
    return patch.map(withoutNulls);
  }
  const { key } = listKey;
  const merged = new Map<Json, Json | typeof DELETED>();
  for (const item of patch) {
    if (!isJsonObject(item) || item[key] === undefined || item[key] === null) {
      throw fail(context, path, `every item needs its key "${key}"`);
    }
    const id = item[key];
    if (merged.has(id)) {
      throw fail(context, path, `two items have the same ${key} ${id}`);
    }
    const matches = old.filter(
      candidate => isJsonObject(candidate) && candidate[key] === id,
    );
    if (matches.length > 1) {
      throw fail(context, path, `several items have the ${key} ${id}`);
    }
    const before = isJsonObject(matches[0]) ? matches[0] : undefined;
    if (before && !sameProtocol(key, before, item)) {
      throw fail(
        context,
        path,
        `the port ${id} says "protocol" on one side only; kustomize does not merge those as one expects`,
      );
    }
    merged.set(id, mergeMap(before, item, path, context));
  }
  function idOf(item: Json): Json | undefined {
    return isJsonObject(item) ? item[key] : undefined;
  }

  function present(item: Json | typeof DELETED): item is Json {
    return item !== DELETED;
  }

  const known = new Set(old.map(idOf));
  if (isPortKey(key)) {
    // Ports have two keys, and kustomize walks those lists in another order:
    // new ones first, then the old ones where they were.
    const added = [...merged].filter(([id]) => !known.has(id));
    return [
      ...added.map(([, item]) => item),
      ...old.map(item => merged.get(idOf(item) as Json) ?? item),
    ].filter(present);
  }
  // Items of the patch come first, in the order of the patch: what kustomize
  // calls prepending.
  return [
    ...merged.values(),
    ...old.filter(item => !merged.has(idOf(item) as Json)),
  ].filter(present);
}

/** Ports are keyed by number and protocol, but only where both state it. */
function sameProtocol(
  key: string,
  left: JsonObject,
  right: JsonObject,
): boolean {
  if (!isPortKey(key)) return true;
  if (right.$patch === 'delete') return true;
  return left.protocol === right.protocol;
}

function isPortKey(key: string): boolean {
  return key === 'containerPort' || key === 'port';
}

/** A new subtree of a patch loses its nulls: there is nothing to remove. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null && inner !== undefined)
      .map(([name, inner]) => [name, withoutNulls(inner as Json)]),
  );
}
