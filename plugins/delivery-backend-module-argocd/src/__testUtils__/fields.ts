/**
 * Argo CD's field filter of streams and managed resources: it keeps what is
 * named, and empties what is a string prefix of something named.
 */
export function project(value: unknown, fields: string | null): unknown {
  const wanted = fields ? fields.split(',') : [];
  return wanted.length === 0 ? value : filter(value, [], wanted);
}

function filter(value: unknown, path: string[], wanted: string[]): unknown {
  if (Array.isArray(value)) {
    return value.map(item => filter(item, path, wanted));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const kept: { [key: string]: unknown } = {};
  for (const [key, child] of Object.entries(value)) {
    const here = [...path, key].join('.');
    if (wanted.includes(here)) {
      kept[key] = child;
    } else if (wanted.some(field => field.startsWith(here))) {
      kept[key] = filter(child, [...path, key], wanted);
    }
  }
  return kept;
}

/** What the list knows, by version of the server; other names are dropped. */
const LISTED_UP_TO_3_4 = [
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
  'metadata.labels',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'spec',
  'status.sync.status',
  'status.health',
  'status.summary',
  'status.resources',
  'status.operationState.startedAt',
  'status.operationState.finishedAt',
  'status.operationState.phase',
];

const LISTED_FROM_3_5 = [
  ...LISTED_UP_TO_3_4,
  'spec.destination',
  'spec.project',
  'spec.source',
  'spec.sources',
  'spec.sourceHydrator',
  'spec.syncPolicy',
  'status.sync.revision',
];

/** What is left of an application in the list. */
export function projectListed(
  application: unknown,
  options: { fields: string | null; minorVersion: number },
): unknown {
  const known = options.minorVersion >= 5 ? LISTED_FROM_3_5 : LISTED_UP_TO_3_4;
  const wanted = (options.fields ?? '')
    .split(',')
    .map(field => field.replace(/^items\./, ''))
    .filter(field => known.includes(field));
  // Exact names only: no prefixes here.
  const picked: { [key: string]: unknown } = {};
  for (const field of wanted) {
    copy(application, picked, field.split('.'));
  }
  return picked;
}

function copy(
  from: unknown,
  to: { [key: string]: unknown },
  [key, ...rest]: string[],
): void {
  const value = (from as { [key: string]: unknown } | undefined)?.[key];
  if (value === undefined) {
    return;
  }
  if (rest.length === 0) {
    to[key] = value;
    return;
  }
  to[key] ??= {};
  copy(value, to[key] as { [key: string]: unknown }, rest);
}
