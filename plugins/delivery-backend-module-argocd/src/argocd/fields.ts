/**
 * What is asked for of the event stream, and nothing more.
 *
 * Argo CD sends an event only when what is left of an application differs from
 * the last event, so a narrow choice is also the debounce: `reconciledAt` and
 * `resourceVersion`, which move every few minutes without meaning, are left
 * out.
 *
 * The server keeps every field whose path is a *string prefix* of one that is
 * asked for, emptied of its children. Asking for `spec.sources` alone turns a
 * plain `spec.source` into `{}`; so both are asked for by their leaves, and an
 * empty source is read as none.
 */
const STREAMED = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'metadata.labels',
  'metadata.annotations.backstage.io/entity-ref',
  'metadata.annotations.slipway.dev/environment',
  'metadata.annotations.argocd.argoproj.io/sync-wave',
  'metadata.deletionTimestamp',
  'spec.project',
  'spec.destination',
  ...source('spec.source'),
  ...source('spec.sources'),
  'spec.sourceHydrator.drySource',
  'spec.syncPolicy.automated',
  ...operation('operation'),
  'status.sync.status',
  'status.sync.revision',
  'status.sync.revisions',
  'status.health',
  'status.operationState.phase',
  'status.operationState.message',
  'status.operationState.startedAt',
  'status.operationState.finishedAt',
  ...operation('status.operationState.operation'),
  'status.operationState.syncResult.revision',
  'status.operationState.syncResult.revisions',
  'status.history.id',
  'status.summary.images',
  'status.summary.isAppOfApps',
  'status.conditions',
  'status.sourceHydrator.currentOperation.drySHA',
  'status.sourceHydrator.currentOperation.hydratedSHA',
  'status.sourceHydrator.lastSuccessfulOperation.drySHA',
  'status.sourceHydrator.lastSuccessfulOperation.hydratedSHA',
];

/** `fields` of the application stream. */
export const STREAM_FIELDS = [
  'result.type',
  ...STREAMED.map(field => `result.application.${field}`),
  'error',
].join(',');

/**
 * `fields` of the application list. There, Argo CD knows a fixed set of names
 * and drops others: `items.spec` up to 3.4, its parts and `sync.revision` from
 * 3.5. Asking for both works everywhere; what comes back decides what is
 * compared. `operationState.operation.sync` is misnamed by Argo CD (it holds
 * the result of the sync), and not asked for.
 */
export const LIST_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.deletionTimestamp',
  'spec',
  'spec.project',
  'spec.destination',
  'spec.source',
  'spec.sources',
  'spec.sourceHydrator',
  'spec.syncPolicy',
  'status.sync.status',
  'status.sync.revision',
  'status.health',
  'status.summary',
  'status.operationState.phase',
  'status.operationState.finishedAt',
]
  .map(field => `items.${field}`)
  .join(',');

/** `fields` of the managed resources of an application. */
export const MANAGED_RESOURCE_FIELDS = [
  'group',
  'kind',
  'namespace',
  'name',
  'targetState',
  'liveState',
  'hook',
]
  .map(field => `items.${field}`)
  .join(',');

function source(path: string): string[] {
  return ['repoURL', 'path', 'chart', 'targetRevision'].map(
    leaf => `${path}.${leaf}`,
  );
}

function operation(path: string): string[] {
  return [
    'initiatedBy',
    'info',
    'sync.revision',
    'sync.revisions',
    'sync.dryRun',
    'sync.resources.name',
  ].map(leaf => `${path}.${leaf}`);
}
