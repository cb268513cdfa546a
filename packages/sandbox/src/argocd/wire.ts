import { HealthStatus, LiveObject } from '../cluster';

/*
 * The JSON of Argo CD's objects, as far as the sandbox writes it. Types, not
 * interfaces: only type aliases count as JSON objects for the compiler.
 */

/** Where manifests come from. */
export type ApplicationSource = {
  readonly repoURL: string;
  readonly path?: string;
  readonly targetRevision?: string;
  readonly directory?: {
    readonly recurse?: boolean;
    readonly include?: string;
    readonly exclude?: string;
  };
  readonly kustomize?: { readonly images?: readonly string[] };
};

export type Destination = {
  readonly server?: string;
  readonly name?: string;
  readonly namespace?: string;
};

export type RetryStrategy = {
  readonly limit?: number;
  readonly refresh?: boolean;
  readonly backoff?: {
    readonly duration?: string;
    readonly factor?: number;
    readonly maxDuration?: string;
  };
};

export type SyncPolicy = {
  readonly automated?: {
    readonly enabled?: boolean;
    readonly prune?: boolean;
    readonly selfHeal?: boolean;
    readonly allowEmpty?: boolean;
  };
  readonly syncOptions?: readonly string[];
  readonly retry?: RetryStrategy;
};

export type IgnoreDifference = {
  readonly group?: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly jsonPointers?: readonly string[];
  readonly jqPathExpressions?: readonly string[];
  readonly managedFieldsManagers?: readonly string[];
};

export type ApplicationSpec = {
  readonly project?: string;
  readonly source?: ApplicationSource;
  readonly sources?: readonly ApplicationSource[];
  readonly destination: Destination;
  readonly syncPolicy?: SyncPolicy;
  readonly ignoreDifferences?: readonly IgnoreDifference[];
  readonly revisionHistoryLimit?: number;
};

export type SyncResource = {
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
};

export type SyncOperation = {
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly sources?: readonly ApplicationSource[];
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  readonly resources?: readonly SyncResource[];
  readonly source?: ApplicationSource;
  readonly syncOptions?: readonly string[];
  readonly syncStrategy?: {
    readonly apply?: { readonly force?: boolean };
    readonly hook?: { readonly force?: boolean };
  };
  readonly autoHealAttemptsCount?: number;
};

export type Initiator = {
  readonly username?: string;
  readonly automated?: boolean;
};

export type Info = { readonly name: string; readonly value: string };

export type Operation = {
  readonly sync: SyncOperation;
  readonly initiatedBy?: Initiator;
  readonly info?: readonly Info[];
  readonly retry?: RetryStrategy;
};

export type SyncPhase = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail';

export type ResourceResult = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly status?: 'Synced' | 'SyncFailed' | 'Pruned' | 'PruneSkipped';
  readonly message: string;
  readonly hookType?: SyncPhase;
  readonly hookPhase?: 'Running' | 'Succeeded' | 'Failed';
  readonly syncPhase: SyncPhase;
  readonly images?: readonly string[];
};

export type SyncResult = {
  /** Empty where there are several sources. */
  readonly revision: string;
  readonly revisions?: readonly string[];
  readonly source?: ApplicationSource;
  readonly sources?: readonly ApplicationSource[];
  readonly resources?: readonly ResourceResult[];
};

export type OperationPhase =
  | 'Running'
  | 'Terminating'
  | 'Succeeded'
  | 'Failed'
  | 'Error';

export type OperationState = {
  readonly operation: Operation;
  readonly phase: OperationPhase;
  readonly message?: string;
  readonly syncResult?: SyncResult;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly retryCount?: number;
};

export type ResourceStatus = {
  readonly group?: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status?: 'Synced' | 'OutOfSync';
  readonly health?: {
    readonly status: HealthStatus;
    readonly message?: string;
  };
  readonly requiresPruning?: boolean;
  readonly syncWave?: number;
};

export type Condition = {
  readonly type: string;
  readonly message: string;
  readonly lastTransitionTime: string;
};

