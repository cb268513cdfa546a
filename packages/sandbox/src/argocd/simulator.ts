import { join } from 'node:path';
import { NotFoundError } from '@backstage/errors';
import { keyOf, LiveObject, SimulatedCluster } from '../cluster';
import { LoopbackServer, listenOnLoopback } from '../http/loopback';
import {
  isJsonObject,
  KubernetesObject,
  renderDirectory,
  valueAt,
} from '../kustomize';
import { TokenService } from './auth';
import { Applications, nameOf } from './controller/applications';
import { ApplicationController } from './controller/controller';
import { Destinations, IN_CLUSTER } from './controller/destinations';
import { BUILTIN_POLICY, Enforcer, PORTAL_POLICY } from './rbac';
import { RouteContext } from './routes/context';
import { createServer } from './server';
import { ManifestService } from './sources/manifests';
import { openClusterState } from './state/clusterState';
import { Journal } from './state/journal';
import { loadSecrets } from './state/secrets';
import { StreamHub } from './streamHub';
import {
  ArgoCdApplicationSummary,
  ArgoCdFaults,
  ArgoCdLog,
  ArgoCdSimulator,
  ArgoCdSimulatorOptions,
} from './types';
import { parseVersion } from './version';
import { Application, ApplicationName, CONTROL_NAMESPACE } from './wire';

const QUIET: ArgoCdLog = { info: () => {}, warn: () => {} };
const YEAR_SECONDS = 365 * 24 * 3600;

const DEFAULT_PROJECT: KubernetesObject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'default', namespace: CONTROL_NAMESPACE },
  spec: {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  },
};

/** What exists between start and stop. */
interface Parts {
  readonly tokens: TokenService;
  readonly enforcer: Enforcer;
  readonly applications: Applications;
  readonly controller: ApplicationController;
  readonly destinations: Destinations;
  readonly streams: StreamHub;
  readonly journal: Journal;
  readonly handler: ReturnType<typeof createServer>;
}

class DefaultArgoCdSimulator implements ArgoCdSimulator {
  readonly instance: string;
  readonly faults: ArgoCdFaults;
  readonly #options: ArgoCdSimulatorOptions;
  readonly #log: ArgoCdLog;
  readonly #counts = new Map<string, number>();
  #parts: Parts | undefined;
  #server: LoopbackServer | undefined;
  #port = 0;
  #url = '';
  #down = false;
  #delay = 0;
  #cutUntil = 0;
  #policy: readonly string[] = [];

