import { NotFoundError } from '@backstage/errors';
import type {
  Environment,
  EnvironmentId,
  Infrastructure,
  Model,
  Person,
  Platform,
  PlatformId,
  Release,
  Service,
  ServiceScale,
} from './types';

/** @throws NotFoundError when the model has no such platform. */
export function findPlatform(model: Model, id: PlatformId): Platform {
  const platform = model.platforms.find(candidate => candidate.id === id);
  if (!platform) {
    throw new NotFoundError(`There is no platform ${id}`);
  }
  return platform;
}

/** @throws NotFoundError when the model has no such service. */
export function findService(model: Model, name: string): Service {
  const service = model.services.find(candidate => candidate.name === name);
  if (!service) {
    throw new NotFoundError(
      `There is no service '${name}'; for example there are 'checkout', 'payment' and 'n9-api'`,
    );
  }
  return service;
}

/** @throws NotFoundError when the platform has no such environment. */
export function findEnvironment(
  platform: Platform,
  id: EnvironmentId,
): Environment {
  const environment = platform.environments.find(
    candidate => candidate.id === id,
  );
  if (!environment) {
    const known = platform.environments.map(candidate => candidate.id);
    throw new NotFoundError(
      `Platform ${platform.id} has no environment '${id}'; it has ${known.join(
        ', ',
      )}`,
    );
  }
  return environment;
}

/** @throws NotFoundError when the model has no such person. */
export function findPerson(model: Model, name: string): Person {
  const person = model.people.find(candidate => candidate.name === name);
  if (!person) {
    throw new NotFoundError(`There is no person '${name}'`);
  }
  return person;
}

/** Services of one platform. */
export function servicesOf(model: Model, platform: PlatformId): Service[] {
  return model.services.filter(service => service.platform === platform);
}

/** Infrastructure that Argo CD deploys for one platform. */
export function workloadsOf(
  model: Model,
  platform: PlatformId,
): Infrastructure[] {
  return model.infrastructure.filter(
    item => item.platform === platform && item.workload !== undefined,
  );
}

/** Name of a component's Argo CD application: `checkout-staging`. */
export function applicationName(
  component: { name: string },
  environment: Environment,
): string {
  return `${component.name}-${environment.directory}`;
}

/** Namespace of a service: `core-business-prod`, `n9-recovery`. */
export function namespaceOf(
  service: { domain: string },
  environment: Environment,
): string {
  return `${service.domain}-${environment.namespaceSuffix}`;
}

/** The release that Git asks for in an environment. */
export function releaseIn(
  service: Service,
  environment: EnvironmentId,
): Release | undefined {
  return service.deployments[environment]?.at(-1)?.release;
}

/** Replicas of a service in an environment, and the autoscaler's limits. */
export function scaleOf(
  service: Service,
  environment: Environment,
): Required<ServiceScale> {
  const own = service.scale[environment.id];
  const replicas = own?.replicas ?? environment.replicas;
  return {
    replicas,
    minReplicas: own?.minReplicas ?? Math.max(1, replicas),
    maxReplicas: own?.maxReplicas ?? 10,
  };
}
