// From core-plugin-api, because such references resolve in both frontend systems.
import {
  createExternalRouteRef,
  createRouteRef,
} from '@backstage/core-plugin-api';

/** The fleet page. */
export const fleetRouteRef = createRouteRef({ id: 'delivery:fleet' });

/** The tab Deployments of an entity. */
export const deploymentsRouteRef = createRouteRef({
  id: 'delivery:deployments',
});

/**
 * The fleet page as the other pages link to it: absent where an app has switched
 * it off, which is no reason for a tab to fail.
 */
export const fleetLinkRouteRef = createExternalRouteRef({
  id: 'delivery:fleet-link',
  optional: true,
  defaultTarget: 'delivery.root',
});