  constructor(options: ArgoCdSimulatorOptions) {
    this.instance = options.instance;
    this.#options = options;
    this.#log = options.log ?? QUIET;
    this.faults = {
      setDown: down => this.#setDown(down),
      setDelay: milliseconds => {
        this.#delay = Math.max(0, milliseconds);
      },
      expireTokens: () => this.#running.tokens.expireAll(),
      renewTokens: () => this.#running.tokens.renewAll(),
      extendPolicy: lines => {
        this.#running.enforcer.extend(lines.join('\n'));
        this.#policy = lines;
      },
      pauseController: paused => this.#running.controller.pause(paused),
      cutStreams: ({ forSeconds }) => {
        this.#cutUntil = Date.now() + forSeconds * 1000;
        this.#running.streams.cut();
      },
      status: () => ({
        down: this.#down,
        delayMilliseconds: this.#delay,
        tokensExpired: this.#parts?.tokens.expired ?? false,
        controllerPaused: this.#parts?.controller.isPaused ?? false,
        policy: this.#policy,
        ...(this.#streamsCut()
          ? { streamsCutUntil: new Date(this.#cutUntil).toISOString() }
          : {}),
      }),
    };
  }

  get url(): string {
    return this.#url;
  }

  get #running(): Parts {
    if (!this.#parts) {
      throw new Error(`Argo CD ${this.instance} is not started`);
    }
    return this.#parts;
  }

  async start(): Promise<void> {
    if (this.#parts) return;
    const parts = await this.#build();
    this.#parts = parts;
    try {
      await this.#listen(this.#options.port ?? 0);
    } catch (error) {
      await this.stop();
      throw error;
    }
    const { controller } = parts;
    await controller.start();
    await controller.drained();
    parts.journal.release();
    this.#log.info(
      `Argo CD ${this.instance}: ${
        parts.applications.list().length
      } applications at ${this.#url}`,
    );
  }

  async stop(): Promise<void> {
    const parts = this.#parts;
    if (!parts) return;
    parts.controller.stop();
    for (const { cluster } of parts.destinations.clusters) cluster.stop();
    parts.streams.cut();
    await this.#server?.close();
    this.#server = undefined;
    await parts.journal.flush();
    this.#parts = undefined;
  }

  issueToken(account: string): Promise<string> {
    return this.#running.tokens.issue(account);
  }

  async drift(options: {
    application: string;
    namespace?: string;
    patch?: Record<string, unknown>;
    resource?: { kind: string; name: string };
  }): Promise<void> {
    const { applications, destinations } = this.#running;
    const application = applications.get(this.#name(options));
    const { name, cluster } = destinations.resolve(
      application.spec.destination,
    );
    const { resource } = options;
    const live = destinations
      .managedBy(name, nameOf(application))
      .find(object =>
        resource
          ? object.kind === resource.kind &&
            object.metadata.name === resource.name
          : isWorkload(object),
      );
    if (!live) {
      throw new NotFoundError(
        `Application ${application.metadata.name} has no ${
          resource ? `${resource.kind} ${resource.name}` : 'workload'
        } that could drift`,
      );
    }
    const replicas = Number(valueAt(live, 'spec', 'replicas') ?? 1);
    const patch = options.patch ?? { spec: { replicas: replicas + 1 } };
    if (!isJsonObject(patch)) throw new Error('a patch is a JSON object');
    cluster.patch(keyOf(live), patch);
  }

  failNextSync(options: {
    application: string;
    namespace?: string;
    message?: string;
  }): void {
    const { applications, controller } = this.#running;
    const name = nameOf(applications.get(this.#name(options)));
    controller.failNextSync(
      name,
      options.message ??
        'admission webhook "policy.sandbox" denied the request',
    );
  }

  async deleteApplication(options: {
    application: string;
    namespace?: string;
  }): Promise<void> {
    this.#running.controller.remove(this.#name(options));
  }

  applications(): ArgoCdApplicationSummary[] {
    const { applications, destinations } = this.#running;
    return applications
      .list()
      .map(application => summarise(application, destinations));
  }

  requestCounts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort());
  }

  settled(): Promise<void> {
    return this.#running.controller.settled();
  }

  #name(options: { application: string; namespace?: string }): ApplicationName {
    const { application, namespace = CONTROL_NAMESPACE } = options;
    return { name: application, namespace };
  }

  #streamsCut(): boolean {
    return Date.now() < this.#cutUntil;
  }

