import { RootConfigService } from '@backstage/backend-plugin-api';
import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  FilterPredicate,
  readOptionalFilterPredicateFromConfig,
} from '@backstage/filter-predicates';
import { durationToMilliseconds, HumanDuration } from '@backstage/types';
import { canonicalJson } from '../domain/canonicalJson';
import { globMatcher } from '../domain/matching/conditions';
import { readEntityRef } from '../domain/matching/matchApplication';
import {
  ApplicationCondition,
  BindingRule,
  Chain,
  ClusterDescription,
  Environment,
  MatchingConfig,
  MatchingRule,
  ServiceCondition,
  TextMatcher,
  UNASSIGNED_ENVIRONMENT,
} from '../domain/matching/types';
import { GitOpsConfig, readGitOpsConfig } from './readGitOpsConfig';

/** The configuration of this plugin, read and checked. */
export type DeliveryConfig = {
  matching: MatchingConfig;
  /** Which catalog entities are services. */
  services: FilterPredicate;
  /** All in milliseconds. */
  times: {
    leaseTtlMs: number;
    pollMs: number;
    catalogRefreshMs: number;
    heartbeatMs: number;
    freshForMs: number;
  };
  /** How actions are carried out; times in milliseconds. */
  actions: {
    paceMs: number;
    giveUpMs: number;
    graceMs: number;
    concurrency: number;
  };
  /** What reverts are written with. */
  gitops: GitOpsConfig;
};

const DEFAULT_SERVICES: FilterPredicate = {
  kind: 'component',
  'spec.type': { $in: ['service', 'website'] },
};

const DEFAULT_ENVIRONMENTS: Environment[] = [
  {
    id: 'development',
    title: 'Development',
    standby: false,
    aliases: ['dev', 'develop'],
  },
  {
    id: 'staging',
    title: 'Staging',
    standby: false,
    aliases: ['stg', 'stage'],
  },
  {
    id: 'production',
    title: 'Production',
    standby: false,
    aliases: ['prod', 'prd', 'live'],
  },
  {
    id: 'recovery',
    title: 'Recovery',
    standby: true,
    aliases: ['dr', 'standby'],
  },
];

const DEFAULT_CONCURRENCY = 10;

const DEFAULT_CHAIN_ID = 'default';

/** Ids stand in URLs, permission rules and configuration. */
const ID = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const ENTITY_REF = /^[a-z][a-z0-9]*:[a-z0-9-]+\/[a-z0-9]([-\w.]*[a-z0-9])?$/;

/**
 * Reads `delivery` of the configuration.
 *
 * @throws InputError that begins with the path of the key that is wrong.
 */
export function readDeliveryConfig(
  rootConfig: RootConfigService,
): DeliveryConfig {
  const config = rootConfig.getOptionalConfig('delivery');
  const environments = readEnvironments(config);
  const chains = readChains(config, environments);
  const leaseTtlMs = readMs(config, 'lease.ttl', { seconds: 15 }, 1_000);
  const heartbeatMs = readMs(config, 'heartbeat', { seconds: 10 }, 100);
  const freshForMs = readMs(config, 'freshFor', { seconds: 45 }, 200);
  if (freshForMs <= heartbeatMs) {
    throw new InputError(
      `delivery.freshFor: must be longer than delivery.heartbeat, or everything is stale between two signs of life`,
    );
  }
  return {
    matching: {
      environments,
      chains,
      defaultChain: readDefaultChain(config, chains),
      rules: readRules(config, environments, chains),
      bindings: readBindings(config),
      clusters: readClusters(config),
    },
    services: readServices(config),
    times: {
      leaseTtlMs,
      pollMs: readMs(config, 'poll', { seconds: 2 }, 50),
      catalogRefreshMs: readMs(config, 'catalogRefresh', { seconds: 30 }, 100),
      heartbeatMs,
      freshForMs,
    },
    actions: readActions(config),
    gitops: readGitOpsConfig(config),
  };
}

