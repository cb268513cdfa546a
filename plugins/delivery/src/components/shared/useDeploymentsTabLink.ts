import { useCallback } from 'react';
import { useRouteRef } from '@backstage/core-plugin-api';
import {
  entityRouteParams,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';

/**
 * Finds the path of a service's Deployments tab. The tab hangs below the entity
 * page, which both frontend systems can resolve from anywhere; the tab's own
 * route reference can only be resolved from inside that page.
 */
export function useDeploymentsTabLink(): (entityRef: string) => string {
  // From core-plugin-api, because this one resolves in both frontend systems.
  const entityRoute = useRouteRef(entityRouteRef);
  return useCallback(
    entityRef =>
      `${entityRoute(
        entityRouteParams(entityRef, { encodeParams: true }),
      )}/deployments`,
    [entityRoute],
  );
}
