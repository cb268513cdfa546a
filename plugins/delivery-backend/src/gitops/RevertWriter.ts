import { Commit, FileChange } from '@slipway/plugin-delivery-common';

/** Between which two states of a folder in git a release lies. */
export type RevertRequest = {
  /** URL of the repository, as the application's source names it. */
  repoUrl: string;
  /** Branch that the application follows; the default branch when absent. */
  branch?: string;
  /** Folder of the application's manifests. Nothing outside it is touched. */
  path: string;
  /** Commit at which the release that is taken back was first deployed. */
  taken: string;
  /** Commit at which the release that is put back was last deployed. */
  back: string;
};

/** What a revert would write, on top of what the branch has now. */
export type RevertDraft = {
  /** URL of the repository without credentials. */
  repository: string;
  branch: string;
  /** Commit that the branch was at when this was worked out. */
  head: string;
  files: FileChange[];
  /** Paths that were changed since in the same lines; nothing is written then. */
  conflicts: string[];
  /**
   * Stands for exactly these changes: equal as long as the files before and
   * after are the same, whatever else is pushed to the branch.
   */
  fingerprint: string;
};

/** Who a commit is made for. */
export type CommitPerson = {
  entityRef: string;
  name: string;
  email?: string;
};

/**
 * Writes reverts to GitOps repositories, by a merge of three sides: what the
 * release that is taken back changed is undone, and what others changed since
 * stays.
 *
 * Rejects with a `GitOpsError`, or with the reason of the signal.
 */
export interface RevertWriter {
  /**
   * Why there is no writing to a repository, as a sentence; `undefined` when there
   * is a credential for it.
   */
  whyReadOnly(repoUrl: string): string | undefined;
  /** Works out what would be written. Changes nothing. */
  draft(request: RevertRequest & { signal: AbortSignal }): Promise<RevertDraft>;
  /**
   * Commits and pushes exactly the draft of that fingerprint, once for each
   * action: a commit that carries the action's id already is found and returned.
   */
  commit(
    request: RevertRequest & {
      actionId: string;
      fingerprint: string;
      /** First line of the message. */
      subject: string;
      /** In the person's own words; goes into a trailer. */
      reason: string;
      person: CommitPerson;
      /** ISO 8601. */
      now: string;
      signal: AbortSignal;
    },
  ): Promise<Commit>;
}

/**
 * What went wrong with a repository.
 *
 * - `changed`: the draft would no longer be the one of the fingerprint.
 * - `not-found`: the repository, branch, folder or commit is not there.
 * - `forbidden`: the credential is refused, or may not push to the branch.
 * - `unavailable`: no answer, or it lost the race against other pushes too often.
 */
export type GitOpsErrorKind =
  | 'changed'
  | 'not-found'
  | 'forbidden'
  | 'unavailable';
