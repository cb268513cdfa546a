/**
 * The delivery pages for apps on the frontend system before the present one.
 *
 * @packageDocumentation
 */
import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { deliveryApiRef, DeliveryClient } from '@slipway/plugin-delivery-react';
import {
  deploymentsRouteRef,
  fleetLinkRouteRef,
  fleetRouteRef,
} from './routes';

/**
 * The delivery plugin.
 *
 * @public
 */
export const deliveryPlugin = createPlugin({
  id: 'delivery',
  routes: { root: fleetRouteRef, entityContent: deploymentsRouteRef },
  externalRoutes: { fleet: fleetLinkRouteRef },
  apis: [
    createApiFactory({
      api: deliveryApiRef,
      deps: { fetchApi: fetchApiRef, discoveryApi: discoveryApiRef },
      factory: deps => DeliveryClient.create(deps),
    }),
  ],
});

/**
 * The fleet and its activity, for a route of the app: `<Route path="/deployments"
 * element={<DeploymentsPage />} />`.
 *
 * @public
 */
export const DeploymentsPage = deliveryPlugin.provide(
  createRoutableExtension({
    name: 'DeploymentsPage',
    component: () =>
      import('./components/FleetPage/LegacyFleetPage').then(
        m => m.LegacyFleetPage,
      ),
    mountPoint: fleetRouteRef,
  }),
);

/**
 * The tab of an entity page: `<EntityLayout.Route path="/deployments"
 * title="Deployments" if={isDeliveryAvailable}>`.
 *
 * @public
 */
export const EntityDeploymentsContent = deliveryPlugin.provide(
  createRoutableExtension({
    name: 'EntityDeploymentsContent',
    component: () =>
      import('./components/DeploymentsTab').then(m => m.DeploymentsTab),
    mountPoint: deploymentsRouteRef,
  }),
);

/**
 * The card of an entity's overview.
 *
 * @public
 */
export const EntityDeploymentsCard = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeploymentsCard',
    component: {
      lazy: () =>
        import('./components/DeploymentsCard').then(m => m.DeploymentsCard),
    },
  }),
);

export { isDeliveryAvailable } from './filter';
export { deliveryTranslationRef } from './translation';
