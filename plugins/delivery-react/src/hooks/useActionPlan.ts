import { useCallback } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { ActionPlan } from '@slipway/plugin-delivery-common';
import { useQuery } from '@tanstack/react-query';
import { ActionSubject, deliveryApiRef } from '../api';
import { queryClientFor } from './queryClient';

/**
 * What {@link useActionPlan} knows.
 *
 * @public
 */
export type ActionPlanState = {
  /** The newest plan. */
  plan?: ActionPlan;
  /** Why the latest request failed. */
  error?: Error;
  /** True while a plan is being read, the first or another one. */
  loading: boolean;
  /** Reads the plan again, as the world is now. */
  refetch: () => void;
};

/**
 * What an action would do, read from the upstream when it is first shown. It
 * does not change under the eyes of who reads it: only `refetch` reads it again,
 * and a world that has moved on is refused when the action is asked for.
 *
 * @public
 */
export function useActionPlan(subject: ActionSubject): ActionPlanState {
  const api = useApi(deliveryApiRef);
  const query = useQuery(
    {
      queryKey: ['plan', subject],
      queryFn: ({ signal }) => api.planAction(subject, { signal }),
      // A plan is of this moment: the next confirmation reads its own.
      gcTime: 0,
      staleTime: Infinity,
      // It asks the upstream itself, and the person stands by to press again.
      retry: false,
      refetchInterval: false,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    },
    queryClientFor(api),
  );
  const { refetch } = query;
  return {
    plan: query.data,
    error: query.error ?? undefined,
    loading: query.isFetching,
    refetch: useCallback(() => {
      refetch();
    }, [refetch]),
  };
}
