import {
  ANNOTATION_ARGOCD_SYNC_WAVE,
  ANNOTATION_SYNC_WAVE,
  EnvironmentDifference,
  needsAttention,
} from '@slipway/plugin-delivery-common';
import { ObservedApplication } from '@slipway/plugin-delivery-node';
import {
  EnvironmentNames,
  splitEnvironmentSuffix,
} from '../matching/environmentOf';
import { Environment, Service } from '../matching/types';
import { differenceTo } from '../status/difference';
import { cellOf, KnownCell } from './cellOf';
import { KnownDeployment } from './deploymentOf';

/** A service with everything that is known of where it runs. */
export type ServiceState = {
  service: Service;
  /** Id of its chain. */
  chain: string;
  /** Its environments in order: those of the chain, then any others. */
  environments: ServiceEnvironment[];
  /** By id of environment, only those where it runs. */
  cells: Map<string, KnownCell>;
  /** The namespace it is deployed to, without the environment. */
  namespace: string;
  /** Its sync wave, a whole number. */
  wave?: number;
  systemTitle?: string;
  /** What lists ask of it for every query, worked out once. */
  digest: CellsDigest;
};

/** What lists ask of a service's cells. */
export type CellsDigest = {
  /** A cell needs attention, or is stale by Argo CD's own account. */
  attention: boolean;
  /** The upstreams that the cells come from, whose trouble is theirs. */
  upstreamIds: string[];
  /** What a search looks through, in lower case. */
  searchText: string;
};

/** An environment of a service. */
export type ServiceEnvironment = {
  environment: Environment;
  deployments: KnownDeployment[];
  difference?: EnvironmentDifference;
  /** Sync wave that its bound applications name here. */
  wave?: number;
};

/** A deployment, with the application that it was made from. */
export type AssignedDeployment = {
  deployment: KnownDeployment;
  application: ObservedApplication;
};

/** Puts together what is known of a service. */
export function serviceStateOf(options: {
  service: Service;
  chain: { id: string; environments: Environment[] };
  /** Every environment there is, for those that the chain does not have. */
  environments: Environment[];
  assigned: AssignedDeployment[];
  names: EnvironmentNames;
  systemTitle: string | undefined;
}): ServiceState {
  const { service, chain, assigned, names, systemTitle } = options;
  const byEnvironment = new Map<string, KnownDeployment[]>();
  for (const { deployment } of assigned) {
    const deployments = byEnvironment.get(deployment.environment) ?? [];
    deployments.push(deployment);
    byEnvironment.set(deployment.environment, deployments);
  }
  const inOrder = [
    ...chain.environments,
    ...options.environments.filter(
      ({ id }) =>
        byEnvironment.has(id) &&
        !chain.environments.some(environment => environment.id === id),
    ),
  ];
  const environments: ServiceEnvironment[] = [];
  const cells = new Map<string, KnownCell>();
  let before: ServiceEnvironment | undefined;
  for (const environment of inOrder) {
    const deployments = (byEnvironment.get(environment.id) ?? []).sort(
      compareTargets,
    );
    // An environment outside the chain has none before it.
    const promoted = chain.environments.includes(environment);
    const difference =
      before && promoted && deployments.length > 0
        ? differenceTo({
            before: { ...before.environment, deployments: before.deployments },
            environment: { ...environment, deployments },
          })
        : undefined;
    const wave = waveOfApplications(environment.id, assigned);
    const entry = {
      environment,
      deployments,
      ...(difference && { difference }),
      ...(wave !== undefined && { wave }),
    };
    environments.push(entry);
    if (deployments.length > 0) {
      cells.set(
        environment.id,
        cellOf({ deployments, difference: difference?.release }),
      );
      before = entry;
    }
  }
  const wave = waveOf({ service, environments });
  return {
    service,
    chain: chain.id,
    environments,
    cells,
    namespace: namespaceOf({ service, assigned, names }),
    ...(wave !== undefined && { wave }),
    ...(systemTitle !== undefined && { systemTitle }),
    digest: digestOf({ service, cells, systemTitle }),
  };
}

/** Bound targets first, then by name, so that the first one stays the first. */
function compareTargets(a: KnownDeployment, b: KnownDeployment): number {
  if (a.binding.state !== b.binding.state) {
    return a.binding.state === 'bound' ? -1 : 1;
  }
  return a.target.id < b.target.id ? -1 : 1;
}

/**
 * The namespace that a service is deployed to, without its environment:
 * `core-business` for `core-business-staging` and `core-business-prod`. Of
 * several the commonest; without any, the entity's own.
 */
function namespaceOf(options: {
  service: Service;
  assigned: AssignedDeployment[];
  names: EnvironmentNames;
}): string {
  const { service, assigned, names } = options;
  const counts = new Map<string, number>();
  for (const { deployment } of assigned) {
    const { namespace } = deployment.target;
    if (namespace) {
      const base = splitEnvironmentSuffix(namespace, names)?.rest || namespace;
      counts.set(base, (counts.get(base) ?? 0) + 1);
    }
  }
  const [commonest] = [...counts].sort(
    (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
  );
  return commonest?.[0] ?? service.namespace;
}

/**
 * The sync wave of a service: what its own annotation says, else what its
 * applications say in the first of these environments that says it.
 */
export function waveOf(options: {
  service: Service;
  environments: Pick<ServiceEnvironment, 'wave'>[];
}): number | undefined {
  const { service, environments } = options;
  return (
    readWave(service.annotations[ANNOTATION_SYNC_WAVE]) ??
    environments.find(({ wave }) => wave !== undefined)?.wave
  );
}

function waveOfApplications(
  environment: string,
  assigned: AssignedDeployment[],
): number | undefined {
  return assigned
    .filter(
      ({ deployment }) =>
        deployment.environment === environment &&
        deployment.binding.state === 'bound',
    )
    .map(({ application }) =>
      readWave(application.annotations[ANNOTATION_ARGOCD_SYNC_WAVE]),
    )
    .find(wave => wave !== undefined);
}

function readWave(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,6}$/.test(text.trim())
    ? Number(text)
    : undefined;
}

/** Works out what lists ask of a service, of the cells that may be seen. */
export function digestOf(options: {
  service: Service;
  cells: Map<string, KnownCell>;
  systemTitle: string | undefined;
}): CellsDigest {
  const { service, systemTitle } = options;
  const cells = [...options.cells.values()];
  const sources = cells.flatMap(cell => cell.sources);
  return {
    attention:
      cells.some(({ status }) => needsAttention(status)) ||
      sources.some(({ staleCondition }) => staleCondition !== undefined),
    upstreamIds: [...new Set(sources.map(({ upstreamId }) => upstreamId))],
    searchText: [
      service.name,
      service.title,
      service.system?.split('/').pop(),
      systemTitle,
      ...cells.flatMap(({ serving, wanted }) => [
        serving?.label,
        wanted?.label,
      ]),
    ]
      .filter(text => text !== undefined)
      .join('\n')
      .toLowerCase(),
  };
}
