import { useCallback, useRef } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  DeliverySignal,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import { useQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api';
import { hasRunningAction } from '../domain/arrivedAction';
import {
  ACTION_INTERVAL_MS,
  pollInterval,
  queryClientFor,
} from './queryClient';
import { useDeliverySignal } from './useDeliverySignal';

/**
 * What {@link useServiceDeployments} knows.
 *
 * @public
 */
export type ServiceDeploymentsState = {
  /** The last answer, kept when a later request fails. */
  data?: ServiceDeployments;
  /** Why the latest request failed; `undefined` once one succeeds again. */
  error?: Error;
  /** When `data` was read, in milliseconds since 1970. */
  readAt?: number;
  /** True until there is an answer or an error. */
  loading: boolean;
  /** Reads again now. */
  refetch: () => void;
};

/**
 * Where a service runs, kept up to date: by signals about this service, when the
 * window gets focus or the network comes back, and by a slow poll that rests
 * while the page is hidden.
 *
 * @public
 */
export function useServiceDeployments(
  entityRef: string,
): ServiceDeploymentsState {
  const api = useApi(deliveryApiRef);
  const client = queryClientFor(api);
  const atLeast = useRef<number | undefined>(undefined);

  const queryKey = ['deployments', entityRef];
  const query = useQuery(
    {
      queryKey,
      queryFn: async ({ signal }) => {
        const answer = await api.getDeployments(entityRef, {
          atLeast: atLeast.current,
          signal,
        });
        forgetReached(atLeast, answer.version);
        return answer;
      },
      refetchInterval: running =>
        hasRunningAction(running.state.data)
          ? ACTION_INTERVAL_MS
          : pollInterval(running),
    },
    client,
  );

  useDeliverySignal({
    concerns: signal => concernsService(signal, entityRef, query.data),
    refetch: version => {
      atLeast.current = version;
      return client.refetchQueries({ queryKey, type: 'active' });
    },
  });

  const { refetch } = query;
  return {
    data: query.data,
    error: query.error ?? undefined,
    readAt: query.dataUpdatedAt || undefined,
    loading: query.isPending,
    refetch: useCallback(() => {
      refetch();
    }, [refetch]),
  };
}

/**
 * Whether a signal can change what is shown of a service. A lost upstream
 * changes how far its figures can be trusted.
 */
export function concernsService(
  signal: DeliverySignal,
  entityRef: string,
  shown: Pick<ServiceDeployments, 'upstreams'> | undefined,
): boolean {
  return (
    signal.entityRefs === 'many' ||
    signal.entityRefs.includes(entityRef) ||
    signal.upstreams.some(
      id => shown?.upstreams.some(upstream => upstream.id === id) ?? true,
    )
  );
}

/**
 * Drops the version to wait for once it was reached, so that a later poll does
 * not wait for a version of a database that has been reset since.
 */
export function forgetReached(
  atLeast: { current: number | undefined },
  version: number,
): void {
  if (atLeast.current !== undefined && version >= atLeast.current) {
    atLeast.current = undefined;
  }
}
