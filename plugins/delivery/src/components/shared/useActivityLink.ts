import { useCallback } from 'react';
import { useRouteRef } from '@backstage/core-plugin-api';
import {
  ActivityFilters,
  writeActivityFilters,
} from '../../domain/activityFilters';
import { fleetLinkRouteRef } from '../../routes';

/**
 * Finds the path of the activity page with filters; `undefined` where the app
 * has no such page.
 */
export function useActivityLink(): (
  filters: ActivityFilters,
) => string | undefined {
  const fleet = useRouteRef(fleetLinkRouteRef);
  return useCallback(
    filters => {
      if (!fleet) {
        return undefined;
      }
      const query = writeActivityFilters(filters).toString();
      return `${fleet()}/activity${query && `?${query}`}`;
    },
    [fleet],
  );
}
