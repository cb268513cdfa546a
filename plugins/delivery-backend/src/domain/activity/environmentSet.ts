/**
 * Some environments: those that are named, or all but those. Which environments
 * there are need not be known, and people ask for some that there are not.
 */
export type EnvironmentSet =
  | { only: readonly string[] }
  | { except: readonly string[] };

/** Every environment. */
export const EVERY_ENVIRONMENT: EnvironmentSet = { except: [] };

/** Not one environment. */
export const NO_ENVIRONMENT: EnvironmentSet = { only: [] };

export function isEmpty(set: EnvironmentSet): boolean {
  return 'only' in set && set.only.length === 0;
}

export function includes(set: EnvironmentSet, environment: string): boolean {
  return 'only' in set
    ? set.only.includes(environment)
    : !set.except.includes(environment);
}

/** What is not in the set. */
export function complement(set: EnvironmentSet): EnvironmentSet {
  return 'only' in set ? { except: set.only } : { only: set.except };
}

/** What is in both. */
export function intersection(
  a: EnvironmentSet,
  b: EnvironmentSet,
): EnvironmentSet {
  if ('only' in a) {
    return { only: a.only.filter(one => includes(b, one)) };
  }
  if ('only' in b) {
    return intersection(b, a);
  }
  return { except: [...new Set([...a.except, ...b.except])] };
}

/** What is in one of the two, or both. */
export function union(a: EnvironmentSet, b: EnvironmentSet): EnvironmentSet {
  return complement(intersection(complement(a), complement(b)));
}
