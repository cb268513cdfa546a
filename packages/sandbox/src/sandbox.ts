import type { ArgoCdSimulator, ArgoCdSimulatorOptions } from './argocd/types';
import { createArgoCdSimulator, PORTAL_POLICY } from './argocd';
import { DefaultSandboxClock } from './clock';
import type { SandboxClock } from './clock';
import { CATALOG_FILE, CATALOG_REPOSITORY } from './content';
import { startControlServer } from './control/server';
import { assertPortsFree } from './http/loopback';
import { DataFolder } from './dataFolder';
import { DefaultGitServer } from './git';
import type { GitAccount } from './git';
import { createModel } from './model';
import type { Cluster, Model, Platform, PlatformId } from './model';
import { DefaultOidcServer } from './oidc';
import {
  fillRepositories,
  followGitUrl,
  pastDeployments,
  repositoryNames,
} from './repositories';
import { ScenarioRunner } from './scenarios';
import { loadSecrets } from './secrets';
import type { SandboxSecrets } from './secrets';
import { writeFileAtomically } from './util/files';

/** Accounts of the Git server: the portal reading, the portal acting, people. */
const GIT_USERNAMES = {
  reads: 'portal',
  acts: 'portal-act',
  people: 'developer',
} as const;

/** Identifier of the portal at the OpenID provider. */
const OIDC_CLIENT_ID = 'slipway-portal';

/** Ports of the servers; 0 lets the system choose. */
export interface SandboxPorts {
  readonly oidc: number;
  readonly git: number;
  readonly argocd: Readonly<Record<PlatformId, number>>;
  readonly control: number;
}

/** What a sandbox is started with. */
export interface SandboxOptions {
  /** Folder for everything that is kept; made when missing. */
  readonly dataDirectory: string;
  /** 0 for every server when absent. */
  readonly ports?: SandboxPorts;
  /** Base URLs of the portals that may sign in and control. */
  readonly portalUrls?: readonly string[];
  /** Number of services, 28 to 5,000; those of the data folder when absent. */
  readonly services?: number;
  /** Seed of everything invented; that of the data folder when absent. */
  readonly seed?: number;
  /** Simulated seconds per real second, 1 when absent. */
  readonly speed?: number;
  /** Delete what an earlier sandbox left in the data folder. */
  readonly fresh?: boolean;
  /**
   * False: no OpenID provider. For tests in Jest, which cannot load
   * `oidc-provider`, a package for `import` only.
   */
  readonly oidc?: boolean;
  /** Told of each step, for a person who waits. */
  readonly onProgress?: (message: string) => void;
}

/** Where the servers are. */
export interface SandboxUrls {
  /** Issuer; absent when the sandbox runs without one. */
  readonly oidc?: string;
  readonly git: string;
  /** The `url` location that a Backstage catalog reads. */
  readonly catalog: string;
  readonly argocd: Readonly<Record<PlatformId, string>>;
  readonly control: string;
}

