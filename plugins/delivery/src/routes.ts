import { createRouteRef } from '@backstage/frontend-plugin-api';

/** The fleet page. */
export const fleetRouteRef = createRouteRef();

/** The tab Deployments of an entity. */
export const deploymentsRouteRef = createRouteRef();
