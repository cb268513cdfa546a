import { DeploymentFilter } from '@slipway/plugin-delivery-node';
import {
  complement,
  EnvironmentSet,
  EVERY_ENVIRONMENT,
  intersection,
  NO_ENVIRONMENT,
  union,
} from './environmentSet';

/** What a permission decision asks of a deployment, as filters. */
export type DeploymentFilterCriteria =
  | { allOf: DeploymentFilterCriteria[] }
  | { anyOf: DeploymentFilterCriteria[] }
  | { not: DeploymentFilterCriteria }
  | DeploymentFilter;

/**
 * In which environments a service with these owners is like what is asked for.
 *
 * Who owns what is in the catalog and not in the audit, so the part about owners
 * is answered here and only the part about environments goes into a query.
 */
export function readableEnvironments(
  criteria: DeploymentFilterCriteria,
  owners: readonly string[],
): EnvironmentSet {
  if ('allOf' in criteria) {
    return criteria.allOf
      .map(one => readableEnvironments(one, owners))
      .reduce(intersection, EVERY_ENVIRONMENT);
  }
  if ('anyOf' in criteria) {
    return criteria.anyOf
      .map(one => readableEnvironments(one, owners))
      .reduce(union, NO_ENVIRONMENT);
  }
  if ('not' in criteria) {
    return complement(readableEnvironments(criteria.not, owners));
  }
  switch (criteria.key) {
    case 'owner':
      return owners.some(owner => criteria.values.includes(owner))
        ? EVERY_ENVIRONMENT
        : NO_ENVIRONMENT;
    case 'environment':
      return { only: criteria.values };
    default:
      return criteria.key satisfies never;
  }
}
