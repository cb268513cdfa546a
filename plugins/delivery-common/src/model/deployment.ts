import { ActionAvailability, DeploymentAction } from './action';
import { Observation } from './observation';
import { Release } from './release';
import { StatusAssessment } from './status';
import { EnvironmentDescription, ChainDescription } from './chain';
import { UpstreamStatus } from './upstream';

/**
 * Where an environment runs for a service. Of an unbound deployment only the id
 * is told.
 *
 * @public
 */
export type DeploymentTarget = {
  /** Stable id within the service and environment. Opaque. */
  id: string;
  /** Name of the Argo CD instance, as configured. */
  instance?: string;
  /** Namespace and name of the Argo CD application. */
  applicationNamespace?: string;
  application?: string;
  /** Name of the cluster, or its API server where it has none. */
  cluster?: string;
  /** Namespace in that cluster. */
  namespace?: string;
  /** Region of the cluster, such as `us-east-1`, where it is known. */
  region?: string;
  /** Argo CD's own page of the application. */
  url?: string;
};

/**
 * Whether the platform itself says that an application belongs to a service.
 * Without that, status is shown and nothing else.
 *
 * @public
 */
export type Binding =
  | {
      state: 'bound';
      /**
       * What says so: the application's own `backstage.io/entity-ref`, or a rule
       * in the portal's configuration.
       */
      by: 'application-annotation' | 'configuration';
    }
  | {
      state: 'unbound';
      /** Why, and what to do about it, as sentences for people. */
      reason: string;
    };

/**
 * Replica counts of a workload.
 *
 * @public
 */
export type ReplicaCounts = {
  /** What the manifest in git asks for, where it says so. */
  wanted?: number;
  /** What runs of the wanted revision of the workload. */
  updated?: number;
  ready?: number;
  available?: number;
};

/**
 * How Argo CD may act on its own for a deployment.
 *
 * @public
 */
export type SyncPolicy = {
  /** Git is applied without anybody asking. */
  automated: boolean;
  /** Resources that left git are deleted. Meaningless unless `automated`. */
  prune: boolean;
  /** Changes in the cluster are undone. Meaningless unless `automated`. */
  selfHeal: boolean;
};

/**
 * A sync of a deployment, running or over.
 *
 * @public
 */
export type SyncOperation = {
  /**
   * - `queued`: asked for, not started.
   * - `running`, `terminating`: under way.
   * - `retrying`: failed, and will be tried again by itself.
   * - `succeeded`, `failed`: over.
   */
  phase:
    | 'queued'
    | 'running'
    | 'retrying'
    | 'terminating'
    | 'succeeded'
    | 'failed';
  /** Argo CD's own words. */
  message?: string;
  /** ISO 8601, UTC. */
  startedAt?: string;
  finishedAt?: string;
  /** Who asked: a user name of Argo CD, or `undefined` if it acted on its own. */
  initiatedBy?: string;
  /** True when Argo CD acted on its own. */
  automated: boolean;
  dryRun: boolean;
  /** Only some resources were synced: nothing is added to Argo CD's history. */
  partial: boolean;
  /**
   * Id of the portal's action that the operation says it was started for. A
   * claim: whoever may sync in Argo CD can write it, so it proves nothing of who
   * asked.
   */
  actionId?: string;
};

/**
 * Whether git and the cluster agree.
 *
 * @public
 */
export type SyncState = 'synced' | 'out-of-sync' | 'unknown';

/**
 * Health of an application, in Argo CD's terms and lower case.
 *
 * @public
 */
export type HealthState =
  | 'healthy'
  | 'progressing'
  | 'suspended'
  | 'degraded'
  | 'missing'
  | 'unknown';

/**
 * Something that Argo CD complains about.
 *
 * @public
 */
export type DeploymentCondition = {
  /** Argo CD's type, such as `ComparisonError`. */
  type: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  /** ISO 8601, UTC. */
  since?: string;
};

/**
 * One service in one environment on one target: what git wants, what Argo CD
 * says, what the cluster serves.
 *
 * Of an unbound one nothing is told but how it is: environment, assessment (in
 * words that name nothing), sync and health, observation and binding.
 *
 * @public
 */
export type Deployment = {
  entityRef: string;
  environment: string;
  target: DeploymentTarget;
  binding: Binding;
  assessment: StatusAssessment;
  observation: Observation;
  /** What git asks for. */
  wanted?: Release;
  /** What the cluster serves. Absent when nobody can say. */
  serving?: Release;
  /** Since when the cluster serves it: ISO 8601, UTC. */
  servingSince?: string;
  sync: SyncState;
  health: HealthState;
  healthMessage?: string;
  /** Since when the health is what it is: ISO 8601, UTC. */
  healthSince?: string;
  /** Absent when the deployment is unbound. */
  policy?: SyncPolicy;
  operation?: SyncOperation;
  conditions: DeploymentCondition[];
  /** Replicas of the service's main workload, as of `replicasObservedAt`. */
  replicas?: ReplicaCounts;
  replicasObservedAt?: string;
  /** What the caller may do with it now; absent on lists. */
  actions?: ActionAvailability[];
  /**
   * What was last asked for here through the portal, while it is under way and
   * for some minutes after; absent on lists.
   */
  latestAction?: DeploymentAction;
};

/**
 * What differs between an environment and the one before it in the chain.
 *
 * @public
 */
export type EnvironmentDifference = {
  /** Id of the environment compared with. */
  from: string;
  /**
   * - `same`: both serve the same build.
   * - `behind`: this environment serves an older release than the one before.
   * - `ahead`: this environment serves a newer release than the one before.
   * - `different`: they differ, and the tags do not say which is newer.
   * - `unknown`: one of the two is not known.
   */
  release: 'same' | 'behind' | 'ahead' | 'different' | 'unknown';
  /** Each difference as a sentence for people, the most important first. */
  sentences: string[];
};

/**
 * A service in one environment.
 *
 * @public
 */
export type EnvironmentDeployments = {
  environment: EnvironmentDescription;
  /** One a target; empty when the service does not run there. */
  deployments: Deployment[];
  /** Absent for the first environment and where the service does not run. */
  difference?: EnvironmentDifference;
};

/**
 * Everything that is known of where a service runs: the answer of
 * `GET /entities/{kind}/{namespace}/{name}/deployments`.
 *
 * @public
 */
export type ServiceDeployments = {
  /** Version of the read model that this was read from. */
  version: number;
  entityRef: string;
  chain: Pick<ChainDescription, 'id' | 'title'>;
  /** In the order of the chain. */
  environments: EnvironmentDeployments[];
  /** The most important thing to know, in one or two sentences. */
  headline: string;
  /** The upstreams that this service's deployments come from. */
  upstreams: UpstreamStatus[];
};
