import { useApi } from '@backstage/frontend-plugin-api';
import { DeploymentAction } from '@slipway/plugin-delivery-common';
import { useQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api';
import { ACTION_INTERVAL_MS, queryClientFor } from './queryClient';
import { useDeliverySignal } from './useDeliverySignal';

/**
 * What {@link useDeploymentAction} knows.
 *
 * @public
 */
export type DeploymentActionState = {
  /** How far it has got, as far as it was read. */
  action: DeploymentAction;
  /** Why the latest request failed; it goes on without this page. */
  error?: Error;
};

/**
 * Follows an action until it is over: by signals about its service, and by a
 * poll that rests once it is.
 *
 * @param known - the action as it was last seen
 * @public
 */
export function useDeploymentAction(
  known: DeploymentAction,
): DeploymentActionState {
  const api = useApi(deliveryApiRef);
  const client = queryClientFor(api);
  const { entityRef, id } = known;
  const queryKey = ['action', entityRef, id];
  const query = useQuery(
    {
      queryKey,
      queryFn: ({ signal }) => api.getAction(entityRef, id, { signal }),
      initialData: known,
      refetchInterval: ({ state }) =>
        state.data?.phase === 'running' ? ACTION_INTERVAL_MS : false,
      refetchOnWindowFocus: ({ state }) => state.data?.phase === 'running',
    },
    client,
  );
  useDeliverySignal({
    concerns: ({ entityRefs }) =>
      entityRefs === 'many' || entityRefs.includes(entityRef),
    refetch: async () => {
      const seen = client.getQueryData<DeploymentAction>(queryKey);
      if (seen?.phase === 'running') {
        await client.refetchQueries({ queryKey, type: 'active' });
      }
    },
  });
  return { action: query.data, error: query.error ?? undefined };
}
