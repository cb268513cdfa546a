import {
  ChainDescription,
  Deployment,
  EnvironmentDeployments,
  EnvironmentDifference,
  FleetCell,
  FleetRow,
  HistoryEntry,
  Observation,
  Release,
  releaseLabel,
  ServiceDeployments,
  UpstreamStatus,
} from '@slipway/plugin-delivery-common';
import { DateTime } from 'luxon';

const STAGING = { id: 'staging', title: 'Staging', standby: false };
const PRODUCTION = { id: 'production', title: 'Production', standby: false };
const RECOVERY = { id: 'recovery', title: 'Recovery', standby: true };
const DEVELOPMENT = {
  id: 'development',
  title: 'Development',
  standby: false,
};

export const CHAINS: ChainDescription[] = [
  { id: 'n9', title: 'N9', environments: [STAGING, PRODUCTION, RECOVERY] },
  {
    id: 'microservices',
    title: 'Microservices',
    environments: [DEVELOPMENT, STAGING, PRODUCTION],
  },
];

export type Service = {
  name: string;
  chain: 'n9' | 'microservices';
  system: string;
  namespace: string;
  wave: string;
  /** The state each environment is in; absent where it does not run. */
  states: { [environment: string]: State };
};

/** States that a deployment of the harness can be in. */
export type State =
  | 'healthy'
  | 'behind'
  | 'progressing'
  | 'waiting'
  | 'degraded'
  | 'unknown'
  | 'unbound'
  | 'never-seen'
  | 'two-targets';

const N9_SERVICES: Service[] = [
  n9('n9-api', { staging: 'healthy', production: 'progressing' }),
  n9('n9-websocket', { staging: 'healthy', production: 'two-targets' }),
  n9('n9-worker', { staging: 'healthy', production: 'healthy' }),
  n9('n9-scheduler', { staging: 'healthy', production: 'waiting' }),
];

const CORE = ['checkout', 'order', 'payment', 'cart', 'catalog', 'pricing'];
const SUPPORT = ['auth', 'user', 'notification', 'search', 'audit', 'media'];

const MICROSERVICES: Service[] = [
  ...CORE.map((name, index) =>
    micro(name, 'core-business', '3', {
      development: 'healthy',
      staging: index === 2 ? 'degraded' : 'healthy',
      production: (['behind', 'healthy', 'waiting', 'unbound'] as const)[
        index % 4
      ],
    }),
  ),
  ...SUPPORT.map((name, index) =>
    micro(name, 'platform-services', '2', {
      development: index === 4 ? 'never-seen' : 'healthy',
      staging: index === 1 ? 'unknown' : 'healthy',
      ...(index < 4 && { production: 'healthy' as const }),
    }),
  ),
];

export const SERVICES: Service[] = [...MICROSERVICES, ...N9_SERVICES];

/** As many services as asked for, in systems of fifty. */
export function manyServices(count: number): Service[] {
  return Array.from({ length: count }, (_, index) => {
    const system = `system-${String(Math.floor(index / 50)).padStart(3, '0')}`;
    const often: State = index % 11 === 0 ? 'behind' : 'healthy';
    const state: State = index % 97 === 0 ? 'degraded' : often;
    return {
      name: `service-${String(index).padStart(4, '0')}`,
      chain: index % 2 ? 'n9' : 'microservices',
      system,
      namespace: `namespace-${index % 24}`,
      wave: String(index % 5),
      states: {
        development: 'healthy',
        staging: 'healthy',
        production: state,
        recovery: 'healthy',
      },
    };
  });
}

function n9(name: string, states: Service['states']): Service {
  return {
    name,
    chain: 'n9',
    system: 'n9',
    namespace: 'n9',
    wave: '0',
    states: { ...states, recovery: 'healthy' },
  };
}

function micro(
  name: string,
  system: string,
  wave: string,
  states: Service['states'],
): Service {
  return {
    name,
    chain: 'microservices',
    system,
    namespace: system,
    wave,
    states,
  };
}

export const entityRefOf = (service: Service) =>
  `component:default/${service.name}`;