/** What a portal needs to be let in. Secrets. */
export interface SandboxCredentials {
  readonly git: {
    readonly url: string;
    /** Account of the portal that reads every repository and pushes to none. */
    readonly username: string;
    readonly token: string;
    /** Account of the portal that pushes to GitOps repositories alone. */
    readonly actUsername: string;
    readonly actToken: string;
    /** Account of people, who push everywhere. */
    readonly developerUsername: string;
    readonly developerToken: string;
  };
  readonly oidc: {
    readonly metadataUrl?: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  readonly argocd: Readonly<
    Record<
      PlatformId,
      {
        readonly url: string;
        /** Account `portal-read`, which may read. */
        readonly token: string;
        /** Account `portal-act`, which may read, sync and terminate. */
        readonly actToken: string;
        /** Account `admin`, which may do everything. */
        readonly adminToken: string;
      }
    >
  >;
}

/** A running sandbox. */
export interface Sandbox {
  readonly urls: SandboxUrls;
  readonly credentials: SandboxCredentials;
  readonly model: Model;
  readonly clock: SandboxClock;
  readonly git: DefaultGitServer;
  readonly argocd: Readonly<Record<PlatformId, ArgoCdSimulator>>;
  readonly scenarios: ScenarioRunner;
  /** Saves everything and closes every server; doing it twice does it once. */
  stop(): Promise<void>;
}

const anyPort: SandboxPorts = {
  oidc: 0,
  git: 0,
  argocd: { microservices: 0, n9: 0 },
  control: 0,
};

/**
 * What `argocd-rbac-cm` says: the rights of the portal's accounts, except that
 * the root applications, from which everything follows, are not the portal's.
 */
const accessPolicy = `${PORTAL_POLICY}
p, role:portal-act, applications, sync, default/*, deny
`;

/** Versions that the two simulated Argo CDs claim to be. */
const versions: Readonly<Record<PlatformId, string>> = {
  microservices: 'v3.5.1',
  n9: 'v3.4.7',
};

/**
 * Starts every server of the sandbox. When one cannot start, those that did
 * are stopped again.
 *
 * @throws ConflictError when a port is in use, or when the data folder was
 * made with another seed or number of services.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const started: (() => Promise<void>)[] = [];
  async function stop(): Promise<void> {
    for (const stopOne of started.splice(0).reverse()) {
      await stopOne();
    }
  }
  try {
    return await start({ options, started, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(setup: {
  options: SandboxOptions;
  started: (() => Promise<void>)[];
  stop: () => Promise<void>;
}): Promise<Sandbox> {
  const { options, started, stop } = setup;
  const { ports = anyPort, portalUrls = [], onProgress = () => {} } = options;
  await assertPortsFree([
    ...(options.oidc ?? true
      ? [{ port: ports.oidc, purpose: 'the OpenID provider' }]
      : []),
    { port: ports.git, purpose: 'the Git server' },
    {
      port: ports.argocd.microservices,
      purpose: 'the Argo CD of microservices',
    },
    { port: ports.argocd.n9, purpose: 'the Argo CD of n9' },
    { port: ports.control, purpose: 'the control server' },
  ]);
  const clock = DefaultSandboxClock.create({ speed: options.speed });
  const data = await DataFolder.open({
    directory: options.dataDirectory,
    fresh: options.fresh ?? false,
    seed: options.seed,
    services: options.services,
    now: clock.now(),
  });
  const { seed, services, createdAt } = data.settings;
  const model = createModel({ seed, services });
  const secrets = await loadSecrets({ file: data.path('secrets.json') });
  started.push(async () => clock.cancelAll());

  const git = await DefaultGitServer.create({
    directory: data.path('git'),
    repositories: repositoryNames(model),
    accounts: gitAccounts({ model, secrets }),
  });
  await git.start({ port: ports.git });
  started.push(() => git.stop());

  let oidc: DefaultOidcServer | undefined;
  if (options.oidc ?? true) {
    oidc = await DefaultOidcServer.create({
      directory: data.path('oidc'),
      portalUrls,
      clientId: OIDC_CLIENT_ID,
      clientSecret: secrets.oidcClientSecret,
      people: model.people,
      groups: model.groups,
    });
    const provider = oidc;
    started.push(() => provider.stop());
    await provider.start({ port: ports.oidc });
    onProgress(`OpenID provider at ${provider.url}`);
  }

  if (git.fresh.length > 0) {
    onProgress(`Writing repositories with ${services} services`);
    await fillRepositories({ model, git, createdAt: new Date(createdAt) });
  } else if (data.settings.gitUrl && data.settings.gitUrl !== git.url) {
    await followGitUrl({
      model,
      git,
      before: data.settings.gitUrl,
      now: clock.now(),
    });
  }
  await data.setGitUrl(git.url);
  onProgress(`Git server at ${git.url}`);

  const simulators = new Map<PlatformId, ArgoCdSimulator>();
  for (const platform of model.platforms) {
    const simulator = await startArgoCd({
      model,
      platform,
      git,
      clock,
      port: ports.argocd[platform.id],
      stateDirectory: data.path('argocd', platform.id),
      onProgress,
      started,
    });
    simulators.set(platform.id, simulator);
    onProgress(`Argo CD ${platform.id} at ${simulator.url}`);
  }
  const argocd = byPlatform(id => {
    const simulator = simulators.get(id);
    if (!simulator) {
      throw new Error(`The model has no platform ${id}`);
    }
    return simulator;
  });

  const scenarios = await ScenarioRunner.create({
    context: { model, clock, git, argocd: simulators, oidc },
    file: data.path('scenarios.json'),
  });
  started.push(() => scenarios.stop());

  const platformUrls = {
    oidc: oidc?.url,
    git: git.url,
    catalog: `${git.url}/${CATALOG_REPOSITORY}/src/branch/main/${CATALOG_FILE}`,
    argocd: byPlatform(id => argocd[id].url),
  };
  const startedAt = clock.now().toISOString();
  const control = await startControlServer({
    port: ports.control,
    clock,
    scenarios,
    portalUrls,
    status: () => ({
      startedAt,
      speed: clock.speed,
      services: model.services.length,
      urls: platformUrls,
      argocd: byPlatform(id => describeArgoCd(argocd[id])),
      scenarios: scenarios.active(),
    }),
  });
  started.push(() => control.close());

  const urls: SandboxUrls = { ...platformUrls, control: control.url };
  const tokens = {
    microservices: await tokensOf(argocd.microservices),
    n9: await tokensOf(argocd.n9),
  };
  const credentials: SandboxCredentials = {
    git: {
      url: git.url,
      username: GIT_USERNAMES.reads,
      token: secrets.gitToken,
      actUsername: GIT_USERNAMES.acts,
      actToken: secrets.gitActToken,
      developerUsername: GIT_USERNAMES.people,
      developerToken: secrets.gitDeveloperToken,
    },
    oidc: {
      metadataUrl: oidc && `${oidc.url}/.well-known/openid-configuration`,
      clientId: OIDC_CLIENT_ID,
      clientSecret: secrets.oidcClientSecret,
    },
    argocd: byPlatform(id => ({ url: argocd[id].url, ...tokens[id] })),
  };
  await writeFileAtomically({
    file: data.path('credentials.json'),
    text: `${JSON.stringify(credentials, undefined, 2)}\n`,
  });
  return { urls, credentials, model, clock, git, argocd, scenarios, stop };
}

async function startArgoCd(options: {
  model: Model;
  platform: Platform;
  git: DefaultGitServer;
  clock: SandboxClock;
  port: number;
  stateDirectory: string;
  onProgress: (message: string) => void;
  started: (() => Promise<void>)[];
}): Promise<ArgoCdSimulator> {
  const { model, platform, git, clock, port, stateDirectory } = options;
  let past: ReturnType<typeof pastDeployments> | undefined;
  const settings: ArgoCdSimulatorOptions = {
    instance: platform.id,
    version: versions[platform.id],
    clock,
    repositories: git,
    stateDirectory,
    port,
    seed: model.seed,
    bootstrap: [
      {
        repoUrl: git.cloneUrl(platform.repository),
        path: 'bootstrap',
        revision: 'main',
      },
    ],
    clusters: clustersOf(platform).map(({ name, server }) => ({
      name,
      server,
    })),
    applicationNamespaces: ['argocd-*'],
    accessPolicy,
    initialHistory: async application => {
      past ??= pastDeployments({ model, platform, git });
      return (await past).get(application.name);
    },
    log: {
      info: () => {},
      warn: message => options.onProgress(`Argo CD ${platform.id}: ${message}`),
    },
  };
  const simulator = createArgoCdSimulator(settings);
  options.started.push(() => simulator.stop());
  await simulator.start();
  return simulator;
}

function gitAccounts(options: {
  model: Model;
  secrets: SandboxSecrets;
}): GitAccount[] {
  const { model, secrets } = options;
  return [
    { username: GIT_USERNAMES.reads, token: secrets.gitToken, mayPush: [] },
    {
      username: GIT_USERNAMES.acts,
      token: secrets.gitActToken,
      mayPush: model.platforms.map(({ repository }) => repository),
    },
    {
      username: GIT_USERNAMES.people,
      token: secrets.gitDeveloperToken,
      mayPush: 'everywhere',
    },
  ];
}

async function tokensOf(simulator: ArgoCdSimulator) {
  return {
    token: await simulator.issueToken('portal-read'),
    actToken: await simulator.issueToken('portal-act'),
    adminToken: await simulator.issueToken('admin'),
  };
}

function describeArgoCd(simulator: ArgoCdSimulator) {
  const applications = simulator.applications();
  return {
    applications: applications.length,
    sync: countBy(applications.map(application => application.syncStatus)),
    health: countBy(applications.map(application => application.healthStatus)),
    faults: simulator.faults.status(),
    requests: simulator.requestCounts(),
  };
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) {
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

function byPlatform<T>(create: (id: PlatformId) => T): Record<PlatformId, T> {
  return { microservices: create('microservices'), n9: create('n9') };
}

function clustersOf(platform: Platform): Cluster[] {
  return platform.environments.map(environment => environment.cluster);
}
