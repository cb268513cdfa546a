import { createFetchApi, FetchMiddlewares } from '@backstage/core-app-api';
import {
  ApiBlueprint,
  configApiRef,
  discoveryApiRef,
  fetchApiRef,
  identityApiRef,
} from '@backstage/frontend-plugin-api';
import { portalSessionApiRef } from './session/PortalSession';
import { renewAndRetry } from './session/renewAndRetry';

/**
 * Backstage's own way to fetch, and what it does about a refused token. By its
 * name it stands in place of Backstage's.
 */
export const fetchApi = ApiBlueprint.make({
  name: 'fetch',
  params: defineParams =>
    defineParams({
      api: fetchApiRef,
      deps: {
        configApi: configApiRef,
        identityApi: identityApiRef,
        discoveryApi: discoveryApiRef,
        session: portalSessionApiRef,
      },
      factory: ({ configApi, identityApi, discoveryApi, session }) =>
        createFetchApi({
          middleware: [
            FetchMiddlewares.resolvePluginProtocol({ discoveryApi }),
            renewAndRetry({
              session,
              identityApi,
              backendUrl: configApi.getString('backend.baseUrl'),
            }),
            FetchMiddlewares.injectIdentityAuth({
              identityApi,
              config: configApi,
            }),
          ],
        }),
    }),
});
