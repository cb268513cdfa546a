import type { SandboxClock } from '../clock';
import type { RepositoryReader } from '../git/types';

/**
 * Where an Argo CD instance finds its root applications: every YAML document
 * of kind Application or AppProject in the files directly below `path` is
 * applied once at start, as a platform engineer would with `kubectl apply`.
 */
export interface ArgoCdBootstrap {
  /** Clone URL of the repository, as the applications in it name it. */
  readonly repoUrl: string;
  /** Folder (`bootstrap`) or one file (`bootstrap/root-app-dev.yaml`). */
  readonly path: string;
  /** Branch, tag or sha. */
  readonly revision: string;
}

/** A destination cluster that is registered with an Argo CD instance. */
export interface ArgoCdCluster {
  /** The name that `spec.destination.name` uses. */
  readonly name: string;
  /** The API server URL that `spec.destination.server` uses. */
  readonly server: string;
  /** Kubernetes version, `v1.34.2` when absent. */
  readonly serverVersion?: string;
}

/** One deployment that happened before the sandbox was first started. */
export interface ArgoCdPastDeployment {
  /** Full commit sha. */
  readonly revision: string;
  /** ISO 8601. */
  readonly deployedAt: string;
  /** ISO 8601; ten seconds before `deployedAt` when absent. */
  readonly deployStartedAt?: string;
  /** Account that asked for the sync; absent: Argo CD itself (auto-sync). */
  readonly username?: string;
}

/** Something an operator of the sandbox may want to read, one line each. */
export interface ArgoCdLog {
  info(message: string): void;
  warn(message: string): void;
}

/** What {@link createArgoCdSimulator} needs. */
export interface ArgoCdSimulatorOptions {
  /** Name of the instance, for log lines and the state folder's content. */
  readonly instance: string;
  readonly clock: SandboxClock;
  readonly repositories: RepositoryReader;
  /** Folder of this instance alone; created when missing. */
  readonly stateDirectory: string;
  /** Port on 127.0.0.1 and ::1; 0 (the default) lets the system choose. */
  readonly port?: number;
  /** `v3.5.1` unless told otherwise; decides version-dependent behaviour. */
  readonly version?: string;
  readonly bootstrap: readonly ArgoCdBootstrap[];
  /** Destinations besides `in-cluster`, which is always there. */
  readonly clusters: readonly ArgoCdCluster[];
  /** Seed of everything random (pod names, jitter). */
  readonly seed?: number;
  /** Image tags that never become ready, besides `bad*` and `*-broken`. */
  readonly badImageTags?: readonly string[];
  /** Seconds between two polls of Git, simulated; 120 as in Argo CD. */
  readonly pollSeconds?: number;
  /** Simulated seconds until a new pod is ready; 8 unless told otherwise. */
  readonly podReadySeconds?: number;
  /**
   * Globs of the namespaces besides Argo CD's own in which applications may
   * live; none unless told otherwise, as Argo CD comes.
   */
  readonly applicationNamespaces?: readonly string[];
  /**
   * Lines that follow the policy of Argo CD's own roles, as `argocd-rbac-cm`
   * holds them; the rights of the accounts `portal-read` and `portal-act`
   * unless told otherwise.
   */
  readonly accessPolicy?: string;
  /** Wall-clock seconds that a refresh may take; 60 unless told otherwise. */
  readonly refreshDeadlineSeconds?: number;
  /** Seconds of life of an issued token; a year unless told otherwise. */
  readonly tokenSeconds?: number;
  /**
   * Whether child applications have a health of their own, as an operator
   * configures by a Lua check; false, as Argo CD comes.
   */
  readonly applicationHealth?: boolean;
  /**
   * Deployments before the first start, oldest first. They become
   * `status.history`, and the cluster starts with what the newest one's
   * revision renders: if Git has moved since, the application starts
   * OutOfSync, or syncs at once when its policy says so. Of an application
   * with several sources, this is the past of the first. Only asked when the
   * state folder holds no state.
   */
  readonly initialHistory?: (application: {
    name: string;
    namespace: string;
  }) => Promise<readonly ArgoCdPastDeployment[] | undefined>;
  readonly log?: ArgoCdLog;
}

