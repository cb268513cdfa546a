import { OAuth2 } from '@backstage/core-app-api';
import {
  ApiBlueprint,
  BackstageIdentityApi,
  configApiRef,
  createApiRef,
  discoveryApiRef,
  OpenIdConnectApi,
  ProfileInfoApi,
  SessionApi,
} from '@backstage/frontend-plugin-api';
import { AuthServer } from './session/authServer';
import { PortalSession, portalSessionApiRef } from './session/PortalSession';

/**
 * Sign-in at the OpenID provider that `auth.providers.oidc` names. Backstage has
 * the provider's backend, and no API reference for it, so the app brings one.
 */
export const oidcAuthApiRef = createApiRef<
  OpenIdConnectApi & ProfileInfoApi & BackstageIdentityApi & SessionApi
>().with({ id: 'app.auth.oidc', pluginId: 'app' });

export const portalSessionApi = ApiBlueprint.make({
  name: 'portal-session',
  params: defineParams =>
    defineParams({
      api: portalSessionApiRef,
      deps: { configApi: configApiRef, discoveryApi: discoveryApiRef },
      factory: ({ configApi, discoveryApi }) =>
        PortalSession.create({
          server: new AuthServer({
            discoveryApi,
            environment:
              configApi.getOptionalString('auth.environment') ?? 'development',
          }),
          redirects:
            configApi.getOptionalBoolean('enableExperimentalRedirectFlow') ??
            false,
          home: new URL(configApi.getString('app.baseUrl')).pathname,
        }),
    }),
});

export const oidcAuthApi = ApiBlueprint.make({
  name: 'auth-oidc',
  params: defineParams =>
    defineParams({
      api: oidcAuthApiRef,
      deps: { session: portalSessionApiRef },
      factory: ({ session }) =>
        OAuth2.create({
          authConnector: session,
          defaultScopes: ['openid', 'profile', 'email'],
        }),
    }),
});