function readActions(config: Config | undefined): DeliveryConfig['actions'] {
  const concurrency =
    config?.getOptionalNumber('actions.concurrency') ?? DEFAULT_CONCURRENCY;
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 100) {
    throw new InputError(
      `delivery.actions.concurrency: must be a whole number from 1 to 100`,
    );
  }
  return {
    paceMs: readMs(config, 'actions.pace', { seconds: 2 }, 100),
    giveUpMs: readMs(config, 'actions.giveUp', { minutes: 10 }, 1_000),
    graceMs: readMs(config, 'actions.grace', { seconds: 30 }, 100),
    concurrency,
  };
}

function readEnvironments(config: Config | undefined): Environment[] {
  const environments = config?.getOptionalConfig('environments');
  if (!environments) {
    return DEFAULT_ENVIRONMENTS;
  }
  const read = environments.keys().map(id => {
    const path = `delivery.environments.${id}`;
    checkId(id, path);
    if (id === UNASSIGNED_ENVIRONMENT.id) {
      throw new InputError(
        `${path}: this id is taken by deployments of which nothing says where they belong; choose another`,
      );
    }
    const environment = environments.getConfig(id);
    const known = DEFAULT_ENVIRONMENTS.find(one => one.id === id);
    return {
      id,
      title:
        environment.getOptionalString('title') ?? known?.title ?? capital(id),
      standby:
        environment.getOptionalBoolean('standby') ?? known?.standby ?? false,
      aliases:
        environment.getOptionalStringArray('aliases') ?? known?.aliases ?? [],
    };
  });
  const taken = new Map<string, string>();
  for (const { id, aliases } of read) {
    for (const name of [id, ...aliases]) {
      const other = taken.get(name.toLowerCase());
      if (other !== undefined && other !== id) {
        throw new InputError(
          `delivery.environments.${id}.aliases: '${name}' stands for ${other} already`,
        );
      }
      taken.set(name.toLowerCase(), id);
    }
  }
  if (read.length === 0) {
    throw new InputError(
      'delivery.environments: name at least one environment, or leave the key out',
    );
  }
  return read;
}

function readChains(
  config: Config | undefined,
  environments: Environment[],
): Chain[] {
  const chains = config?.getOptionalConfig('chains');
  if (!chains || chains.keys().length === 0) {
    return [
      {
        id: DEFAULT_CHAIN_ID,
        title: 'All services',
        environments: environments.map(({ id }) => id),
        applications: [],
        services: [],
      },
    ];
  }
  return chains.keys().map(id => {
    const path = `delivery.chains.${id}`;
    checkId(id, path);
    const chain = chains.getConfig(id);
    const order = chain.getStringArray('environments');
    if (order.length === 0) {
      throw new InputError(`${path}.environments: name at least one`);
    }
    order.forEach((environment, index) => {
      const at = `${path}.environments[${index}]`;
      checkEnvironment(environment, environments, at);
      if (order.indexOf(environment) !== index) {
        throw new InputError(`${at}: '${environment}' stands there twice`);
      }
    });
    return {
      id,
      title: chain.getOptionalString('title') ?? capital(id),
      environments: order,
      applications: (chain.getOptionalConfigArray('applications') ?? []).map(
        (condition, index) =>
          readApplicationCondition(condition, `${path}.applications[${index}]`),
      ),
      services: (chain.getOptionalConfigArray('services') ?? []).map(
        (condition, index) =>
          readServiceCondition(condition, `${path}.services[${index}]`),
      ),
    };
  });
}

function readDefaultChain(config: Config | undefined, chains: Chain[]): string {
  const id = config?.getOptionalString('defaultChain');
  if (id === undefined) {
    return chains[0].id;
  }
  checkChain(id, chains, 'delivery.defaultChain');
  return id;
}

