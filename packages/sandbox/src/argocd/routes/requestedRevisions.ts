import { ArgoCdError, GRPC } from '../errors';
import { hasSeveralSources } from '../sources/sourceList';
import { ApplicationSpec } from '../wire';

/** How a request names commits: of the only source, or by position. */
export interface RevisionRequest {
  readonly revision?: string;
  readonly revisions?: readonly string[];
  /** Counted from 1, one for each entry of `revisions`. */
  readonly sourcePositions?: readonly number[];
}

/**
 * The revisions that a request asks for, by position of the source; what it
 * does not name is undefined.
 *
 * @throws ArgoCdError 3 for a position that no source has.
 */
export function requestedRevisions(
  spec: ApplicationSpec,
  request: RevisionRequest,
): (string | undefined)[] {
  if (!hasSeveralSources(spec)) return [request.revision || undefined];
  const { revisions = [], sourcePositions = [] } = request;
  if (revisions.length !== sourcePositions.length) {
    throw new ArgoCdError(
      GRPC.invalidArgument,
      'the number of revisions and of source positions must be the same',
    );
  }
  const result = new Array<string | undefined>(spec.sources?.length ?? 0).fill(
    undefined,
  );
  sourcePositions.forEach((position, index) => {
    if (position < 1 || position > result.length) {
      throw new ArgoCdError(
        GRPC.invalidArgument,
        'source position is out of range',
      );
    }
    result[position - 1] = revisions[index];
  });
  return result;
}