/** Faults that a scenario switches on and off. */
export interface ArgoCdFaults {
  /** True: the server is gone; connections are refused and open ones reset. */
  setDown(down: boolean): Promise<void>;
  /** Every answer waits this long; 0 switches it off. Wall-clock time. */
  setDelay(milliseconds: number): void;
  /** Every token issued until now is refused as expired (401, code 16). */
  expireTokens(): void;
  /** Undoes {@link ArgoCdFaults.expireTokens}: the same tokens work again. */
  renewTokens(): void;
  /**
   * Ends every open stream and refuses new ones with 503 for so many
   * wall-clock seconds, as a gateway without a backend does. 0: cut once.
   */
  cutStreams(options: { forSeconds: number }): void;
  /**
   * Adds lines to the policy, as an operator who edits `argocd-rbac-cm`; they
   * take the place of those that were added before.
   *
   * @throws InputError for lines that are no policy.
   */
  extendPolicy(lines: readonly string[]): void;
  /**
   * True: the controller stands still. Refreshes wait until their deadline,
   * operations stay queued; reading goes on.
   */
  pauseController(paused: boolean): void;
  status(): {
    readonly down: boolean;
    readonly delayMilliseconds: number;
    readonly tokensExpired: boolean;
    readonly controllerPaused: boolean;
    /** Lines that were added to the policy. */
    readonly policy: readonly string[];
    /** ISO 8601; absent when streams are accepted. */
    readonly streamsCutUntil?: string;
  };
}

/** One application in one line. */
export interface ArgoCdApplicationSummary {
  readonly name: string;
  readonly namespace: string;
  readonly project: string;
  readonly cluster: string;
  readonly destinationNamespace: string;
  readonly syncStatus: string;
  readonly healthStatus: string;
  readonly revision?: string;
  readonly operationPhase?: string;
  readonly images: readonly string[];
}

/** A running Argo CD of the sandbox and the strings to pull on it. */
export interface ArgoCdSimulator {
  readonly instance: string;
  /** Base URL without a trailing slash; known once {@link start} resolved. */
  readonly url: string;
  readonly faults: ArgoCdFaults;
  /** Resolves when the server listens and the first comparison is done. */
  start(): Promise<void>;
  /** Saves the state and closes every connection. */
  stop(): Promise<void>;
  /**
   * A bearer token for a local account: `portal-read` (reads everything),
   * `portal-act` (syncs, too) or `admin`. Throws NotFoundError for another one.
   */
  issueToken(account: string): Promise<string>;
  /**
   * Changes the live workload behind Argo CD's back, as `kubectl edit` does.
   * Without a `patch`, the first Deployment or StatefulSet gets one replica
   * more. `patch` is a JSON merge patch for it, or for the named resource.
   */
  drift(options: {
    application: string;
    namespace?: string;
    patch?: Record<string, unknown>;
    resource?: { kind: string; name: string };
  }): Promise<void>;
  /** The next sync of this application fails with the message. */
  failNextSync(options: {
    application: string;
    namespace?: string;
    message?: string;
  }): void;
  /**
   * Deletes the Application object as `kubectl delete` does; its resources go
   * with it only when it carries the resources finalizer. A root application
   * with self-heal brings it back.
   */
  deleteApplication(options: {
    application: string;
    namespace?: string;
  }): Promise<void>;
  applications(): ArgoCdApplicationSummary[];
  /**
   * HTTP requests that arrived, by `METHOD route` (`GET
   * /api/v1/applications/{name}`), answered or not; never reset.
   */
  requestCounts(): Record<string, number>;
  /** Resolves when no comparison, sync or rollout is under way. */
  settled(): Promise<void>;
}
