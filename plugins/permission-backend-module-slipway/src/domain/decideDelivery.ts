import { DeliveryGrants, Extent } from './deliveryGrants';
import {
  GROUP_ROLES,
  groupRolesOf,
  lowerCase,
  Person,
  RoleGroups,
} from './roles';

/** What a service in an environment must be like to be allowed. */
export type DeploymentCriteria =
  /** One of these refs owns the service. */
  | { ownedBy: string[] }
  /** The environment is one of these. */
  | { inEnvironment: string[] }
  | { not: DeploymentCriteria }
  | { allOf: [DeploymentCriteria, ...DeploymentCriteria[]] }
  | { anyOf: [DeploymentCriteria, ...DeploymentCriteria[]] };

/** What is decided of a permission of deliveries. */
export type DeliveryDecision =
  | { result: 'allow' | 'deny' }
  | { result: 'conditional'; criteria: DeploymentCriteria };

/**
 * Decides whether somebody has a permission of deliveries: everywhere, nowhere, or
 * for what services in which environments. What the table does not name is denied.
 */
export function decideDelivery(options: {
  permission: string;
  person: Person;
  grants: DeliveryGrants;
  groups: RoleGroups;
  /** Ids of the guarded environments. */
  guarded: readonly string[];
}): DeliveryDecision {
  const { permission, person, grants, groups, guarded } = options;
  const grant = Object.hasOwn(grants, permission)
    ? grants[permission]
    : undefined;
  if (!grant) {
    return { result: 'deny' };
  }
  const roles = groupRolesOf(person, groups);
  const anyService = sumOf([
    grant.everyone,
    ...GROUP_ROLES.filter(role => roles.has(role)).map(role => grant[role]),
  ]);
  if (anyService === 'everywhere') {
    return { result: 'allow' };
  }
  const isGuarded: DeploymentCriteria = { inEnvironment: [...guarded] };
  const ways: DeploymentCriteria[] = [];
  if (anyService !== 'nowhere') {
    ways.push(anyService === 'guarded' ? isGuarded : { not: isGuarded });
  }
  // What any service's deployments may already be had for, owners need not own.
  if (grant.owner !== 'nowhere' && grant.owner !== anyService) {
    const isOwned: DeploymentCriteria = {
      ownedBy: lowerCase(person.ownershipRefs),
    };
    switch (grant.owner) {
      case 'everywhere':
        ways.push(isOwned);
        break;
      case 'guarded':
        ways.push({ allOf: [isOwned, isGuarded] });
        break;
      case 'unguarded':
        ways.push({ allOf: [isOwned, { not: isGuarded }] });
        break;
      default:
        grant.owner satisfies never;
    }
  }
  const [first, ...others] = ways;
  if (!first) {
    return { result: 'deny' };
  }
  return {
    result: 'conditional',
    criteria: others.length > 0 ? { anyOf: [first, ...others] } : first,
  };
}

/** What several roles allow together. */
function sumOf(extents: Extent[]): Extent {
  const some = new Set(extents.filter(extent => extent !== 'nowhere'));
  if (some.has('everywhere') || some.size > 1) {
    return 'everywhere';
  }
  const [only = 'nowhere'] = some;
  return only;
}
