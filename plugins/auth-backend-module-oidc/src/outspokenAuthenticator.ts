import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { stringifyError } from '@backstage/errors';
import {
  OidcAuthResult,
  oidcAuthenticator,
} from '@backstage/plugin-auth-backend-module-oidc-provider';
import {
  createOAuthAuthenticator,
  OAuthAuthenticator,
} from '@backstage/plugin-auth-node';
import { isUnreachable } from './isUnreachable';
import { ProviderConnection } from './providerConnection';
import { isSignInProblem, signInProblem } from './signInProblem';

/**
 * Backstage's OIDC authenticator over a {@link ProviderConnection}, with errors
 * that have a code and a sign-out that happens even when the provider is down.
 */
export function outspokenAuthenticator(options: {
  logger: LoggerService;
  /** Where the provider sends people back to after ending their session. */
  appUrl: string;
  config: Config;
  connection: ProviderConnection;
}): OAuthAuthenticator<ProviderConnection, OidcAuthResult> {
  const { logger, appUrl, config, connection } = options;
  const endsProviderSession =
    config.getOptionalBoolean('endProviderSession') ?? false;

  /** Tells the log everything and the caller a code. */
  function outspoken(error: unknown, otherwise?: () => Error): unknown {
    if (isSignInProblem(error)) {
      logger.warn(`${error.message}: ${stringifyError(error.cause ?? error)}`);
      return error;
    }
    logger.warn(`Sign-in at the OIDC provider: ${stringifyError(error)}`);
    if (isUnreachable(error)) {
      return signInProblem('sign-in.provider-unreachable', { cause: error });
    }
    return otherwise?.() ?? error;
  }

  return createOAuthAuthenticator<ProviderConnection, OidcAuthResult>({
    defaultProfileTransform: oidcAuthenticator.defaultProfileTransform,
    scopes: oidcAuthenticator.scopes,
    initialize: () => connection,

    async start(input) {
      return oidcAuthenticator.start(input, await connection.context());
    },

    async authenticate(input) {
      try {
        return await oidcAuthenticator.authenticate(
          input,
          await connection.context(),
        );
      } catch (error) {
        throw outspoken(error, () =>
          input.req.query.error === 'access_denied'
            ? signInProblem('sign-in.refused', { cause: error })
            : new Error('The provider did not sign the person in'),
        );
      }
    },

    async refresh(input) {
      try {
        return await oidcAuthenticator.refresh(
          input,
          await connection.context(),
        );
      } catch (error) {
        throw outspoken(error, () =>
          signInProblem('sign-in.session-ended', { cause: error }),
        );
      }
    },

    async logout(input) {
      if (!input.refreshToken) {
        return undefined;
      }
      try {
        const client = await connection.client();
        // The hint names the session to end, without which most providers ask
        // the person, or refuse. It has to be asked for before the revocation.
        const hint = endsProviderSession
          ? await client
              .refresh(input.refreshToken)
              .then(tokens => tokens.id_token)
              .catch(() => undefined)
          : undefined;
        await oidcAuthenticator.logout?.(input, await connection.context());
        return endsProviderSession && client.issuer.end_session_endpoint
          ? {
              logoutUrl: client.endSessionUrl({
                id_token_hint: hint,
                post_logout_redirect_uri: appUrl,
              }),
            }
          : undefined;
      } catch (error) {
        // The portal's own session ends all the same: Backstage would leave
        // its cookie in place, and the person signed in.
        logger.warn(
          `The provider could not be told of a sign-out: ${stringifyError(
            error,
          )}`,
        );
        return undefined;
      }
    },
  });
}
