import { createBackendModule } from '@backstage/backend-plugin-api';
import { authProvidersExtensionPoint } from '@backstage/plugin-auth-node';
import { oidcProviderFactory } from './oidcProviderFactory';

/**
 * Registers the provider `oidc`, configured below `auth.providers.oidc` with the
 * keys of Backstage's own module and the ones of this package's `config.d.ts`.
 *
 * @public
 */
export const authModuleOidc = createBackendModule({
  pluginId: 'auth',
  moduleId: 'oidc',
  register(env) {
    env.registerInit({
      deps: { providers: authProvidersExtensionPoint },
      async init({ providers }) {
        providers.registerProvider({
          providerId: 'oidc',
          factory: oidcProviderFactory,
        });
      },
    });
  },
});
