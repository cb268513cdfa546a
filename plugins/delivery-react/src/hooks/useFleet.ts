import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  FleetPage,
  FleetQuery,
  FleetRow,
} from '@slipway/plugin-delivery-common';
import { hashKey, useQueries } from '@tanstack/react-query';
import { deliveryApiRef } from '../api';
import { queryClientFor } from './queryClient';
import { useDeliverySignal, useSignalWitness } from './useDeliverySignal';
import { forgetReached } from './useServiceDeployments';

/** Services a request; a window of a screen needs one or two. */
export const FLEET_CHUNK = 100;

/**
 * Options of {@link useFleet}.
 *
 * @public
 */
export type UseFleetOptions = {
  /** What of the fleet; the window is asked for with `first` and `last`. */
  query: Omit<FleetQuery, 'offset' | 'limit' | 'atLeast'>;
  /** Index of the first service that is on screen; 0 when absent. */
  first?: number;
  /** Index of the last service that is on screen; `first` when absent. */
  last?: number;
};

/**
 * What {@link useFleet} knows.
 *
 * @public
 */
export type FleetWindow = {
  /** The newest answer without its rows; absent before the first one. */
  summary?: Omit<FleetPage, 'rows' | 'offset'>;
  /** The service at an index; `undefined` where it is not loaded yet. */
  rowAt: (index: number) => FleetRow | undefined;
  /**
   * True while what is shown still answers the query before, because the answer
   * to this one has not come yet.
   */
  outdated: boolean;
  /** Why the latest request failed; what is shown was read before. */
  error?: Error;
  /** When the newest answer was read, in milliseconds since 1970. */
  readAt?: number;
  /** True until there is an answer or an error. */
  loading: boolean;
  /** Reads again now. */
  refetch: () => void;
};

type Answer = {
  pages: Map<number, FleetPage>;
  newest: FleetPage;
};

/**
 * A window on the fleet, kept up to date: by signals, when the window gets focus
 * or the network comes back, and by a slow poll that rests while the page is
 * hidden. Only the services on screen are read, a hundred at a time.
 *
 * @public
 */
export function useFleet(options: UseFleetOptions): FleetWindow {
  const { query, first = 0, last = first } = options;
  const api = useApi(deliveryApiRef);
  const client = queryClientFor(api);
  const atLeast = useRef<number | undefined>(undefined);

  const firstChunk = Math.floor(first / FLEET_CHUNK);
  const lastChunk = Math.max(firstChunk, Math.floor(last / FLEET_CHUNK));
  const chunks = Array.from(
    { length: lastChunk - firstChunk + 1 },
    (_, index) => firstChunk + index,
  );

  const results = useQueries(
    {
      queries: chunks.map(chunk => ({
        queryKey: ['fleet', query, chunk],
        queryFn: async ({ signal }: { signal: AbortSignal }) => {
          const page = await api.getFleet(
            {
              ...query,
              offset: chunk * FLEET_CHUNK,
              limit: FLEET_CHUNK,
              atLeast: atLeast.current,
            },
            { signal },
          );
          forgetReached(atLeast, page.version);
          return page;
        },
      })),
    },
    client,
  );

  useDeliverySignal({
    // A signal names entities, and an entity that is not on screen can still
    // change the counts, so every signal concerns the fleet.
    concerns: () => true,
    refetch: version => {
      atLeast.current = version;
      return client.refetchQueries({ queryKey: ['fleet'], type: 'active' });
    },
  });

  const pages = new Map<number, FleetPage>();
  results.forEach((result, index) => {
    if (result.data) {
      pages.set(chunks[index], result.data);
    }
  });
  const current = answerOf(pages);

  // What the query before showed stays until this one is answered: a page that
  // blanks at each letter of a search cannot be read.
  const asked = hashKey([query]);
  const previous = useRef<{ asked: string; answer: Answer } | undefined>(
    undefined,
  );
  useEffect(() => {
    if (current) {
      previous.current = { asked, answer: current };
    }
  });
  const pending = results.some(result => result.isPending);
  const kept = pending ? previous.current : undefined;
  const shown = current ?? kept?.answer;

  const refetch = useCallback(() => {
    client.refetchQueries({ queryKey: ['fleet'], type: 'active' });
  }, [client]);

  useSignalWitness(current?.newest, asked);

  const updatedAt = Math.max(0, ...results.map(result => result.dataUpdatedAt));
  const summary = shown?.newest;
  const shownPages = shown?.pages;
  return {
    summary,
    rowAt: useMemo(() => rowsOf(shownPages), [shownPages]),
    outdated:
      current === undefined && kept !== undefined && kept.asked !== asked,
    error: results.find(result => result.error)?.error ?? undefined,
    readAt: updatedAt || undefined,
    loading: shown === undefined && pending,
    refetch,
  };
}

function answerOf(pages: Map<number, FleetPage>): Answer | undefined {
  let newest: FleetPage | undefined;
  for (const page of pages.values()) {
    if (!newest || page.version > newest.version) {
      newest = page;
    }
  }
  return newest && { pages, newest };
}

function rowsOf(
  pages: Map<number, FleetPage> | undefined,
): (index: number) => FleetRow | undefined {
  return index =>
    pages?.get(Math.floor(index / FLEET_CHUNK))?.rows[index % FLEET_CHUNK];
}
