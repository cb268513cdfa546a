import { createRandom } from './random';
import type { Random } from './random';
import type {
  Deployment,
  EnvironmentId,
  Person,
  Release,
  Service,
} from './types';

/**
 * How many releases each environment is behind the newest one: mostly none,
 * sometimes a release that has not travelled all the way yet.
 */
const spreads: readonly Readonly<Record<EnvironmentId, number>>[] = [
  ...Array.from({ length: 11 }, () => behind(0, 0, 0)),
  ...Array.from({ length: 5 }, () => behind(0, 1, 1)),
  ...Array.from({ length: 3 }, () => behind(0, 0, 1)),
  behind(0, 1, 2),
];

/** The part of a release's life after which an environment receives it. */
const arrival: Readonly<Record<EnvironmentId, number>> = {
  development: 0.02,
  staging: 0.2,
  production: 0.5,
  recovery: 0.52,
};

/**
 * What ran where, and since when: the same for the same seed and service.
 *
 * `history` is how many releases to look back; benchmarks with thousands of
 * services use 1, because nobody reads their past.
 */
export function createDeployments(options: {
  seed: number;
  service: Pick<Service, 'name' | 'owner'>;
  environments: readonly EnvironmentId[];
  people: readonly Person[];
  history: number;
}): Partial<Record<EnvironmentId, readonly Deployment[]>> {
  const { seed, service, environments, people, history } = options;
  const random = createRandom({ seed, name: service.name });
  const team = people.filter(person => person.groups.includes(service.owner));
  const authors = team.length > 0 ? team : people;
  const spread = random.pick(spreads);
  const deepest = Math.max(...environments.map(id => spread[id]));
  const releases = createReleases({
    random,
    authors,
    count: history + deepest,
  });
  const ages = createAges({ random, count: releases.length });

  return Object.fromEntries(
    environments.map(id => {
      const newest = releases.length - 1 - spread[id];
      const deployments = releases
        .slice(Math.max(0, newest + 1 - history), newest + 1)
        .map<Deployment>(release => {
          const index = releases.indexOf(release);
          const life = ages[index] - (ages[index + 1] ?? 0);
          return {
            release,
            hoursAgo:
              Math.round((ages[index] - life * arrival[id]) * 100) / 100,
          };
        });
      return [id, deployments];
    }),
  );
}

/** The release after one, as a patch: `v1.4.2` gives `v1.4.3`. */
export function nextPatch(tag: string): string {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(tag);
  if (!match) {
    return 'v1.0.0';
  }
  return `v${match[1]}.${match[2]}.${Number(match[3]) + 1}`;
}

function createReleases(options: {
  random: Random;
  authors: readonly Person[];
  count: number;
}): Release[] {
  const { random, authors, count } = options;
  const major = 1 + random.below(3);
  let minor = random.below(15);
  let patch = random.below(4);
  return Array.from({ length: count }, () => {
    const release: Release = {
      tag: `v${major}.${minor}.${patch}`,
      digest: `sha256:${random.hex(64)}`,
      commit: random.hex(40),
      author: random.pick(authors).name,
    };
    if (random.below(3) === 0) {
      minor += 1;
      patch = 0;
    } else {
      patch += 1;
    }
    return release;
  });
}

/** Hours between the builds and the first start, oldest first. */
function createAges(options: { random: Random; count: number }): number[] {
  const ages: number[] = [];
  let age = 6 + options.random.below(90);
  for (let index = 0; index < options.count; index++) {
    ages.unshift(age);
    age += 40 + options.random.below(200);
  }
  return ages;
}

function behind(
  development: number,
  staging: number,
  production: number,
): Readonly<Record<EnvironmentId, number>> {
  return { development, staging, production, recovery: production };
}
