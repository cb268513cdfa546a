import { stringifyError } from '@backstage/errors';
import { isUpstreamCommandError } from '@slipway/plugin-delivery-node';
import { UpstreamFault } from '../domain/actions/upstreamErrors';
import { GitOpsErrorKind, isGitOpsError } from '../gitops/GitOpsError';

/** A push whose answer was lost is found again, so `unavailable` may be one. */
const gitFaults: {
  [kind in GitOpsErrorKind]: Pick<UpstreamFault, 'kind' | 'mayHaveHappened'>;
} = {
  changed: { kind: 'conflict', mayHaveHappened: false },
  'not-found': { kind: 'not-found', mayHaveHappened: false },
  forbidden: { kind: 'forbidden', mayHaveHappened: false },
  unavailable: { kind: 'unavailable', mayHaveHappened: true },
};

/**
 * Reads an error as what it means for an action. Of an error that nobody foresaw,
 * a time limit included, nothing is known: it may have happened all the same, and
 * its words are for the log and not for people.
 */
export function faultOf(
  error: unknown,
  onUnforeseen: (words: string) => void,
): UpstreamFault {
  if (isUpstreamCommandError(error)) {
    const { kind, message, mayHaveHappened } = error;
    return { kind, message, mayHaveHappened };
  }
  if (isGitOpsError(error)) {
    return {
      ...gitFaults[error.kind],
      message: error.message,
    };
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    return {
      kind: 'unavailable',
      message: 'There was no answer in time.',
      mayHaveHappened: true,
    };
  }
  onUnforeseen(stringifyError(error));
  return {
    kind: 'unexpected',
    message: 'Something went wrong that the portal does not know; see its log.',
    mayHaveHappened: true,
  };
}
