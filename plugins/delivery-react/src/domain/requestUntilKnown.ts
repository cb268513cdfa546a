import { isError } from '@backstage/errors';
import { DeploymentAction } from '@slipway/plugin-delivery-common';
import { isLost } from '../api/deliveryErrors';

/**
 * How long to wait before asking again, in milliseconds. A backend that was
 * restarted is back after some seconds, and people do not wait much longer.
 */
export const ASK_AGAIN_AFTER_MS = [1_000, 2_000, 4_000];

/** What became of a request. */
export type RequestOutcome =
  | { outcome: 'accepted'; action: DeploymentAction }
  /** It was answered, and nothing was done. */
  | { outcome: 'refused'; error: Error }
  /** Nobody can say whether it arrived. */
  | { outcome: 'not-known'; error: Error };

/**
 * Sends a request until it is known what became of it. A lost connection leaves
 * open whether the request arrived, so it is sent again with the same key, which
 * is harmless; where that does not get through either, what the pages read may
 * still show the action.
 *
 * @param options.send - sends the request, with the same key each time
 * @param options.look - finds the action among what the pages read
 * @param options.wait - waits that many milliseconds
 * @param options.onLost - told each time that the connection was lost
 */
export async function requestUntilKnown(options: {
  send: () => Promise<DeploymentAction>;
  look: () => Promise<DeploymentAction | undefined>;
  wait: (ms: number) => Promise<void>;
  onLost: () => void;
}): Promise<RequestOutcome> {
  const { send, look, wait, onLost } = options;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return { outcome: 'accepted', action: await send() };
    } catch (cause) {
      const error = asError(cause);
      if (!isLost(error)) {
        return { outcome: 'refused', error };
      }
      onLost();
      // Looking can fail like sending; then there is nothing new to know.
      const found = await look().catch(() => undefined);
      if (found) {
        return { outcome: 'accepted', action: found };
      }
      if (attempt >= ASK_AGAIN_AFTER_MS.length) {
        return { outcome: 'not-known', error };
      }
      await wait(ASK_AGAIN_AFTER_MS[attempt]);
    }
  }
}

function asError(cause: unknown): Error {
  return isError(cause) ? cause : new Error(String(cause));
}
