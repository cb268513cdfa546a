import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { readPolicyConfig } from './config/readPolicyConfig';
import { SlipwayPolicy } from './SlipwayPolicy';

/**
 * The permission policy of Slipway: denies what no rule allows, and takes the
 * groups of approvers, operators and platform engineers from
 * `permission.slipway`.
 *
 * @public
 */
export const permissionModuleSlipway = createBackendModule({
  pluginId: 'permission',
  moduleId: 'slipway',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        policies: policyExtensionPoint,
        userInfo: coreServices.userInfo,
      },
      async init({ config: root, logger, policies, userInfo }) {
        const { config, warning } = readPolicyConfig(root);
        if (warning !== undefined) {
          logger.warn(warning);
        }
        policies.setPolicy(SlipwayPolicy.create({ config, userInfo, logger }));
      },
    });
  },
});
