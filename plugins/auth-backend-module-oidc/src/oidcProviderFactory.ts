import { oidcSignInResolvers } from '@backstage/plugin-auth-backend-module-oidc-provider';
import {
  AuthProviderFactory,
  createOAuthRouteHandlers,
  OAuthEnvironmentHandler,
  readDeclarativeSignInResolver,
  SignInResolverFactory,
} from '@backstage/plugin-auth-node';
import { guardStart } from './guardStart';
import { readMatchUser } from './matchUser';
import { namingResolver } from './namingResolver';
import { outspokenAuthenticator } from './outspokenAuthenticator';
import { ProviderConnection } from './providerConnection';

/** Each resolver checks its own options; what they are differs. */
const resolverFactories: Record<string, SignInResolverFactory> =
  oidcSignInResolvers;

/**
 * Makes the handlers of every environment below `auth.providers.oidc`: those of
 * Backstage, put together from what stands in this package.
 */
export const oidcProviderFactory: AuthProviderFactory = context => {
  const { providerId, baseUrl, appUrl, isOriginAllowed, logger } = context;
  return OAuthEnvironmentHandler.mapConfig(context.config, config => {
    const connection = ProviderConnection.create({
      config,
      // As Backstage has it: the one address that the provider has to know
      callbackUrl:
        config.getOptionalString('callbackUrl') ??
        `${baseUrl}/${providerId}/handler/frame`,
    });
    const resolver =
      readMatchUser(config) ??
      readDeclarativeSignInResolver({
        config,
        signInResolverFactories: resolverFactories,
      });
    const handlers = createOAuthRouteHandlers({
      authenticator: outspokenAuthenticator({
        logger,
        appUrl,
        config,
        connection,
      }),
      appUrl,
      baseUrl,
      config,
      isOriginAllowed,
      cookieConfigurer: context.cookieConfigurer,
      providerId,
      resolverContext: context.resolverContext,
      signInResolver: resolver && namingResolver(resolver),
    });
    return {
      ...handlers,
      start: guardStart(handlers.start, {
        connection,
        appUrl,
        isOriginAllowed,
      }),
    };
  });
};
