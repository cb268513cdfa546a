import { UpstreamReport } from '@slipway/plugin-delivery-node';
import { isArgoCdError } from '../argocd/ArgoCdError';

/**
 * Says how an upstream stands after its connection ended, in words that hold no
 * secret.
 *
 * `refused` is for an answer that says no to the account. A connection that was
 * fine until it ended is being made again (`connecting`); everything else is
 * `down`.
 */
export function describeFailure(options: {
  /** What ended it; `undefined` when the server closed it without a word. */
  failure: unknown;
  /** It had been open for long enough not to be one failure after another. */
  wasGood: boolean;
}): { report: UpstreamReport; refused: boolean } {
  const { failure, wasGood } = options;
  if (failure === undefined) {
    return {
      report: {
        state: wasGood ? 'connecting' : 'down',
        reason: 'Argo CD closed the event stream',
      },
      refused: false,
    };
  }
  if (!isArgoCdError(failure)) {
    // Not a failure of Argo CD, so its words are for the log at most.
    return {
      report: { state: 'down', reason: 'Reading from Argo CD failed here' },
      refused: false,
    };
  }
  switch (failure.kind) {
    case 'unauthenticated':
    case 'login-refused':
    case 'forbidden':
    case 'not-found-or-forbidden':
      return {
        report: { state: 'refused', reason: failure.message },
        refused: true,
      };
    case 'not-found':
    case 'blocked-by-sync-window':
    case 'operation-in-progress':
    case 'conflict':
    case 'invalid-request':
    case 'unsupported':
    case 'rate-limited':
    case 'unavailable':
    case 'server-error':
    case 'timeout':
    case 'unreachable':
    case 'unexpected-answer':
      return {
        report: {
          state: wasGood ? 'connecting' : 'down',
          reason: failure.message,
        },
        refused: false,
      };
    default:
      return failure.kind satisfies never;
  }
}
