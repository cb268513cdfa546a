import { Environment } from './types';

/** An environment's names, with the longest first so that they cannot hide. */
export type EnvironmentNames = { name: string; environment: string }[];

/** The names that stand for environments, ready to be looked for. */
export function environmentNames(
  environments: Environment[],
): EnvironmentNames {
  return environments
    .flatMap(({ id, aliases }) =>
      [id, ...aliases].map(name => ({
        name: name.toLowerCase(),
        environment: id,
      })),
    )
    .sort((a, b) => b.name.length - a.name.length);
}

/**
 * The environment that a name ends in: `core-business-prod` is production, and
 * so is a plain `prod`. `preprod` is not: a name is a whole word or nothing.
 *
 * @returns the environment and the name without it; `undefined` when the name
 * ends in none.
 */
export function splitEnvironmentSuffix(
  text: string,
  names: EnvironmentNames,
): { environment: string; rest: string } | undefined {
  const lower = text.toLowerCase();
  for (const { name, environment } of names) {
    if (lower === name) {
      return { environment, rest: '' };
    }
    if (
      lower.endsWith(name) &&
      /[-_.]/.test(lower.at(-name.length - 1) ?? '')
    ) {
      return { environment, rest: text.slice(0, -name.length - 1) };
    }
  }
  return undefined;
}

/**
 * The environment that a word of a cluster's name stands for, the last one if
 * there are several: `eks-production-1`, `https://n9-recovery.example`.
 */
export function environmentOfCluster(
  cluster: string,
  names: EnvironmentNames,
): string | undefined {
  const words = cluster
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .split(/[^a-z0-9]+/)
    .reverse();
  for (const word of words) {
    const found = names.find(({ name }) => name === word);
    if (found) {
      return found.environment;
    }
  }
  return undefined;
}
