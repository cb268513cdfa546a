import { QueryClient, QueryState } from '@tanstack/react-query';
import { DeliveryApi, deliveryErrorCode, isSessionEnded } from '../api';

/** How often a page reads again when no signal says that it should. */
export const POLL_INTERVAL_MS = 60_000;

/**
 * How often it reads again while the backend does not answer. A restarting
 * backend drops signals; this is how a page notices that it is back.
 */
export const RETRY_INTERVAL_MS = 5_000;

/**
 * How often a page reads again while an action is under way that it shows.
 * Signals tell sooner; this is for those that are lost.
 */
export const ACTION_INTERVAL_MS = 4_000;

/**
 * How often a page reads right after it was opened, and how many times. The very
 * first socket of a signals backend gets no answer (it starts to listen for
 * upgrades only when one arrives), and its client comes back after six seconds:
 * what changes in between is signalled to nobody.
 */
export const SETTLING_INTERVAL_MS = 4_000;
export const SETTLING_READS = 4;

// A cache an API object, so that two apps on one page (or two tests) never see
// each other's answers, and nothing is kept once the API object is gone.
const clients = new WeakMap<DeliveryApi, QueryClient>();

/**
 * The cache of what was read through an API object.
 *
 * The hooks hand it to react-query themselves instead of finding it in a React
 * context, because neither frontend system gives a plugin a place for a provider
 * above its page, its entity tab and its card all at once, and a component that
 * another plugin embeds must work without one.
 */
export function queryClientFor(api: DeliveryApi): QueryClient {
  const existing = clients.get(api);
  if (existing) {
    return existing;
  }
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 0,
        gcTime: 5 * 60_000,
        // Requests to our own backend can work while the browser believes that
        // it is offline (a VPN, localhost); a failed one says so itself.
        networkMode: 'always',
        retry: (failures, error) => failures < 1 && mayHealByItself(error),
        retryDelay: 400,
        refetchOnWindowFocus: 'always',
        refetchOnReconnect: 'always',
        refetchInterval: pollInterval,
        refetchIntervalInBackground: false,
      },
    },
  });
  // The provider would do this. Without it the client never hears of focus and
  // reconnection. It is not undone: the client lives as long as the page.
  client.mount();
  clients.set(api, client);
  return client;
}

/** When to read again what is on screen, if no signal says so before. */
export function pollInterval(query: {
  state: Pick<
    QueryState<unknown, Error>,
    'fetchFailureCount' | 'dataUpdateCount' | 'error'
  >;
}): number {
  const { fetchFailureCount, dataUpdateCount, error } = query.state;
  if (fetchFailureCount > 0 && mayHealByItself(error)) {
    return RETRY_INTERVAL_MS;
  }
  return dataUpdateCount < SETTLING_READS
    ? SETTLING_INTERVAL_MS
    : POLL_INTERVAL_MS;
}

/** Whether asking again may help: not when the backend understood and refused. */
function mayHealByItself(error: unknown): boolean {
  if (isSessionEnded(error)) {
    return false;
  }
  switch (deliveryErrorCode(error)) {
    case 'delivery.entity-not-found':
    case 'delivery.read-not-allowed':
    case 'delivery.invalid-parameter':
    case 'delivery.invalid-cursor':
    case 'delivery.activity-not-allowed':
    case 'delivery.action-not-allowed':
    case 'delivery.action-not-found':
    case 'delivery.deployment-not-found':
      return false;
    case 'delivery.not-ready':
    case undefined:
      return true;
    default:
      return true;
  }
}
