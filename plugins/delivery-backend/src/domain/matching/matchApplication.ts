import {
  ANNOTATION_CHAIN,
  ANNOTATION_ENTITY_REF,
  ANNOTATION_ENVIRONMENT,
} from '@slipway/plugin-delivery-common';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { clusterOf } from './clusterOf';
import { meetsApplicationCondition, meetsServiceCondition } from './conditions';
import {
  EnvironmentNames,
  environmentOfCluster,
  splitEnvironmentSuffix,
} from './environmentOf';
import { ServiceIndex } from './ServiceIndex';
import { FoundServices, suggestedServices } from './suggestedServices';
import {
  ApplicationMatch,
  MatchingConfig,
  MatchingRule,
  Service,
  UNASSIGNED_ENVIRONMENT,
} from './types';

/**
 * Which services an application deploys and which environment it is.
 *
 * The service is what a configured rule says, else what the platform wrote on
 * the application, else what is suggested: by the services' own annotations, or
 * by the application's name; see `suggestedServices`.
 *
 * The environment is what a rule says, else the application's annotation or
 * label, else what the namespace, the application or the cluster is called, else
 * the service's annotation.
 */
export function matchApplication(options: {
  application: ObservedApplication;
  services: ServiceIndex;
  config: MatchingConfig;
  names: EnvironmentNames;
}): ApplicationMatch {
  const { application, services, config, names } = options;
  if (application.appOfApps) {
    // B16: a parent says nothing of its children and is no deployment.
    return { kind: 'ignored' };
  }
  const cluster = clusterOf({
    destination: application.destination,
    clusters: config.clusters,
  });
  const rules = config.rules.filter(rule =>
    meetsApplicationCondition(application, rule.match, cluster.name),
  );
  if (rules.some(rule => rule.ignore)) {
    return { kind: 'ignored' };
  }
  const found = servicesOf({
    application,
    services,
    names,
    rules,
    owner: config.bindings.find(({ match }) =>
      meetsApplicationCondition(application, match, cluster.name),
    )?.owner,
  });
  if ('reason' in found) {
    return { kind: 'unmatched', reason: found.reason };
  }
  const chain =
    rules.find(rule => rule.chain !== undefined)?.chain ??
    config.chains.find(({ applications }) =>
      applications.some(condition =>
        meetsApplicationCondition(application, condition, cluster.name),
      ),
    )?.id;
  return {
    kind: 'matched',
    services: found,
    environment:
      rules.find(rule => rule.environment !== undefined)?.environment ??
      environmentOf({
        application,
        service: services.get(found[0].entityRef),
        names,
        cluster: cluster.name,
      }) ??
      UNASSIGNED_ENVIRONMENT.id,
    ...(chain !== undefined && { chain }),
    ...(cluster.name !== undefined && { cluster: cluster.name }),
    ...(cluster.region !== undefined && { region: cluster.region }),
  };
}

function servicesOf(options: {
  application: ObservedApplication;
  services: ServiceIndex;
  names: EnvironmentNames;
  rules: MatchingRule[];
  owner: string | undefined;
}): FoundServices | { reason: string } {
  const { application, services, rules } = options;
  const { name } = application.id;

  const ruled = rules.find(rule => rule.service !== undefined)?.service;
  if (ruled !== undefined) {
    return services.get(ruled)
      ? [
          {
            entityRef: ruled,
            binding: { state: 'bound', by: 'configuration' },
          },
        ]
      : {
          reason: `A rule in the configuration says that application ${name} belongs to ${ruled}, which is no service in the catalog.`,
        };
  }

  const annotated = application.annotations[ANNOTATION_ENTITY_REF];
  if (annotated !== undefined) {
    const entityRef = readEntityRef(annotated);
    // What the platform says is never replaced by a guess, even when it leads
    // nowhere: the guess could give the application to somebody else.
    return entityRef !== undefined && services.get(entityRef)
      ? [
          {
            entityRef,
            binding: { state: 'bound', by: 'application-annotation' },
          },
        ]
      : {
          reason: `Application ${name} says with ${ANNOTATION_ENTITY_REF} that it belongs to '${annotated}', which is no service in the catalog.`,
        };
  }

  return suggestedServices(options);
}

/** The full ref that an annotation names; `undefined` when it names none. */
export function readEntityRef(
  text: string,
  { defaultKind } = { defaultKind: 'component' },
): string | undefined {
  try {
    return stringifyEntityRef(parseEntityRef(text.trim(), { defaultKind }));
  } catch {
    return undefined;
  }
}

function environmentOf(options: {
  application: ObservedApplication;
  service: Service | undefined;
  names: EnvironmentNames;
  cluster: string | undefined;
}): string | undefined {
  const { application, service, names, cluster } = options;
  const named = (said: string | undefined) =>
    names.find(({ name }) => name === said?.trim().toLowerCase())?.environment;
  const { namespace } = application.destination;
  return (
    named(application.annotations[ANNOTATION_ENVIRONMENT]) ||
    named(application.labels[ANNOTATION_ENVIRONMENT]) ||
    (namespace && splitEnvironmentSuffix(namespace, names)?.environment) ||
    splitEnvironmentSuffix(application.id.name, names)?.environment ||
    (cluster && environmentOfCluster(cluster, names)) ||
    // Last, because developers write it: who may act depends on the environment,
    // and nobody may make production another one.
    named(service?.annotations[ANNOTATION_ENVIRONMENT]) ||
    undefined
  );
}

/**
 * The chain that a service is promoted along: what a rule or a chain says of
 * its applications, else its own annotation, else what a chain says of
 * services, else the default.
 */
export function chainOfService(options: {
  service: Service;
  /** Chains that its applications were given, the first of which counts. */
  applicationChains: (string | undefined)[];
  config: MatchingConfig;
}): string {
  const { service, applicationChains, config } = options;
  const annotated = service.annotations[ANNOTATION_CHAIN]?.trim();
  return (
    applicationChains.find(chain => chain !== undefined) ??
    config.chains.find(({ id }) => id === annotated)?.id ??
    config.chains.find(({ services }) =>
      services.some(condition => meetsServiceCondition(service, condition)),
    )?.id ??
    config.defaultChain
  );
}
