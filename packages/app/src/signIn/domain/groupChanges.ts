/** Which groups somebody is in now and was not before, and the reverse. */
export function groupChanges(
  before: readonly string[],
  after: readonly string[],
): { joined: string[]; left: string[] } {
  return {
    joined: after.filter(ref => !before.includes(ref)),
    left: before.filter(ref => !after.includes(ref)),
  };
}

/** The groups among the references that somebody owns things by. */
export function groupsOf(ownershipEntityRefs: readonly string[]): string[] {
  return ownershipEntityRefs.filter(ref => ref.startsWith('group:')).sort();
}