export type RevisionHistory = {
  readonly id: number;
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly source?: ApplicationSource;
  readonly sources?: readonly ApplicationSource[];
  readonly deployStartedAt: string;
  readonly deployedAt: string;
  readonly initiatedBy: Initiator;
};

export type SyncStatusCode = 'Synced' | 'OutOfSync' | 'Unknown';

export type ApplicationStatus = {
  readonly sync: {
    readonly status: SyncStatusCode;
    readonly revision?: string;
    readonly revisions?: readonly string[];
    readonly comparedTo: {
      readonly source?: ApplicationSource;
      readonly sources?: readonly ApplicationSource[];
      readonly destination: Destination;
      readonly ignoreDifferences?: readonly IgnoreDifference[];
    };
  };
  readonly health: {
    readonly status: HealthStatus;
    readonly message?: string;
    readonly lastTransitionTime?: string;
  };
  readonly resources?: readonly ResourceStatus[];
  readonly summary?: {
    readonly images?: readonly string[];
    readonly isAppOfApps?: boolean;
  };
  readonly conditions?: readonly Condition[];
  readonly history?: readonly RevisionHistory[];
  readonly operationState?: OperationState;
  readonly reconciledAt?: string;
  readonly sourceType?: string;
  readonly sourceTypes?: readonly string[];
  readonly resourceHealthSource?: string;
  readonly controllerNamespace?: string;
};

/** An Application as the store holds it. */
export type Application = LiveObject & {
  readonly spec: ApplicationSpec;
  readonly status?: ApplicationStatus;
  readonly operation?: Operation;
};

export type SyncWindow = {
  readonly kind?: string;
  readonly schedule?: string;
  readonly duration?: string;
  readonly applications?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly clusters?: readonly string[];
  readonly manualSync?: boolean;
  readonly timeZone?: string;
  readonly description?: string;
  /** Since 3.1: an application is concerned when all selectors match it. */
  readonly andOperator?: boolean;
};

/** Kinds that a project allows or denies; both may be globs. */
export type GroupKind = {
  readonly group: string;
  readonly kind: string;
  /** Of cluster-scoped kinds: only objects of this name. */
  readonly name?: string;
};

export type ProjectRole = {
  readonly name: string;
  readonly description?: string;
  /** Lines `p, proj:<project>:<role>, …`. */
  readonly policies?: readonly string[];
  readonly groups?: readonly string[];
};

/** A token that was issued for a role of a project. */
export type ProjectToken = {
  readonly id: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp?: number;
};

/** An AppProject as the store holds it. */
export type AppProject = LiveObject & {
  readonly spec?: {
    readonly sourceRepos?: readonly string[];
    readonly destinations?: readonly Destination[];
    readonly sourceNamespaces?: readonly string[];
    readonly syncWindows?: readonly SyncWindow[];
    readonly roles?: readonly ProjectRole[];
    readonly clusterResourceWhitelist?: readonly GroupKind[];
    readonly clusterResourceBlacklist?: readonly GroupKind[];
    readonly namespaceResourceWhitelist?: readonly GroupKind[];
    readonly namespaceResourceBlacklist?: readonly GroupKind[];
  };
  readonly status?: {
    readonly jwtTokensByRole?: Readonly<
      Record<string, { readonly items: readonly ProjectToken[] }>
    >;
  };
};

/** Identity of an Application inside one Argo CD. */
export type ApplicationName = {
  readonly name: string;
  readonly namespace: string;
};

export const APPLICATION = {
  group: 'argoproj.io',
  kind: 'Application',
} as const;
export const APP_PROJECT = {
  group: 'argoproj.io',
  kind: 'AppProject',
} as const;
/** Namespace of Argo CD itself. */
export const CONTROL_NAMESPACE = 'argocd';
export const RESOURCES_FINALIZER = 'resources-finalizer.argocd.argoproj.io';
export const REFRESH_ANNOTATION = 'argocd.argoproj.io/refresh';
