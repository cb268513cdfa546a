/** Name of one of the two platforms; also the name of its Argo CD instance. */
export type PlatformId = 'microservices' | 'n9';

/** Name of an environment, in the words of the portal. */
export type EnvironmentId =
  | 'development'
  | 'staging'
  | 'production'
  | 'recovery';

/** Requests and limits of one container, as Kubernetes quantities. */
export interface ResourceBudget {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/** What Argo CD may do by itself in an environment. */
export interface SyncPolicy {
  /** False: `automated.enabled: false`, so a person starts each sync. */
  readonly automatic: boolean;
  readonly prune: boolean;
  readonly selfHeal: boolean;
}

/** A cluster that applications are deployed to. */
export interface Cluster {
  /** The name that `spec.destination.name` uses. */
  readonly name: string;
  /** The API server URL that `spec.destination.server` would use. */
  readonly server: string;
  /** AWS region; absent for the cluster on a developer's machine. */
  readonly region?: string;
}

/** One stage of a platform. */
export interface Environment {
  readonly id: EnvironmentId;
  /** Folder below `environments/`, `clusters/` and `overlays/`. */
  readonly directory: 'dev' | 'staging' | 'production' | 'recovery';
  /** What namespaces end in: `core-business-prod`, `n9-production`. */
  readonly namespaceSuffix:
    | 'dev'
    | 'staging'
    | 'prod'
    | 'production'
    | 'recovery';
  readonly cluster: Cluster;
  readonly policy: SyncPolicy;
  /** Replicas of a service that says nothing else. */
  readonly replicas: number;
  readonly resources: ResourceBudget;
}

/** One platform: its environments in the order in which they are promoted. */
export interface Platform {
  readonly id: PlatformId;
  readonly title: string;
  readonly description: string;
  /** `owner/name` of the GitOps repository. */
  readonly repository: string;
  readonly environments: readonly Environment[];
  /** Where images are pushed to, without a trailing slash. */
  readonly registry: string;
}

/** One immutable build of a service. */
export interface Release {
  /** Semantic version with its `v`, which is also the image tag. */
  readonly tag: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  /** Commit of the service's own repository, 40 hex digits. */
  readonly commit: string;
  /** Name of the {@link Person} who wrote the commit. */
  readonly author: string;
}

/** A release that Git asked for, and since when. */
export interface Deployment {
  readonly release: Release;
  /** Hours between the commit and the sandbox's first start. */
  readonly hoursAgo: number;
}

/** What one service needs per environment, where it is not the default. */
export interface ServiceScale {
  readonly replicas: number;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
}

/** A deployable component of a platform. */
export interface Service {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly platform: PlatformId;
  /** Domain of the catalog, and what the namespace begins with. */
  readonly domain: string;
  /** System of the catalog. */
  readonly system: string;
  /** Name of the owning group. */
  readonly owner: string;
  readonly kind: 'service' | 'website';
  readonly language: 'go' | 'java' | 'typescript';
  readonly tier: 'critical' | 'standard' | 'background';
  readonly ports: { readonly http: number; readonly grpc?: number };
  /** Sync wave, 1 to 4. */
  readonly wave: number;
  /** Names of services that this one calls. */
  readonly dependsOn: readonly string[];
  /** Names of infrastructure resources that this one uses. */
  readonly uses: readonly string[];
  /** True when a horizontal autoscaler manages the replicas. */
  readonly autoscaled: boolean;
  readonly scale: Readonly<Partial<Record<EnvironmentId, ServiceScale>>>;
  /**
   * Plain manifests of another repository that every application of the
   * service takes in as its second source.
   */
  readonly additions?: {
    /** `owner/name`. */
    readonly repository: string;
    /** Folder in it. */
    readonly path: string;
  };
  /**
   * Whether Jobs go along with each sync: one migrates the database before,
   * one asks the new pods a question after, one tells when it fails.
   */
  readonly migrates: boolean;
  /**
   * Namespace in the cluster of Argo CD in which the team keeps the service's
   * Application objects; absent: that of Argo CD itself.
   */
  readonly applicationNamespace?: string;
  /** Releases that Git asked for per environment, oldest first. */
  readonly deployments: Readonly<
    Partial<Record<EnvironmentId, readonly Deployment[]>>
  >;
}

/** Infrastructure that services stand on; wave 0 when Argo CD deploys it. */
export interface Infrastructure {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly platform: PlatformId;
  readonly type: 'database' | 'cache' | 'runtime' | 'search-index' | 'bucket';
  readonly owner: string;
  readonly system: string;
  /** Set for what runs in the clusters and has applications of its own. */
  readonly workload?: {
    readonly kind: 'StatefulSet' | 'Deployment';
    readonly image: string;
    readonly tag: string;
    readonly port: number;
    /** Folder below `infrastructure/`. */
    readonly folder: 'databases' | 'runtime';
    /** Size of the volume of one replica; absent without a volume. */
    readonly storage?: string;
  };
}

/** A domain of the catalog. */
export interface Domain {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly platform: PlatformId;
  readonly owner: string;
}

/** A system of the catalog. */
export interface System {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly domain: string;
  readonly owner: string;
}

/** A group of people. */
export interface Group {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly type: 'organization' | 'department' | 'team';
  /** Absent for the organization itself. */
  readonly parent?: string;
}

/** What a persona may do, in the words of the sign-in page. */
export type Role =
  | 'contractor'
  | 'viewer'
  | 'developer'
  | 'approver'
  | 'operator'
  | 'platform-engineer';

/** A person of the catalog; those with a role can sign in. */
export interface Person {
  /** False: can sign in, but the catalog does not know them. */
  readonly inCatalog: boolean;
  readonly name: string;
  readonly displayName: string;
  readonly email: string;
  readonly groups: readonly string[];
  readonly persona?: {
    readonly role: Role;
    readonly title: string;
    readonly summary: string;
  };
}

/** Both platforms as plain data. */
export interface Model {
  readonly seed: number;
  readonly platforms: readonly Platform[];
  readonly domains: readonly Domain[];
  readonly systems: readonly System[];
  readonly services: readonly Service[];
  readonly infrastructure: readonly Infrastructure[];
  readonly groups: readonly Group[];
  readonly people: readonly Person[];
  /**
   * Applications whose manifest lacks the `backstage.io/entity-ref`
   * annotation, so that the portal shows deployments without a binding.
   */
  readonly unboundApplications: readonly string[];
}
