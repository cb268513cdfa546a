export { BUILTIN_POLICY, PORTAL_POLICY } from './builtinPolicy';
export { Enforcer, projectRoleOf, rbacName } from './enforcer';
export type { AccessRequest } from './enforcer';
export { globMatches } from './glob';
