import { Commit, FileChange, Release } from '@slipway/plugin-delivery-common';
import { RevertRequest } from '../domain/revert/RevertRequest';

export type { RevertRequest };

/** What a revert would write, on top of what the branch has now. */
export type RevertDraft = {
  /** URL of the repository without credentials. */
  repository: string;
  branch: string;
  /** Commit that the branch was at when this was worked out. */
  head: string;
  /** Empty when there are conflicts, or when the branch has it all already. */
  files: FileChange[];
  /** Paths that were changed since in the same lines; nothing is written then. */
  conflicts: string[];
  /**
   * What differs in the folders between the commit that is taken back and the one
   * that is put back:
   *
   * - `nothing`: no file.
   * - `configuration`: files, and as far as can be read not the images they ask for.
   * - `images`: the images that are asked for, or it cannot be read whether.
   */
  between: 'nothing' | 'configuration' | 'images';
  /** The release that comes back, where the files say it of one image alone. */
  putsBack?: Pick<Release, 'tag' | 'digest'>;
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
 * Rejects with a {@link GitOpsError}, or with the reason of the signal.
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
