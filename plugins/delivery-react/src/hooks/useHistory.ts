import { useCallback, useMemo } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { HistoryEntry } from '@slipway/plugin-delivery-common';
import { useInfiniteQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api';
import { queryClientFor } from './queryClient';
import { useDeliverySignal } from './useDeliverySignal';

/**
 * Options of {@link useHistory}.
 *
 * @public
 */
export type UseHistoryOptions = {
  /** Id of an environment; every environment when absent. */
  environment?: string;
  /** Entries a page; 20 when absent. */
  limit?: number;
};

/**
 * What {@link useHistory} knows.
 *
 * @public
 */
export type HistoryState = {
  /** Every page read so far, newest first; `undefined` before the first. */
  entries?: HistoryEntry[];
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
 * What was deployed of a service, newest first, page by page. A signal about
 * the service reads it again.
 *
 * @public
 */
export function useHistory(
  entityRef: string,
  options: UseHistoryOptions = {},
): HistoryState {
  const { environment, limit = 20 } = options;
  const api = useApi(deliveryApiRef);
  const client = queryClientFor(api);
  const queryKey = ['history', entityRef, environment, limit];

  const query = useInfiniteQuery(
    {
      queryKey,
      queryFn: ({ pageParam, signal }) =>
        api.getHistory(entityRef, {
          environment,
          cursor: pageParam,
          limit,
          signal,
        }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: page => page.nextCursor,
      // Entries are never rewritten, and each page read is another request:
      // only signals and focus are worth reading every page again.
      refetchInterval: false,
    },
    client,
  );

  useDeliverySignal({
    concerns: signal =>
      signal.entityRefs === 'many' || signal.entityRefs.includes(entityRef),
    refetch: () => client.refetchQueries({ queryKey, type: 'active' }),
  });

  const { data, fetchNextPage, refetch } = query;
  return {
    entries: useMemo(() => data?.pages.flatMap(page => page.entries), [data]),
    error: query.error ?? undefined,
    loading: query.isPending,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    loadMore: useCallback(() => {
      fetchNextPage();
    }, [fetchNextPage]),
    refetch: useCallback(() => {
      refetch();
    }, [refetch]),
  };
}
