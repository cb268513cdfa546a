/**
 * Why somebody may do something.
 *
 * - `everyone`: whoever is signed in.
 * - `owner`: the service is theirs, or a group's that they are a member of.
 * - `approver`, `operator`, `platform-engineer`: they are in one of the groups
 *   that the configuration names for it.
 */
export type Role = 'everyone' | 'owner' | GroupRole;

/** The roles that membership of a group gives. */
export type GroupRole = 'approver' | 'operator' | 'platform-engineer';

/** Which groups give which role: full entity refs in lower case. */
export type RoleGroups = { readonly [role in GroupRole]: readonly string[] };

/** Every {@link GroupRole}. */
export const GROUP_ROLES: readonly GroupRole[] = [
  'approver',
  'operator',
  'platform-engineer',
];

/** Somebody who is signed in. */
export type Person = {
  /** Their own entity ref. */
  userRef: string;
  /** Refs of what they own things as: their own, and those of their groups. */
  ownershipRefs: readonly string[];
};

/**
 * The roles that somebody's groups give them. Refs are compared whole: a group of
 * the same name in another namespace is another group.
 */
export function groupRolesOf(
  person: Person,
  groups: RoleGroups,
): ReadonlySet<GroupRole> {
  const refs = new Set(lowerCase(person.ownershipRefs));
  return new Set(
    GROUP_ROLES.filter(role => groups[role].some(group => refs.has(group))),
  );
}

/** Entity refs say the same in any case; rules compare them as the catalog writes them. */
export function lowerCase(refs: readonly string[]): string[] {
  return refs.map(ref => ref.toLowerCase());
}
