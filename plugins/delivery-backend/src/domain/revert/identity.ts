/** A name and an address, as Git writes them on a commit. */
export type GitIdentity = { name: string; email: string };

/**
 * Who stands on the portal's own commits as committer, unless configured. The
 * domain `.invalid` is reserved for what is no address (RFC 2606).
 */
export const PORTAL_IDENTITY: GitIdentity = {
  name: 'Slipway',
  email: 'no-reply@slipway.invalid',
};

/**
 * How a person stands on a commit. Names and addresses come from the catalog and
 * may be anything, but a commit's header has a fixed form, which `<`, `>` and
 * line breaks would break out of.
 */
export function identityOf(person: {
  entityRef: string;
  name: string;
  email?: string;
}): GitIdentity {
  const { entityRef, email } = person;
  const own = entityRef.split('/').pop() ?? entityRef;
  const login = own.toLowerCase().replace(/[^a-z0-9._-]/g, '-') || 'unknown';
  return {
    name: cleanName(person.name) || cleanName(own) || login,
    email:
      email !== undefined && /^[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+$/u.test(email)
        ? email
        : `${login}@no-reply.slipway.invalid`,
  };
}

function cleanName(name: string): string {
  return name
    .replace(/[<>\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 100);
}
