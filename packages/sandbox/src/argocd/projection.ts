import { isJsonObject, Json, JsonObject, valueAt } from '../kustomize';
import { ArgoCdVersion } from './version';

/** What `fields` may name in a list before 3.5, without `items.`. */
const LIST_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
  'metadata.labels',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'spec',
  'status.sourceHydrator',
  'status.sync.status',
  'status.health',
  'status.summary',
  'status.resources',
  'status.operationState.startedAt',
  'status.operationState.finishedAt',
  'status.operationState.phase',
  'status.operationState.operation.sync',
  'operation.sync',
];

/** What 3.5 added. */
const LIST_FIELDS_SINCE_3_5 = [
  'spec.destination',
  'spec.project',
  'spec.source',
  'spec.sources',
  'spec.sourceHydrator',
  'spec.syncPolicy',
  'status.sync.revision',
];

/**
 * Projects one application of a list: an allow-list by version, in which one
 * field is misnamed (A10). Unknown names are dropped without a word.
 */
export function projectListItem(
  application: JsonObject,
  options: { fields: string; version: ArgoCdVersion },
): JsonObject {
  const { fields, version } = options;
  const exclude = fields.startsWith('-');
  const named = new Set((exclude ? fields.slice(1) : fields).split(','));
  const known = version.atLeast(5)
    ? [...LIST_FIELDS, ...LIST_FIELDS_SINCE_3_5]
    : LIST_FIELDS;
  const result: Record<string, Json | undefined> = {};
  for (const field of known) {
    if (named.has(`items.${field}`) === exclude) continue;
    const from =
      field === 'status.operationState.operation.sync'
        ? 'status.operationState.syncResult'
        : field;
    const value = valueAt(application, ...from.split('.'));
    if (value !== undefined) assign(result, field.split('.'), value);
  }
  return result;
}

function assign(
  target: Record<string, Json | undefined>,
  path: readonly string[],
  value: Json,
): void {
  const [key, ...rest] = path;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = isJsonObject(target[key]) ? { ...target[key] } : {};
  assign(inner, rest, value);
  target[key] = inner;
}

/**
 * The projection of streams, trees and managed resources: any path works, and
 * paths are compared as text without a look at dots. Asking for `spec.sources`
 * therefore keeps `spec.source`, emptied (A12).
 */
export function projectByPrefix(value: Json, fields: string): Json {
  const exclude = fields.startsWith('-');
  const names = (exclude ? fields.slice(1) : fields).split(',').filter(Boolean);
  function keep(path: string): boolean {
    return exclude
      ? !names.some(name => path.startsWith(name))
      : names.some(name => name.startsWith(path) || path.startsWith(name));
  }
  function visit(inner: Json, path: string): Json {
    if (Array.isArray(inner)) {
      return inner.map((item: Json) => visit(item, path));
    }
    if (!isJsonObject(inner)) return inner;
    const result: Record<string, Json> = {};
    for (const [key, child] of Object.entries(inner)) {
      const here = path === '' ? key : `${path}.${key}`;
      if (child !== undefined && keep(here)) result[key] = visit(child, here);
    }
    return result;
  }
  return names.length === 0 ? value : visit(value, '');
}