  async #build(): Promise<Parts> {
    const { clock, repositories, stateDirectory, seed = 1 } = this.#options;
    const version = parseVersion(this.#options.version ?? 'v3.5.1');
    const secrets = await loadSecrets(stateDirectory);
    const registered = [IN_CLUSTER, ...this.#options.clusters].map(cluster => ({
      ...cluster,
      cluster: SimulatedCluster.create({
        name: cluster.name,
        clock,
        seed,
        podReadySeconds: this.#options.podReadySeconds,
        badImageTags: this.#options.badImageTags,
      }),
    }));
    const { journal, restored } = await openClusterState({
      file: join(stateDirectory, 'objects.jsonl'),
      clusters: registered.map(({ cluster }) => cluster),
      onError: error =>
        this.#log.warn(`The state of ${this.instance} is not saved: ${error}`),
    });
    // A past that is half made up is of no use: all of it is kept, or none.
    if (restored === 0) journal.hold();
    const [{ cluster: own }] = registered;
    const applications = Applications.create({
      cluster: own,
      namespaces: this.#options.applicationNamespaces ?? [],
    });
    const manifests = ManifestService.create(repositories);
    const queue: { controller?: ApplicationController } = {};
    const destinations = Destinations.create({
      clusters: registered,
      applicationHealth: this.#options.applicationHealth ?? false,
      onChange: name => queue.controller?.enqueue(name, 'live'),
    });
    const controller = ApplicationController.create({
      clock,
      repositories,
      manifests,
      applications,
      destinations,
      version,
      seed,
      pollSeconds: this.#options.pollSeconds ?? 120,
      applicationHealth: this.#options.applicationHealth ?? false,
      log: this.#log,
      initialHistory: this.#options.initialHistory,
    });
    queue.controller = controller;
    const tokens = TokenService.create({
      secrets,
      tokenSeconds: this.#options.tokenSeconds ?? YEAR_SECONDS,
      hasRoleToken: ({ project, role, id }) =>
        applications
          .project(project)
          ?.status?.jwtTokensByRole?.[role]?.items.some(
            token => token.id === id,
          ) ?? false,
    });
    const enforcer = Enforcer.create({
      policy: `${BUILTIN_POLICY}\n${
        this.#options.accessPolicy ?? PORTAL_POLICY
      }`,
      project: name => applications.project(name),
    });
    const streams = StreamHub.create(applications);
    const context: RouteContext = {
      instance: this.instance,
      clock,
      version,
      tokens,
      enforcer,
      refreshDeadlineSeconds: this.#options.refreshDeadlineSeconds ?? 60,
      applications,
      controller,
      destinations,
      manifests,
      repositories,
      streams,
      url: () => this.#url,
      streamsCut: () => this.#streamsCut(),
    };
    const handler = createServer({
      context,
      counts: this.#counts,
      delayMilliseconds: () => this.#delay,
    });
    own.apply(DEFAULT_PROJECT);
    for (const object of await this.#bootstrapObjects(manifests)) {
      own.apply(object);
    }
    if (restored === 0) await controller.bootstrapPast();
    else for (const { cluster } of registered) cluster.resume();
    // An application that a root makes later is looked at by its event.
    own.store.onEvent(({ type, object }) => {
      const isNew =
        type === 'ADDED' &&
        object.kind === 'Application' &&
        object.apiVersion.startsWith('argoproj.io/');
      if (isNew) controller.enqueue(nameOf(object as Application), 'normal');
    });
    return {
      tokens,
      enforcer,
      applications,
      controller,
      destinations,
      streams,
      journal,
      handler,
    };
  }

  /** Roots and projects of the bootstrap folders. */
  async #bootstrapObjects(
    manifests: ManifestService,
  ): Promise<KubernetesObject[]> {
    const objects: KubernetesObject[] = [];
    for (const { repoUrl, path, revision } of this.#options.bootstrap) {
      const source = { repoURL: repoUrl, targetRevision: revision };
      const commit = await manifests.resolve(source);
      const files = await this.#options.repositories.readFiles({
        repoUrl,
        commit,
        path,
      });
      const folder = files.has(path) ? '' : path;
      const rendered = renderDirectory({
        files: {
          read: file => files.get(file),
          list: () => [...files.keys()].sort(),
        },
        path: folder,
        directory: { recurse: folder === '' },
      });
      if (rendered.length === 0) {
        throw new NotFoundError(
          `There are no root applications in ${path} of ${repoUrl}`,
        );
      }
      for (const object of rendered) {
        const { namespace = CONTROL_NAMESPACE } = object.metadata;
        objects.push({
          ...object,
          metadata: { ...object.metadata, namespace },
        });
      }
    }
    return objects;
  }

  async #listen(port: number): Promise<void> {
    this.#server = await listenOnLoopback({
      handler: this.#running.handler,
      port,
      purpose: `Argo CD "${this.instance}"`,
    });
    this.#port = this.#server.port;
    this.#url = this.#server.url;
  }

  async #setDown(down: boolean): Promise<void> {
    if (down === this.#down) return;
    this.#down = down;
    if (!down) {
      await this.#listen(this.#port);
      return;
    }
    const server = this.#server;
    this.#server = undefined;
    this.#running.streams.cut();
    await server?.close();
  }
}

function isWorkload(object: LiveObject): boolean {
  return (
    object.apiVersion.startsWith('apps/') &&
    (object.kind === 'Deployment' || object.kind === 'StatefulSet')
  );
}

function summarise(
  application: Application,
  destinations: Destinations,
): ArgoCdApplicationSummary {
  const { spec, status } = application;
  const { name, namespace } = nameOf(application);
  const { destination } = spec;
  const registered = destinations.clusters.find(
    cluster =>
      cluster.name === destination.name ||
      cluster.server === destination.server,
  );
  return {
    name,
    namespace,
    project: spec.project || 'default',
    cluster:
      registered?.name ?? destination.name ?? destination.server ?? 'unknown',
    destinationNamespace: destination.namespace ?? '',
    syncStatus: status?.sync.status ?? 'Unknown',
    healthStatus: status?.health.status ?? 'Unknown',
    revision: status?.sync.revision,
    operationPhase: status?.operationState?.phase,
    images: status?.summary?.images ?? [],
  };
}

/** Creates an Argo CD of the sandbox; nothing happens before `start`. */
export function createArgoCdSimulator(
  options: ArgoCdSimulatorOptions,
): ArgoCdSimulator {
  return new DefaultArgoCdSimulator(options);
}
