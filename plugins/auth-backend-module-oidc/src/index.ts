/**
 * Sign-in by OpenID Connect: Backstage's own `oidc` provider, with what people
 * and operators miss in it. Add it **instead of**
 * `@backstage/plugin-auth-backend-module-oidc-provider`.
 *
 * @packageDocumentation
 */
export { authModuleOidc as default } from './module';
export { signInProblemCodes } from './signInProblem';
export type { SignInProblemCode } from './signInProblem';
