import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { RiRocket2Line } from '@remixicon/react';
import { deliveryApiRef, DeliveryClient } from '@slipway/plugin-delivery-react';
import { deliveryEntityFilter } from './filter';
import {
  deploymentsRouteRef,
  fleetLinkRouteRef,
  fleetRouteRef,
} from './routes';

const deliveryApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: deliveryApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => DeliveryClient.create({ fetchApi }),
    }),
});

// Without title and icon the page has its route, but no entry in the sidebar.
const fleetPage = PageBlueprint.make({
  params: {
    path: '/deployments',
    title: 'Deployments',
    icon: <RiRocket2Line />,
    routeRef: fleetRouteRef,
    // Entity pages bring their own landmark; a page of this kind has none.
    loader: () =>
      import('./components/FleetPage').then(m => (
        <main>
          <m.DeploymentsPages />
        </main>
      )),
  },
});

const deploymentsContent = EntityContentBlueprint.make({
  name: 'deployments',
  params: {
    path: '/deployments',
    title: 'Deployments',
    group: 'deployment',
    icon: <RiRocket2Line />,
    routeRef: deploymentsRouteRef,
    filter: deliveryEntityFilter,
    loader: () =>
      import('./components/DeploymentsTab').then(m => <m.DeploymentsTab />),
  },
});

const deploymentsCard = EntityCardBlueprint.make({
  name: 'deployments',
  params: {
    type: 'info',
    filter: deliveryEntityFilter,
    loader: () =>
      import('./components/DeploymentsCard').then(m => <m.DeploymentsCard />),
  },
});

/**
 * The fleet of deployments, and what runs where for each service in the
 * catalog.
 *
 * @public
 */
export const deliveryPlugin = createFrontendPlugin({
  pluginId: 'delivery',
  title: 'Deployments',
  icon: <RiRocket2Line />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: fleetRouteRef, entityContent: deploymentsRouteRef },
  externalRoutes: { fleet: fleetLinkRouteRef },
  extensions: [deliveryApi, fleetPage, deploymentsContent, deploymentsCard],
});
