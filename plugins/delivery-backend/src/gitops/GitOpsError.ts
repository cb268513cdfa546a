import { CustomErrorBase } from '@backstage/errors';

/**
 * What went wrong with a repository.
 *
 * - `changed`: the draft would no longer be the one of the fingerprint.
 * - `not-found`: the repository, branch, folder or commit is not there.
 * - `forbidden`: the credential is refused, may not push to the branch, or there
 *   is none.
 * - `unavailable`: no answer, an answer that is none of Git's, or it lost the race
 *   against other pushes too often.
 */
export type GitOpsErrorKind =
  | 'changed'
  | 'not-found'
  | 'forbidden'
  | 'unavailable';

/**
 * Something is wrong with a repository. The message is a sentence for people and
 * holds neither credentials nor what a server answered of its own.
 */
export class GitOpsError extends CustomErrorBase {
  name = 'GitOpsError' as const;

  readonly kind: GitOpsErrorKind;

  constructor(options: { kind: GitOpsErrorKind; message: string }) {
    super(options.message);
    this.kind = options.kind;
  }
}

/** Whether a value is a {@link GitOpsError}. */
export function isGitOpsError(error: unknown): error is GitOpsError {
  return error instanceof Error && error.name === 'GitOpsError';
}
