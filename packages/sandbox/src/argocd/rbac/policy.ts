import { InputError } from '@backstage/errors';

/** A line `p, subject, resource, action, object, effect`. */
export interface PolicyRule {
  readonly subject: string;
  readonly resource: string;
  readonly action: string;
  readonly object: string;
  readonly effect: 'allow' | 'deny';
}

/** A line `g, member, role`: the member may what the role may. */
export interface PolicyGrant {
  readonly member: string;
  readonly role: string;
}

/** Who may do what. */
export interface Policy {
  readonly rules: readonly PolicyRule[];
  readonly grants: readonly PolicyGrant[];
}

/**
 * Reads a policy as `argocd-rbac-cm` holds it: one rule or grant a line, `#`
 * before a comment.
 *
 * @throws InputError naming the line that is neither.
 */
export function parsePolicy(text: string): Policy {
  const rules: PolicyRule[] = [];
  const grants: PolicyGrant[] = [];
  for (const line of text.split('\n').map(item => item.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const [type, ...fields] = line.split(',').map(field => field.trim());
    if (type === 'p' && fields.length === 5) {
      const [subject, resource, action, object, effect] = fields;
      if (effect !== 'allow' && effect !== 'deny') {
        throw new InputError(
          `The effect of an RBAC rule is allow or deny: "${line}"`,
        );
      }
      rules.push({ subject, resource, action, object, effect });
    } else if (type === 'g' && fields.length === 2) {
      const [member, role] = fields;
      grants.push({ member, role });
    } else {
      throw new InputError(`This is no line of an RBAC policy: "${line}"`);
    }
  }
  return { rules, grants };
}

/** Several policies as one. */
export function joinPolicies(policies: readonly Policy[]): Policy {
  return {
    rules: policies.flatMap(({ rules }) => rules),
    grants: policies.flatMap(({ grants }) => grants),
  };
}

/** A subject with every role that grants give it, directly or through roles. */
export function rolesOf(
  subject: string,
  grants: readonly PolicyGrant[],
): ReadonlySet<string> {
  const roles = new Set([subject]);
  // A set that is walked sees what is added to it on the way.
  for (const role of roles) {
    for (const grant of grants) {
      if (grant.member === role) roles.add(grant.role);
    }
  }
  return roles;
}
