import git from 'isomorphic-git';
import { KnownRepository } from './credentials';
import { withoutSecrets } from './GitHttp';
import { GitOpsError } from './GitOpsError';

/** Longest part of a server's own words that is passed on. */
const LONGEST_REASON = 200;

/** Whether a push was refused for the state of the branch, or for any reason. */
export function isRefusedPush(error: unknown): boolean {
  return (
    error instanceof git.Errors.PushRejectedError ||
    error instanceof git.Errors.GitPushError
  );
}

/**
 * The error for people of what went wrong with a repository. The messages of the
 * library are for its own developers, and may hold what a server answered.
 */
export function toGitOpsError(
  error: unknown,
  repository: KnownRepository,
): GitOpsError {
  const { url, credential } = repository;
  if (error instanceof GitOpsError) {
    return error;
  }
  if (error instanceof git.Errors.GitPushError) {
    const reason = withoutSecrets(reasonOf(error), credential);
    return new GitOpsError({
      kind: 'forbidden',
      message: `The repository ${url} did not take the commit${
        reason ? `: ${reason}` : ''
      }. The branch may be protected against the portal's account.`,
    });
  }
  return new GitOpsError({
    kind: 'unavailable',
    message:
      error instanceof git.Errors.UnsafeFilepathError
        ? `A file of ${url} has a name with a backslash, which the portal does not write. Revert by hand.`
        : `The repository ${url} did not answer as a Git server does.`,
  });
}

/** Why a server refused, in its own words, as one short line. */
function reasonOf(error: InstanceType<typeof git.Errors.GitPushError>): string {
  return Object.values(error.data.result.refs)
    .flatMap(ref => (ref.ok ? [] : [ref.error]))
    .join(', ')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_REASON);
}
