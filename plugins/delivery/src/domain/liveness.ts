import { UpstreamStatus } from '@slipway/plugin-delivery-common';

/**
 * How up to date a page is.
 *
 * - `live`: changes show by themselves at once.
 * - `polling`: every upstream is connected, but no signals reach this page, so
 *   changes show within a minute.
 * - `partial`: some upstreams are not connected.
 * - `lost`: none is, or the portal's own backend does not answer.
 */
export type Liveness =
  | { state: 'live' }
  | { state: 'polling' }
  | { state: 'partial'; live: number; all: number }
  | { state: 'lost' };

/** How up to date a page is, from what it knows. */
export function liveness(options: {
  upstreams: Pick<UpstreamStatus, 'state'>[];
  /** Whether the last request to the backend failed. */
  failed: boolean;
  /** Whether signals reach this page. */
  signals: boolean;
}): Liveness {
  const { upstreams, failed, signals } = options;
  if (failed) {
    return { state: 'lost' };
  }
  const live = upstreams.filter(upstream => upstream.state === 'live').length;
  if (live < upstreams.length) {
    return live === 0
      ? { state: 'lost' }
      : { state: 'partial', live, all: upstreams.length };
  }
  return { state: signals ? 'live' : 'polling' };
}
