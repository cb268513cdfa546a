import { InputError, NotFoundError } from '@backstage/errors';
import type { ArgoCdSimulator } from '../argocd/types';
import {
  applicationName,
  findEnvironment,
  findPlatform,
  findService,
} from '../model';
import type {
  Environment,
  EnvironmentId,
  Model,
  Person,
  Platform,
  PlatformId,
  Service,
} from '../model';
import type { ScenarioContext } from './types';

/** A service in one environment. */
export interface Place {
  readonly platform: Platform;
  readonly service: Service;
  readonly environment: Environment;
}

/**
 * Where a scenario takes place.
 *
 * @throws NotFoundError when the model has no such service or environment.
 */
export function findPlace(options: {
  model: Model;
  service: string;
  /** The platform's first environment when absent. */
  environment?: EnvironmentId;
}): Place {
  const service = findService(options.model, options.service);
  const platform = findPlatform(options.model, service.platform);
  const environment = findEnvironment(
    platform,
    options.environment ?? platform.environments[0].id,
  );
  return { platform, service, environment };
}

/** @throws NotFoundError when no service has an application of that name. */
export function findApplication(options: {
  model: Model;
  application: string;
}): Place {
  const { model, application } = options;
  for (const service of model.services) {
    if (application.startsWith(`${service.name}-`)) {
      const platform = findPlatform(model, service.platform);
      const environment = platform.environments.find(
        candidate => applicationName(service, candidate) === application,
      );
      if (environment) {
        return { platform, service, environment };
      }
    }
  }
  throw new NotFoundError(
    `field 'application': there is no application '${application}'; names are '<service>-<dev|staging|production|recovery>', for example 'checkout-staging'`,
  );
}

/** @throws InputError when this sandbox runs without that instance. */
export function findArgoCd(
  context: ScenarioContext,
  instance: PlatformId,
): ArgoCdSimulator {
  const argocd = context.argocd.get(instance);
  if (!argocd) {
    throw new InputError(
      `field 'instance': this sandbox runs without the Argo CD '${instance}'`,
    );
  }
  return argocd;
}

/**
 * How Argo CD names an application: with the namespace that it is in, which
 * in a folder of an older sandbox is not the one that the model says.
 */
export function identityOf(
  argocd: ArgoCdSimulator,
  application: string,
): { application: string; namespace: string | undefined } {
  const found = argocd.applications().find(({ name }) => name === application);
  return { application, namespace: found?.namespace };
}

/** Who would make a change to a service: its team's persona, if it has one. */
export function authorOf(model: Model, service: Service): Person {
  const team = model.people.filter(person =>
    person.groups.includes(service.owner),
  );
  return team.find(person => person.persona) ?? team[0] ?? model.people[0];
}

/** What a push means in an environment, for the message of a scenario. */
export function whatFollows(place: Place): string {
  const name = applicationName(place.service, place.environment);
  return place.environment.policy.automatic
    ? `Argo CD syncs ${name} by itself.`
    : `${place.environment.id} is synced by hand: ${name} stays OutOfSync until somebody syncs it.`;
}
