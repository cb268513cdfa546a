import { useApi } from '@backstage/frontend-plugin-api';
import { Deployment, DeploymentAction } from '@slipway/plugin-delivery-common';
import { useQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api';
import { queryClientFor } from './queryClient';

/**
 * The action that an operation says it was started for, if our own record has it
 * and it is about this very deployment. `undefined` while that is being found
 * out, and for ever where it is not so.
 *
 * @param actionId - what the operation says; a claim that anybody who may sync
 * in Argo CD can make
 * @public
 */
export function useRecordedAction(
  deployment: Deployment,
  actionId: string | undefined,
): DeploymentAction | undefined {
  const api = useApi(deliveryApiRef);
  const { entityRef, environment, target, latestAction } = deployment;
  const latest = latestAction?.id === actionId ? latestAction : undefined;
  const { data } = useQuery(
    {
      queryKey: ['recorded-action', entityRef, actionId],
      queryFn: ({ signal }) =>
        api.getAction(entityRef, actionId ?? '', { signal }),
      enabled: actionId !== undefined && latest === undefined,
      // Who asked for it never changes.
      staleTime: Infinity,
      refetchInterval: false,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: false,
    },
    queryClientFor(api),
  );
  const recorded = latest ?? data;
  return recorded?.environment === environment && recorded.target === target.id
    ? recorded
    : undefined;
}
