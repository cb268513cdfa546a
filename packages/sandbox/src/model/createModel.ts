import { InputError } from '@backstage/errors';
import { generateServices, MOST_SERVICES } from './generated';
import { domains, infrastructure, systems } from './landscape';
import { groups, people } from './people';
import { platforms } from './platforms';
import { createDeployments } from './releases';
import { namedServices } from './services';
import type { Model, Service } from './types';

/** How many releases of each named service are remembered per environment. */
const REMEMBERED_RELEASES = 3;

/**
 * Both platforms as plain data: the same seed and number of services always
 * give the same model.
 *
 * @throws InputError when `services` is not between 28 (those with names) and
 * 5,000.
 */
export function createModel(options?: {
  seed?: number;
  services?: number;
}): Model {
  const seed = options?.seed ?? 1;
  const wanted = options?.services ?? namedServices.length;
  if (
    !Number.isInteger(wanted) ||
    wanted < namedServices.length ||
    wanted > MOST_SERVICES
  ) {
    throw new InputError(
      `The number of services must be a whole number from ${namedServices.length} to ${MOST_SERVICES}; got ${wanted}`,
    );
  }
  const generated = generateServices({
    seed,
    count: wanted - namedServices.length,
  });
  const environments = new Map(
    platforms.map(platform => [
      platform.id,
      platform.environments.map(environment => environment.id),
    ]),
  );
  const named = namedServices.length;
  const services = [...namedServices, ...generated.services].map<Service>(
    (sketch, index) => ({
      ...sketch,
      deployments: createDeployments({
        seed,
        service: sketch,
        environments: environments.get(sketch.platform) ?? [],
        people,
        history: index < named ? REMEMBERED_RELEASES : 1,
      }),
    }),
  );
  return {
    seed,
    platforms,
    domains,
    systems: [...systems, ...generated.systems],
    services,
    infrastructure,
    groups,
    people,
    unboundApplications: [
      'loyalty-dev',
      'media-staging',
      'n9-scheduler-recovery',
    ],
  };
}
