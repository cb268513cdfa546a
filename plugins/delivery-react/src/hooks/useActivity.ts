import { useCallback, useMemo } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { ActivityEntry, ActivityQuery } from '@slipway/plugin-delivery-common';
import { useInfiniteQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api';
import { POLL_INTERVAL_MS, queryClientFor } from './queryClient';
import { useDeliverySignal } from './useDeliverySignal';

/**
 * What {@link useActivity} knows.
 *
 * @public
 */
export type ActivityState = {
  /** Every page read so far, newest first; `undefined` before the first. */
  entries?: ActivityEntry[];
  /** Why the latest request failed. */
  error?: Error;
  /** True until there is an answer or an error. */
  loading: boolean;
  /** Whether there are older entries. */
  hasMore: boolean;
  /** True while older entries are being read. */
  loadingMore: boolean;
  /** Reads the next page of older entries. */
  loadMore: () => void;
  /** Reads again now. */
  refetch: () => void;
};

/**
 * Who asked for what, why, and what came of it, newest first, page by page. Of
 * one service it follows signals; of all of them it polls, because most signals
 * are not about anything that somebody asked for.
 *
 * @public
 */
export function useActivity(
  query: Omit<ActivityQuery, 'cursor'>,
): ActivityState {
  const api = useApi(deliveryApiRef);
  const client = queryClientFor(api);
  const queryKey = ['activity', query];

  const result = useInfiniteQuery(
    {
      queryKey,
      queryFn: ({ pageParam, signal }) =>
        api.getActivity({ ...query, cursor: pageParam }, { signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: page => page.nextCursor,
      // Lines are never rewritten: who reads older pages does not need them
      // again every minute, each as a request of its own.
      refetchInterval: ({ state }) =>
        (state.data?.pages.length ?? 0) > 1 ? false : POLL_INTERVAL_MS,
    },
    client,
  );

  useDeliverySignal({
    concerns: ({ entityRefs }) =>
      query.entityRef !== undefined &&
      (entityRefs === 'many' || entityRefs.includes(query.entityRef)),
    refetch: () => client.refetchQueries({ queryKey, type: 'active' }),
  });

  const { data, fetchNextPage, refetch } = result;
  return {
    entries: useMemo(() => data?.pages.flatMap(page => page.entries), [data]),
    error: result.error ?? undefined,
    loading: result.isPending,
    hasMore: result.hasNextPage,
    loadingMore: result.isFetchingNextPage,
    loadMore: useCallback(() => {
      fetchNextPage();
    }, [fetchNextPage]),
    refetch: useCallback(() => {
      refetch();
    }, [refetch]),
  };
}
