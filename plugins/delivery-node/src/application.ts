import {
  Commit,
  DeploymentCondition,
  HealthState,
  ReplicaCounts,
  SyncOperation,
  SyncPolicy,
  SyncState,
} from '@slipway/plugin-delivery-common';

/**
 * What identifies an application: a name alone does not, because two instances,
 * and two namespaces of one instance, may each have an application of that name.
 *
 * @public
 */
export type ApplicationId = {
  /** Name of the instance, as configured. */
  instance: string;
  namespace: string;
  name: string;
};

/**
 * Writes an application id as a key. Instance names may hold any character, so
 * every part is percent-encoded and `/` is left to separate them.
 *
 * @public
 */
export function stringifyApplicationId(id: ApplicationId): string {
  return [id.instance, id.namespace, id.name].map(encodeURIComponent).join('/');
}

/**
 * Reads what {@link stringifyApplicationId} wrote.
 *
 * @throws TypeError when the text is not such a key.
 * @public
 */
export function parseApplicationId(key: string): ApplicationId {
  const parts = key.split('/').map(decodeURIComponent);
  const [instance, namespace, name] = parts;
  if (parts.length !== 3 || !instance || !name) {
    throw new TypeError(`'${key}' is not the key of an application`);
  }
  return { instance, namespace, name };
}

/**
 * One source that an application's manifests come from.
 *
 * @public
 */
export type ApplicationSource = {
  repoUrl: string;
  /** Folder in a git repository. */
  path?: string;
  /** Name of a Helm chart, if the source is one. */
  chart?: string;
  /** Branch, tag, commit or version range that is followed. */
  targetRevision?: string;
};

/**
 * One deployment in an application's own history.
 *
 * @public
 */
export type ApplicationHistoryEntry = {
  /** Id that the upstream gave it; grows, but not without gaps. */
  id: number;
  /** One revision a source, in the order of the sources. */
  revisions: string[];
  /** The sources at that time, where the upstream recorded them. */
  sources: ApplicationSource[];
  /** ISO 8601, UTC. */
  deployedAt: string;
  initiatedBy?: string;
  automated?: boolean;
};

/**
 * One side of a workload: what git asks for, or what the cluster has.
 *
 * @public
 */
export type WorkloadSide = {
  /** Image of each container of the pod template, by container name. */
  images: { [container: string]: string };
  replicas: ReplicaCounts;
};

/**
 * A workload of an application, as its manifests and its live object say.
 *
 * @public
 */
export type ObservedWorkload = {
  /** API group, such as `apps` or `argoproj.io`. */
  group: string;
  kind: string;
  namespace: string;
  name: string;
  /**
   * What git asks for; absent when git no longer has it, or has moved on since
   * it was read.
   */
  wanted?: WorkloadSide;
  /** What the cluster has; absent when it is not there. */
  live?: WorkloadSide;
  /** The live object's controller has caught up with its latest change. */
  settled: boolean;
};

/**
 * Everything that is used of an application, free of the upstream's wire
 * format. This is what is stored as a projection, so it holds nothing that
 * changes without meaning (no resource versions, no reconcile times).
 *
 * @public
 */
export type ObservedApplication = {
  id: ApplicationId;
  /** Changes when the application was deleted and made again. */
  uid?: string;
  project: string;
  labels: { [name: string]: string };
  /** Only those with a meaning here; see `OBSERVED_ANNOTATIONS`. */
  annotations: { [name: string]: string };
  destination: { server?: string; name?: string; namespace?: string };
  sources: ApplicationSource[];
  policy: SyncPolicy;
  sync: {
    state: SyncState;
    /** What git asks for now: one revision a source, by position. */
    revisions: string[];
  };
  health: {
    state: HealthState;
    message?: string;
    /** ISO 8601, UTC. */
    since?: string;
  };
  /**
   * False while Argo CD has not looked again since its last sync, and so cannot
   * know yet whether what it applied is well.
   */
  verified: boolean;
  operation?: SyncOperation & { revisions: string[] };
  conditions: DeploymentCondition[];
  /** Oldest first, and cut off by the upstream (ten entries by default). */
  history: ApplicationHistoryEntry[];
  /** Images of every pod, sidecars and hooks included: a hint, not a version. */
  images: string[];
  /** `undefined` while they have not been read. */
  workloads?: ObservedWorkload[];
  /** When the workloads were read: ISO 8601, UTC. */
  workloadsObservedAt?: string;
  /** The commits of `sync.revisions` that could be read, by sha. */
  commits: { [sha: string]: Commit };
  /** It deploys other applications, and is none of its own. */
  appOfApps: boolean;
  /** It is being deleted. */
  deleting: boolean;
  /** The upstream's own page of it. */
  url?: string;
};

/**
 * Type of the condition that a source puts on an application which is still
 * there and can no longer be read, for as long as that lasts. What was last seen
 * of it stays, and counts as stale.
 *
 * @public
 */
export const UNREADABLE_CONDITION = 'Unreadable';

/**
 * Annotations of an application that are kept in its projection.
 *
 * @public
 */
export const OBSERVED_ANNOTATIONS = [
  'backstage.io/entity-ref',
  'slipway.dev/environment',
  'argocd.argoproj.io/sync-wave',
] as const;
