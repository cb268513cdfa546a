import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { deliveryUpstreamsExtensionPoint } from '@slipway/plugin-delivery-node';
import { ArgoCdUpstream } from './ArgoCdUpstream';
import { readArgoCdConfig } from './config';

/**
 * Reads deployments from Argo CD, and acts on them where it is given an
 * `actToken`: adds every instance below `argocd.appLocatorMethods` as an upstream
 * of the delivery backend.
 *
 * @public
 */
export const deliveryModuleArgoCd = createBackendModule({
  pluginId: 'delivery',
  moduleId: 'argocd',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        upstreams: deliveryUpstreamsExtensionPoint,
      },
      async init({ config, lifecycle, logger, upstreams }) {
        const { instances, warnings } = readArgoCdConfig(config);
        for (const warning of warnings) {
          logger.warn(warning);
        }
        if (instances.length === 0) {
          logger.info(
            'No Argo CD instance is configured: add one below argocd.appLocatorMethods[] (type: config) to see its deployments',
          );
        }
        for (const instance of instances) {
          const upstream = ArgoCdUpstream.create({ config: instance, logger });
          upstreams.addUpstream(upstream);
          lifecycle.addShutdownHook(() => upstream.close());
        }
      },
    });
  },
});