/** Changes that happened while the harness runs, by service and environment. */
export type Changes = Map<string, number>;

export type World = {
  services: Service[];
  changes: Changes;
  version: number;
  /** Ids of the upstreams that do not answer. */
  down: string[];
};

const ago = (minutes: number): string =>
  DateTime.utc().minus({ minutes }).toISO() ?? '';

export function upstreams(world: World): UpstreamStatus[] {
  return [
    { id: 'argocd:main', title: 'Argo CD main', chain: 'microservices' },
    { id: 'argocd:n9', title: 'Argo CD n9', chain: 'n9' },
  ].map(({ id, title }) => {
    const isDown = world.down.includes(id);
    return {
      id,
      title,
      kind: 'argocd',
      state: isDown ? 'down' : 'live',
      since: ago(isDown ? 12 : 300),
      lastContactAt: ago(isDown ? 12 : 0),
      reason: isDown ? 'the connection was refused' : undefined,
    };
  });
}

function release(name: string, version: number, patch: number): Release {
  const seed = [...`${name}${version}${patch}`].reduce(
    (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffffff,
    7,
  );
  const hex = seed.toString(16).padStart(6, '0');
  const sha = hex.repeat(7).slice(0, 40);
  return {
    image: `registry.example/${name}`,
    tag: `1.${version}.${patch}`,
    digest: `sha256:${hex.repeat(11).slice(0, 64)}`,
    revisions: [
      {
        kind: 'git',
        revision: sha,
        repoUrl: 'https://git.example/platform/gitops',
        commit: {
          sha,
          author: ['Ada Okafor', 'Wei Lindqvist', 'Sam Ferrari'][seed % 3],
          date: ago(60 * (1 + (seed % 70))),
          message: `Release ${name} 1.${version}.${patch}\n\nBuilt by pipeline ${seed}.`,
          url: `https://git.example/platform/gitops/commit/${sha}`,
        },
      },
    ],
  };
}

function observation(world: World, service: Service): Observation {
  const source = service.chain === 'n9' ? 'argocd:n9' : 'argocd:main';
  return world.down.includes(source)
    ? {
        source,
        state: 'stale',
        observedAt: ago(12),
        reason: `${
          source === 'argocd:n9' ? 'Argo CD n9' : 'Argo CD main'
        } does not answer (the connection was refused)`,
      }
    : { source, state: 'fresh', observedAt: ago(0) };
}

function deployment(
  world: World,
  service: Service,
  environment: string,
  region = 'us-east-1',
): Deployment {
  const state = service.states[environment];
  const { name } = service;
  const base = 4 + (name.length % 5);
  const change = world.changes.get(`${name}/${environment}`) ?? 0;
  const newest = release(name, base, change);
  const older = release(name, base - 1, 2);
  const appName = `${name}-${environment}`;

  const healthy: Deployment = {
    entityRef: entityRefOf(service),
    environment,
    target: {
      id: `${appName}-${region}`,
      instance: service.chain === 'n9' ? 'n9' : 'main',
      applicationNamespace: 'argocd',
      application: appName,
      cluster: `eks-${environment}`,
      namespace: service.namespace,
      region,
      url: `https://argocd.example/applications/argocd/${appName}`,
    },
    binding: { state: 'bound', by: 'application-annotation' },
    assessment: {
      status: 'healthy',
      reason: 'serving-wanted',
      summary: 'It serves what git asks for.',
      since: ago(130),
    },
    observation: observation(world, service),
    wanted: newest,
    serving: newest,
    servingSince: ago(change ? 0 : 130),
    sync: 'synced',
    health: 'healthy',
    healthSince: ago(130),
    policy: {
      automated: environment !== 'production',
      prune: true,
      selfHeal: environment === 'development',
    },
    operation: {
      phase: 'succeeded',
      startedAt: ago(132),
      finishedAt: ago(130),
      automated: environment !== 'production',
      initiatedBy: environment === 'production' ? 'ada.okafor' : undefined,
      dryRun: false,
      partial: false,
    },
    conditions: [],
    replicas: { wanted: 4, updated: 4, ready: 4, available: 4 },
    replicasObservedAt: ago(1),
  };

  switch (state) {
    case 'healthy':
    case 'two-targets':
      return healthy;
    case 'behind':
      return {
        ...healthy,
        wanted: older,
        serving: older,
        servingSince: ago(3_000),
      };
    case 'unbound':
      // Of what is not confirmed to be its own, only the status is told.
      return {
        ...healthy,
        target: {
          id: healthy.target.id,
          instance: healthy.target.instance,
          applicationNamespace: healthy.target.applicationNamespace,
          application: healthy.target.application,
        },
        wanted: undefined,
        serving: undefined,
        servingSince: undefined,
        operation: undefined,
        replicas: undefined,
        replicasObservedAt: undefined,
        assessment: {
          status: 'healthy',
          reason: 'unbound',
          summary: 'It is in sync and healthy.',
        },
        binding: {
          state: 'unbound',
          reason:
            'Only the name of the application says that it belongs to this service.',
        },
      };
    case 'progressing':
      return {
        ...healthy,
        serving: older,
        servingSince: ago(5_000),
        health: 'progressing',
        healthMessage:
          'Waiting for rollout: 1 of 4 updated replicas are available',
        healthSince: ago(3),
        assessment: {
          status: 'progressing',
          reason: 'rolling-out',
          summary: `1 of 4 replicas serve ${releaseLabel(newest)}.`,
          since: ago(3),
        },
        operation: {
          phase: 'running',
          startedAt: ago(3),
          automated: true,
          dryRun: false,
          partial: false,
        },
        replicas: { wanted: 4, updated: 1, ready: 4, available: 4 },
      };
    case 'waiting':
      return {
        ...healthy,
        serving: older,
        servingSince: ago(9_000),
        sync: 'out-of-sync',
        assessment: {
          status: 'waiting',
          reason: 'manual-sync',
          summary: `Git asks for ${releaseLabel(
            newest,
          )}; a person has to sync it.`,
          since: ago(40),
        },
      };
    case 'degraded':
      return {
        ...healthy,
        serving: older,
        servingSince: ago(7_000),
        health: 'degraded',
        healthSince: ago(22),
        healthMessage: `Deployment "${name}" exceeded its progress deadline`,
        conditions: [
          {
            type: 'SyncError',
            severity: 'error',
            message: `Failed to pull image "registry.example/${name}:1.${base}.0": not found`,
            since: ago(22),
          },
        ],
        assessment: {
          status: 'degraded',
          reason: 'image-pull-failed',
          summary: 'The image cannot be pulled.',
          since: ago(22),
        },
        operation: {
          phase: 'failed',
          startedAt: ago(24),
          finishedAt: ago(22),
          message: 'one or more objects failed to apply',
          automated: true,
          dryRun: false,
          partial: false,
        },
        replicas: { wanted: 4, updated: 1, ready: 3, available: 3 },
      };
    case 'unknown':
      return {
        ...healthy,
        sync: 'unknown',
        health: 'unknown',
        serving: undefined,
        servingSince: undefined,
        assessment: {
          status: 'unknown',
          reason: 'comparison-error',
          summary: 'Argo CD cannot compare git with the cluster.',
          since: ago(65),
        },
        conditions: [
          {
            type: 'ComparisonError',
            severity: 'error',
            message:
              'Failed to load target state: kustomize build failed: overlays/staging: no such file',
            since: ago(65),
          },
        ],
        replicas: undefined,
        replicasObservedAt: undefined,
      };
    case 'never-seen':
      return {
        ...healthy,
        serving: undefined,
        servingSince: undefined,
        replicas: undefined,
        observation: {
          source: 'argocd:main',
          state: 'unknown',
          reason: 'the credential may not read this project',
        },
      };
    default:
      throw new TypeError(`Unknown state ${state satisfies never}`);
  }
}

function differenceOf(
  from: string,
  before: Deployment,
  here: Deployment,
): EnvironmentDifference {
  if (!before.serving || !here.serving) {
    return { from, release: 'unknown', sentences: [] };
  }
  const a = releaseLabel(before.serving);
  const b = releaseLabel(here.serving);
  const policy =
    before.policy?.automated === here.policy?.automated
      ? []
      : [
          here.policy?.automated
            ? 'It syncs by itself here.'
            : 'A person syncs it here.',
        ];
  if (a === b) {
    return { from, release: 'same', sentences: policy };
  }
  return {
    from,
    release: 'behind',
    sentences: [`It serves ${b}, not ${a}.`, ...policy],
  };
}

export function serviceDeployments(
  world: World,
  service: Service,
): ServiceDeployments {
  const chain = CHAINS.find(({ id }) => id === service.chain)!;
  let previous: { id: string; deployment: Deployment } | undefined;

  const environments = chain.environments.map(
    (environment): EnvironmentDeployments => {
      if (!service.states[environment.id]) {
        return { environment, deployments: [] };
      }
      const deployments = [deployment(world, service, environment.id)];
      if (service.states[environment.id] === 'two-targets') {
        deployments.push(
          deployment(world, service, environment.id, 'eu-west-1'),
        );
      }
      const difference =
        previous &&
        differenceOf(previous.id, previous.deployment, deployments[0]);
      previous = { id: environment.id, deployment: deployments[0] };
      return { environment, deployments, difference };
    },
  );
  const last = environments.find(
    ({ environment }) => environment.id === 'production',
  )?.deployments[0];
  const serves = last?.serving && releaseLabel(last.serving);
  return {
    version: world.version,
    entityRef: entityRefOf(service),
    chain: { id: chain.id, title: chain.title },
    environments,
    headline: serves
      ? `Production serves ${serves}. ${last.assessment.summary}`
      : 'Nobody can say what production serves.',
    upstreams: upstreams(world).filter(
      ({ id }) => id === (service.chain === 'n9' ? 'argocd:n9' : 'argocd:main'),
    ),
  };
}

export function fleetRow(world: World, service: Service): FleetRow {
  const cells: FleetRow['cells'] = {};
  for (const { environment, deployments, difference } of serviceDeployments(
    world,
    service,
  ).environments) {
    const [first] = deployments;
    if (first) {
      cells[environment.id] = fleetCell(first, difference, deployments.length);
    }
  }
  return {
    entityRef: entityRefOf(service),
    title: service.name,
    owner: 'group:default/payments',
    chain: service.chain,
    group: service.system,
    cells,
  };
}

function fleetCell(
  from: Deployment,
  difference: EnvironmentDifference | undefined,
  targets: number,
): FleetCell {
  const describe = (of: Release | undefined) =>
    of && {
      label: releaseLabel(of) ?? '',
      digest: of.digest,
      revision: of.revisions[0]?.revision,
    };
  const same = releaseLabel(from.serving) === releaseLabel(from.wanted);
  return {
    status: from.assessment.status,
    serving: describe(from.serving),
    wanted: same ? undefined : describe(from.wanted),
    since: from.servingSince,
    note:
      from.assessment.status === 'healthy'
        ? undefined
        : from.assessment.summary,
    difference: difference?.release,
    observation: from.observation,
    bound: from.binding.state === 'bound',
    targets,
  };
}

export function historyOf(service: Service): HistoryEntry[] {
  const chain = CHAINS.find(({ id }) => id === service.chain)!;
  const environments = chain.environments.filter(
    ({ id }) => service.states[id],
  );
  return Array.from({ length: 47 }, (_, index): HistoryEntry => {
    const environment = environments[index % environments.length].id;
    const byPerson = environment === 'production';
    const observed = index === 5;
    return {
      id: `${service.name}-${index}`,
      environment,
      target: {
        id: `${service.name}-${environment}`,
        instance: 'main',
        application: `${service.name}-${environment}`,
        cluster: `eks-${environment}`,
        region: 'us-east-1',
      },
      at: ago(130 + index * 977),
      release: release(service.name, 8 - Math.floor(index / 8), index % 3),
      source: observed ? 'observed' : 'argocd-history',
      initiatedBy: byPerson && !observed ? 'ada.okafor' : undefined,
      automated: observed ? undefined : !byPerson,
    };
  });
}
