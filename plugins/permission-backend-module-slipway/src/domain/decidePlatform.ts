import { PlatformGrants } from './platformGrants';
import { groupRolesOf, lowerCase, Person, RoleGroups } from './roles';

/** What is decided of a permission that is not one of deliveries. */
export type PlatformDecision =
  | { result: 'allow' }
  | {
      result: 'deny';
      /** No table and no configuration names the permission. */
      isUnknown: boolean;
    }
  /** Allowed for the entities that one of these refs owns. */
  | { result: 'owned-entities'; claims: string[] }
  /** Allowed for the tasks that one of these refs started. */
  | { result: 'own-tasks'; createdBy: string[] };

/**
 * Decides whether somebody has one of Backstage's own permissions, or another
 * plugin's. Platform engineers have every one; nobody else has one that neither
 * table nor configuration names.
 */
export function decidePlatform(options: {
  permission: string;
  person: Person;
  grants: PlatformGrants;
  groups: RoleGroups;
}): PlatformDecision {
  const { permission, person, grants, groups } = options;
  if (groupRolesOf(person, groups).has('platform-engineer')) {
    return { result: 'allow' };
  }
  const audience = Object.hasOwn(grants, permission)
    ? grants[permission]
    : undefined;
  switch (audience) {
    case 'everyone':
      return { result: 'allow' };
    case 'entity-owners':
      return {
        result: 'owned-entities',
        claims: lowerCase(person.ownershipRefs),
      };
    case 'task-owners':
      return { result: 'own-tasks', createdBy: [person.userRef] };
    case 'platform-engineers':
      return { result: 'deny', isUnknown: false };
    case undefined:
      return { result: 'deny', isUnknown: true };
    default:
      return audience satisfies never;
  }
}
