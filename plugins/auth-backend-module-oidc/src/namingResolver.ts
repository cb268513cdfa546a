import { isError } from '@backstage/errors';
import { OidcAuthResult } from '@backstage/plugin-auth-backend-module-oidc-provider';
import {
  OAuthAuthenticatorResult,
  SignInResolver,
} from '@backstage/plugin-auth-node';
import { isSignInProblem, signInProblem } from './signInProblem';

type Resolver = SignInResolver<OAuthAuthenticatorResult<OidcAuthResult>>;

/**
 * A resolver whose refusals say whom the catalog was asked for. People have
 * several accounts, and "no such user" without a name does not tell them that
 * they took the wrong one.
 */
export function namingResolver(resolver: Resolver): Resolver {
  return async (info, context) => {
    try {
      return await resolver(info, context);
    } catch (cause) {
      if (isSignInProblem(cause)) {
        throw cause;
      }
      const { userinfo } = info.result.fullProfile;
      const subject = info.profile.email ?? userinfo.email ?? userinfo.sub;
      if (isError(cause) && cause.name === 'ConflictError') {
        throw signInProblem('sign-in.ambiguous-user', { subject, cause });
      }
      if (isError(cause) && cause.name === 'NotAllowedError') {
        throw signInProblem('sign-in.domain-not-allowed', { subject, cause });
      }
      if (isError(cause) && /does not contain an email/.test(cause.message)) {
        throw signInProblem('sign-in.no-email', { cause });
      }
      if (isNobody(cause)) {
        throw signInProblem('sign-in.unknown-user', { subject, cause });
      }
      // The catalog is down, for instance: nothing that is about the person.
      throw cause;
    }
  };
}

/** Backstage says it with a name or, after the last resolver, only in words. */
function isNobody(error: unknown): boolean {
  return (
    isError(error) &&
    (error.name === 'NotFoundError' ||
      /unable to resolve user identity/.test(error.message))
  );
}