function readRules(
  config: Config | undefined,
  environments: Environment[],
  chains: Chain[],
): MatchingRule[] {
  return (config?.getOptionalConfigArray('rules') ?? []).map((rule, index) => {
    const path = `delivery.rules[${index}]`;
    const environment = rule.getOptionalString('environment');
    const chain = rule.getOptionalString('chain');
    const ignore = rule.getOptionalBoolean('ignore');
    const service = rule.getOptionalString('service');
    if (environment !== undefined) {
      checkEnvironment(environment, environments, `${path}.environment`);
    }
    if (chain !== undefined) {
      checkChain(chain, chains, `${path}.chain`);
    }
    if (!ignore && !environment && !chain && !service) {
      throw new InputError(
        `${path}: says nothing; set environment, service, chain or ignore`,
      );
    }
    return {
      match: readApplicationCondition(rule.getConfig('match'), `${path}.match`),
      ...(ignore !== undefined && { ignore }),
      ...(environment !== undefined && { environment }),
      ...(chain !== undefined && { chain }),
      ...(service !== undefined && {
        service: readServiceRef(service, `${path}.service`),
      }),
    };
  });
}

function readBindings(config: Config | undefined): BindingRule[] {
  const bindings = config?.getOptionalConfigArray('bindings') ?? [];
  const matches = bindings.map(binding =>
    canonicalJson({ match: binding.getOptional('match') }),
  );
  return bindings.map((binding, index) => {
    const path = `delivery.bindings[${index}]`;
    refuseOtherKeys(binding, ['match', 'owner'], path);
    if (!binding.has('match')) {
      throw new InputError(
        `${path}.match: is missing; say which applications it is about`,
      );
    }
    const first = matches.indexOf(matches[index]);
    if (first !== index) {
      // The first one decides, so this one would say something and do nothing.
      throw new InputError(
        `${path}.match: is the same as that of delivery.bindings[${first}]; keep one of them`,
      );
    }
    return {
      match: readApplicationCondition(
        binding.getConfig('match'),
        `${path}.match`,
      ),
      owner: readOwnerRef(binding, `${path}.owner`),
    };
  });
}

function readOwnerRef(config: Config, path: string): string {
  const text = config.getOptionalString('owner')?.trim() ?? '';
  const ref = readEntityRef(text, { defaultKind: 'group' });
  if (
    ref === undefined ||
    !/^(group|user):/.test(ref) ||
    !ENTITY_REF.test(ref)
  ) {
    throw new InputError(
      `${path}: '${text}' is no ref of a group or a user, such as group:default/payments`,
    );
  }
  return ref;
}

function readServiceRef(text: string, path: string): string {
  const ref = readEntityRef(text);
  if (ref === undefined || !ENTITY_REF.test(ref)) {
    throw new InputError(
      `${path}: '${text}' is no entity ref, such as component:default/checkout`,
    );
  }
  return ref;
}

const APPLICATION_KEYS = [
  'instance',
  'project',
  'cluster',
  'namespace',
  'name',
] as const;

function readApplicationCondition(
  config: Config,
  path: string,
): ApplicationCondition {
  refuseOtherKeys(config, [...APPLICATION_KEYS, 'labels'], path);
  const condition: ApplicationCondition = {};
  for (const key of APPLICATION_KEYS) {
    const matcher = readMatcher(config, key, `${path}.${key}`);
    if (matcher) {
      condition[key] = matcher;
    }
  }
  const labels = config.getOptional<unknown>('labels');
  if (labels !== undefined) {
    condition.labels = readLabels(labels, `${path}.labels`);
  }
  return condition;
}

/** Not read by `Config`: label names hold dots, which it takes for paths. */
function readLabels(
  labels: unknown,
  path: string,
): { [name: string]: TextMatcher } {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
    throw new InputError(`${path}: must be a map of label names to globs`);
  }
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => {
      const patterns: unknown[] = Array.isArray(value) ? value : [value];
      const texts = patterns.filter(
        (pattern): pattern is string =>
          typeof pattern === 'string' && pattern !== '',
      );
      if (texts.length === 0 || texts.length < patterns.length) {
        throw new InputError(`${path}.${name}: must be a glob or some globs`);
      }
      return [name, globMatcher(texts)];
    }),
  );
}

const SERVICE_KEYS = ['name', 'namespace', 'system', 'owner'] as const;

function readServiceCondition(config: Config, path: string): ServiceCondition {
  refuseOtherKeys(config, [...SERVICE_KEYS], path);
  const condition: ServiceCondition = {};
  for (const key of SERVICE_KEYS) {
    const matcher = readMatcher(config, key, `${path}.${key}`);
    if (matcher) {
      condition[key] = matcher;
    }
  }
  return condition;
}

