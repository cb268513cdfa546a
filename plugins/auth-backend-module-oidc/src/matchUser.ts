import { Config } from '@backstage/config';
import { OidcAuthResult } from '@backstage/plugin-auth-backend-module-oidc-provider';
import {
  OAuthAuthenticatorResult,
  SignInResolver,
} from '@backstage/plugin-auth-node';
import { signInProblem } from './signInProblem';

/**
 * Reads `matchUser`: people are found by an identifier that stays theirs. An
 * e-mail address may be given to somebody else; an object id may not.
 *
 * @returns undefined when the key is not there.
 */
export function readMatchUser(
  config: Config,
): SignInResolver<OAuthAuthenticatorResult<OidcAuthResult>> | undefined {
  const matchUser = config.getOptionalConfig('matchUser');
  if (!matchUser) {
    return undefined;
  }
  const claim = matchUser.getString('claim');
  const annotation = matchUser.getString('annotation');
  return async ({ result }, context) => {
    const value = claimOf(result.fullProfile, claim);
    if (typeof value !== 'string' || value === '') {
      throw signInProblem('sign-in.no-claim', { subject: claim });
    }
    return context.signInWithCatalogUser({
      annotations: { [annotation]: value },
    });
  };
}

function claimOf(profile: OidcAuthResult, claim: string): unknown {
  const { userinfo, tokenset } = profile;
  // A refreshed token set may have no ID token, and its claims() throws then.
  return (
    userinfo[claim] ??
    (tokenset.id_token ? tokenset.claims()[claim] : undefined)
  );
}
