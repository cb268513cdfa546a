import { DeliveryErrorCode } from '../errorCodes';
import { DeploymentTarget } from './deployment';
import { Commit, Release } from './release';

/**
 * What a person can ask for on a deployment.
 *
 * - `refresh`: Argo CD looks at git and the cluster again.
 * - `hard-refresh`: the same, with every manifest rendered anew.
 * - `sync`: Argo CD applies what git asks for.
 * - `terminate`: the sync under way is ended.
 * - `revert`: a commit to the GitOps repository puts the previous release back.
 *
 * @public
 */
export type DeploymentActionKind =
  | 'refresh'
  | 'hard-refresh'
  | 'sync'
  | 'terminate'
  | 'revert';

/**
 * Every {@link DeploymentActionKind}, in the order in which pages offer them.
 *
 * @public
 */
export const DEPLOYMENT_ACTION_KINDS: readonly DeploymentActionKind[] = [
  'sync',
  'refresh',
  'hard-refresh',
  'terminate',
  'revert',
];

/**
 * How to sync. What is not said stays as the application has it.
 *
 * @public
 */
export type SyncOptions = {
  /** Only say what would happen; nothing changes and nothing is recorded. */
  dryRun?: boolean;
  /** Delete what git no longer has. Off, such resources stay and stay out of sync. */
  prune?: boolean;
  /**
   * Delete and create again what cannot be changed in place. Pods are replaced,
   * so this can interrupt the service.
   */
  force?: boolean;
  /** Apply on the server, with fields that others own left alone. */
  serverSideApply?: boolean;
  /** Apply only what is out of sync; hooks still run. */
  outOfSyncOnly?: boolean;
};

/**
 * The body of a request for an action. Which action is in the path.
 *
 * @public
 */
export type ActionRequest = {
  /**
   * Id of the target, where the service has several in the environment; may be
   * left out where it has one.
   */
  target?: string;
  /**
   * The state that the person saw: `seen` of the {@link ActionPlan}. When the
   * world is no longer like that, the action is refused and nothing happens.
   */
  seen: string;
  /** Why, in the person's own words: 1 to 500 characters. Goes into the audit. */
  reason: string;
  /**
   * Made up by the page, once a confirmation: a UUID. The same key again, from
   * the same person, is answered with the action that it made the first time.
   */
  idempotencyKey: string;
  /** Only for `sync`. */
  options?: SyncOptions;
};

/**
 * Whether the caller may do something with a deployment now, and if not, why.
 *
 * @public
 */
export type ActionAvailability = {
  action: DeploymentActionKind;
  available: boolean;
  /** Stable code of what stands in the way. */
  code?: DeliveryErrorCode;
  /** What stands in the way, and what to do, as sentences for people. */
  reason?: string;
};

/**
 * One Kubernetes resource of an application.
 *
 * @public
 */
export type ResourceIdentity = {
  /** API group; empty for the core group. */
  group: string;
  kind: string;
  namespace?: string;
  name: string;
};

/**
 * What a sync does, or did, to one resource.
 *
 * @public
 */
export type ResourceOutcome = ResourceIdentity & {
  /**
   * - `synced`: applied (in a dry run: would be applied).
   * - `pruned`: deleted.
   * - `prune-skipped`: git no longer has it, and it was left there.
   * - `failed`: see the message.
   * - `running`: a hook that is under way.
   */
  outcome: 'synced' | 'pruned' | 'prune-skipped' | 'failed' | 'running';
  /** Argo CD's own words. */
  message?: string;
  /** When it is a hook: the phase that it belongs to, such as `PreSync`. */
  hook?: string;
};

/**
 * What the next sync would have to do with one resource, before it is asked.
 *
 * @public
 */
export type ResourceChange = ResourceIdentity & {
  /**
   * - `change`: git and the cluster differ, or the cluster does not have it.
   * - `prune`: git no longer has it; deleted only if the sync prunes.
   */
  change: 'change' | 'prune';
};

/**
 * One file that a revert writes.
 *
 * @public
 */
export type FileChange = {
  /** Path in the repository. */
  path: string;
  change: 'modify' | 'add' | 'delete';
  /** Unified diff. */
  patch: string;
};

/**
 * What a revert puts back, and how.
 *
 * @public
 */
export type RevertPlan = {
  /** The release that git asks for now. */
  from: Release;
  /** The release that is put back. */
  to: Release;
  /** When that one was deployed here: ISO 8601, UTC. */
  toDeployedAt?: string;
  /** URL of the GitOps repository, without credentials. */
  repository: string;
  branch: string;
  /**
   * First line that the commit's message would have. The person's name and
   * reason follow it.
   */
  commitSubject?: string;
  files: FileChange[];
};

/**
 * What would happen where, if the action were asked for now: what a confirmation
 * shows. Reading it changes nothing.
 *
 * @public
 */
export type ActionPlan = {
  action: DeploymentActionKind;
  target: DeploymentTarget;
  /** Hand this back as `seen` of the {@link ActionRequest}. Opaque. */
  seen: string;
  /** When the state was read from the upstream itself: ISO 8601, UTC. */
  observedAt: string;
  /** What will happen, in order, as sentences for people. */
  steps: string[];
  /** What must not be overlooked, as sentences. */
  warnings: string[];
  /** Why it would be refused now; absent when it would not. */
  blocked?: {
    code: DeliveryErrorCode;
    /** As sentences for people. */
    reason: string;
    /** When that ends by itself, where it is known: ISO 8601, UTC. */
    until?: string;
  };
  /** Of a `sync`: the resources that are out of sync. */
  changes?: ResourceChange[];
  /** Of a `revert`. */
  revert?: RevertPlan;
};

/**
 * One step of an action that takes several.
 *
 * @public
 */
export type ActionStep = {
  /** Stable and unique in the action, such as `commit`. */
  id: string;
  /** As people say it: "Commit to gitops". */
  title: string;
  state: 'pending' | 'running' | 'done' | 'failed' | 'skipped';
  /** What was seen, as a sentence. */
  detail?: string;
  /** When it got into that state: ISO 8601, UTC. */
  at?: string;
};

/**
 * An action that somebody asked for, and how far it has got.
 *
 * @public
 */
export type DeploymentAction = {
  id: string;
  action: DeploymentActionKind;
  entityRef: string;
  environment: string;
  /** Id of the target. */
  target: string;
  /** Ref of the person, such as `user:default/marco.silva`. */
  requestedBy: string;
  /** ISO 8601, UTC. */
  requestedAt: string;
  reason: string;
  options: SyncOptions;
  /**
   * - `running`: under way; somebody, or some replica, will finish it.
   * - `succeeded`, `failed`: over; see the summary.
   * - `refused`: the upstream, or the state of the world, did not allow it, and
   *   nothing was done.
   * - `unknown`: over, and nobody can say how it ended.
   */
  phase: 'running' | 'succeeded' | 'failed' | 'refused' | 'unknown';
  steps: ActionStep[];
  /** Where it stands, or how it ended, as a sentence for people. */
  summary: string;
  /** ISO 8601, UTC. */
  finishedAt?: string;
  /** Of a sync that is over, dry runs included: what happened to what. */
  outcomes?: ResourceOutcome[];
  /** Of a revert, once it is made. */
  commit?: Commit;
};