/**
 * A key that is misspelt would make a condition wider than it was meant, and an
 * empty one would fit everything.
 */
function refuseOtherKeys(config: Config, keys: string[], path: string): void {
  const other = config.keys().find(key => !keys.includes(key));
  if (other !== undefined) {
    throw new InputError(
      `${path}.${other}: is not known here; there are ${keys.join(', ')}`,
    );
  }
  if (config.keys().length === 0) {
    throw new InputError(`${path}: is empty; set ${keys.join(', ')}`);
  }
}

function readMatcher(
  config: Config,
  key: string,
  path: string,
): TextMatcher | undefined {
  const value = config.getOptional<unknown>(key);
  if (value === undefined) {
    return undefined;
  }
  const patterns =
    typeof value === 'string'
      ? [config.getString(key)]
      : config.getStringArray(key);
  if (patterns.length === 0 || patterns.some(pattern => pattern === '')) {
    throw new InputError(`${path}: must be a glob or some globs`);
  }
  return globMatcher(patterns);
}

function readClusters(config: Config | undefined): ClusterDescription[] {
  const clusters = config?.getOptional<unknown>('clusters');
  if (clusters === undefined) {
    return [];
  }
  // Cluster names hold dots (`arn:…`, host names), which `Config` takes for
  // paths; so the map is read as it is.
  if (
    typeof clusters !== 'object' ||
    clusters === null ||
    Array.isArray(clusters)
  ) {
    throw new InputError('delivery.clusters: must be a map by cluster name');
  }
  return Object.entries(clusters).map(([name, value]) => {
    const path = `delivery.clusters.${name}`;
    const description: unknown = value ?? {};
    if (typeof description !== 'object' || Array.isArray(description)) {
      throw new InputError(`${path}: must be a map`);
    }
    const { server, region, ...others } = description as Record<
      string,
      unknown
    >;
    const [other] = Object.keys(others);
    if (other !== undefined) {
      throw new InputError(
        `${path}.${other}: is not known here; there are server, region`,
      );
    }
    if (server !== undefined && !isUrl(server)) {
      throw new InputError(
        `${path}.server: must be the URL of an API server, such as https://…`,
      );
    }
    if (region !== undefined && typeof region !== 'string') {
      throw new InputError(`${path}.region: must be text, such as us-east-1`);
    }
    return {
      name,
      ...(server !== undefined && { server }),
      ...(region !== undefined && { region }),
    };
  });
}

function isUrl(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value);
}

function readServices(config: Config | undefined): FilterPredicate {
  try {
    return (
      (config &&
        readOptionalFilterPredicateFromConfig(config, {
          key: 'services.filter',
        })) ??
      DEFAULT_SERVICES
    );
  } catch (error) {
    throw new InputError(
      `delivery.services.filter: ${
        error instanceof Error ? error.message : error
      }`,
    );
  }
}

function readMs(
  config: Config | undefined,
  key: string,
  fallback: HumanDuration,
  least: number,
): number {
  const ms = durationToMilliseconds(
    config?.has(key) ? readDurationFromConfig(config, { key }) : fallback,
  );
  if (!(ms >= least)) {
    throw new InputError(`delivery.${key}: must be at least ${least} ms`);
  }
  return ms;
}

function checkId(id: string, path: string): void {
  if (!ID.test(id)) {
    throw new InputError(
      `${path}: an id is made of lower-case letters, digits and dashes`,
    );
  }
}

function checkEnvironment(
  id: string,
  environments: Environment[],
  path: string,
): void {
  if (!environments.some(environment => environment.id === id)) {
    throw new InputError(
      `${path}: there is no environment '${id}'; there are ${environments
        .map(environment => environment.id)
        .join(', ')}`,
    );
  }
}

function checkChain(id: string, chains: Chain[], path: string): void {
  if (!chains.some(chain => chain.id === id)) {
    throw new InputError(
      `${path}: there is no chain '${id}'; there are ${chains
        .map(chain => chain.id)
        .join(', ')}`,
    );
  }
}

function capital(id: string): string {
  return id.charAt(0).toUpperCase() + id.slice(1);
}
