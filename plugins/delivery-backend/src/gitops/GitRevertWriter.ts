import { Commit } from '@slipway/plugin-delivery-common';
import { DateTime } from 'luxon';
import pLimit from 'p-limit';
import { writeMessage } from '../domain/revert/commitMessage';
import {
  GitIdentity,
  identityOf,
  PORTAL_IDENTITY,
} from '../domain/revert/identity';
import { formatTime } from '../domain/times';
import { findRepository, GitCredential, KnownRepository } from './credentials';
import { FoundCommit, GitClone } from './GitClone';
import { isRefusedPush, toGitOpsError } from './gitErrors';
import { GitHttp } from './GitHttp';
import { GitOpsError } from './GitOpsError';
import { RevertDraft, RevertRequest, RevertWriter } from './RevertWriter';
import { workOutRevert } from './workOutRevert';

/** What working on repositories may cost. */
export type GitLimits = {
  /** For one draft or one commit, waiting for its turn included. */
  timeoutMs: number;
  /** How much is received for one clone, which is kept in memory. */
  mostBytes: number;
  /**
   * Numbers of commits to fetch, one step after the other, until those of the
   * revert are there. Among the first step an action's own commit is looked for.
   */
  depths: readonly number[];
  /** How often a commit is made anew because somebody else pushed. */
  pushes: number;
  /** Clones that there are at once, each of which is memory and work. */
  atOnce: number;
};

const DEFAULT_LIMITS: GitLimits = {
  timeoutMs: 60_000,
  mostBytes: 256 * 1024 * 1024,
  depths: [250, 1_000, 4_000],
  pushes: 5,
  atOnce: 2,
};

type CommitRequest = Parameters<RevertWriter['commit']>[0];

/**
 * Writes reverts with isomorphic-git, which needs no `git` beside the portal and
 * never sees a credential; see {@link GitHttp}. Each draft and each commit works
 * on a fresh clone in memory, so that it is made on what the branch is at now.
 */
export class GitRevertWriter implements RevertWriter {
  readonly #credentials: readonly GitCredential[];
  readonly #committer: GitIdentity;
  readonly #limits: GitLimits;
  readonly #turns: pLimit.Limit;

  static create(options: {
    credentials: readonly GitCredential[];
    /** Who commits, beside the author. */
    committer?: GitIdentity;
    limits?: Partial<GitLimits>;
  }): GitRevertWriter {
    return new GitRevertWriter({
      credentials: options.credentials,
      committer: options.committer ?? PORTAL_IDENTITY,
      limits: { ...DEFAULT_LIMITS, ...options.limits },
    });
  }

  private constructor(options: {
    credentials: readonly GitCredential[];
    committer: GitIdentity;
    limits: GitLimits;
  }) {
    this.#credentials = options.credentials;
    this.#committer = options.committer;
    this.#limits = options.limits;
    this.#turns = pLimit(options.limits.atOnce);
  }

  whyReadOnly(repoUrl: string): string | undefined {
    const found = findRepository(this.#credentials, repoUrl);
    return 'reason' in found ? found.reason : undefined;
  }

  async draft(
    request: RevertRequest & { signal: AbortSignal },
  ): Promise<RevertDraft> {
    return this.#inTurn(request, async open => {
      const { draft } = await workOutRevert(await open(), request);
      return draft;
    });
  }

  async commit(request: CommitRequest): Promise<Commit> {
    return this.#inTurn(request, async open => {
      let lost: unknown;
      for (let push = 0; push < this.#limits.pushes; push++) {
        const clone = await open();
        // Looked for each time: what seemed to fail may have arrived, and another
        // replica may be carrying out the same action.
        const done = await clone.findAction(request.actionId);
        if (done) {
          return toCommit(done);
        }
        const made = await this.#make(clone, request);
        try {
          await clone.push(made.sha);
          return toCommit(made);
        } catch (error) {
          if (isRefusedPush(error)) {
            if (!(await clone.hasMoved())) {
              throw error;
            }
          } else if (lost || !isUnavailable(error)) {
            throw error;
          } else {
            lost = error;
          }
        }
      }
      throw (
        lost ??
        new GitOpsError({
          kind: 'unavailable',
          message:
            'Others pushed to the branch again and again, and the commit was never first. Try again.',
        })
      );
    });
  }

  /**
   * Makes the commit of the draft that the person saw, on what the branch is at
   * now.
   *
   * @throws GitOpsError `changed` when it would not be the same any more.
   */
  async #make(clone: GitClone, request: CommitRequest): Promise<FoundCommit> {
    const { draft, changes } = await workOutRevert(clone, request);
    if (draft.fingerprint !== request.fingerprint || changes.length === 0) {
      throw new GitOpsError({
        kind: 'changed',
        message:
          draft.conflicts.length > 0
            ? `Others changed the same lines of ${draft.conflicts.join(
                ', ',
              )} in the meantime. Nothing was committed.`
            : `Others changed the same files in the meantime, so the commit would be another one than was shown. Nothing was committed.`,
      });
    }
    const { taken, back, paths, person } = request;
    return clone.commit({
      changes,
      message: writeMessage({
        subject: request.subject,
        body: [
          `Undoes in ${paths.join(' and ')} what changed between ${back.slice(
            0,
            7,
          )} and ${taken.slice(
            0,
            7,
          )}. What others changed since in other lines stays.`,
        ],
        requestedBy: person.entityRef,
        reason: request.reason,
        actionId: request.actionId,
      }),
      author: identityOf(person),
      committer: this.#committer,
      timestamp: Math.floor(DateTime.fromISO(request.now).toSeconds()),
    });
  }

  /**
   * Does work on a repository, a few at a time and for a limited time, and lets
   * only errors out that are for people.
   */
  async #inTurn<T>(
    request: { repoUrl: string; branch?: string; signal: AbortSignal },
    work: (open: () => Promise<GitClone>) => Promise<T>,
  ): Promise<T> {
    const found = findRepository(this.#credentials, request.repoUrl);
    if ('reason' in found) {
      throw new GitOpsError({ kind: 'forbidden', message: found.reason });
    }
    const timeout = AbortSignal.timeout(this.#limits.timeoutMs);
    const signal = AbortSignal.any([request.signal, timeout]);
    const open = () => this.#open({ ...request, repository: found, signal });
    try {
      return await orAborted(
        signal,
        this.#turns(async () => {
          signal.throwIfAborted();
          return work(open);
        }),
      );
    } catch (error) {
      request.signal.throwIfAborted();
      throw timeout.aborted
        ? new GitOpsError({
            kind: 'unavailable',
            message: `The repository ${found.url} took longer than ${
              this.#limits.timeoutMs / 1_000
            } seconds.`,
          })
        : toGitOpsError(error, found);
    }
  }

  #open(options: {
    repository: KnownRepository;
    branch?: string;
    signal: AbortSignal;
  }): Promise<GitClone> {
    const { repository, branch, signal } = options;
    const { mostBytes, depths } = this.#limits;
    return GitClone.open({
      url: repository.url,
      branch,
      http: new GitHttp({ repository, signal, mostBytes }),
      signal,
      depths,
    });
  }
}

/** Settles at once when the signal aborts, though the work goes on to its next step. */
async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) {
      signal.removeEventListener('abort', stop);
    }
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof GitOpsError && error.kind === 'unavailable';
}

function toCommit({ sha, commit }: FoundCommit): Commit {
  const { author, message } = commit;
  return {
    sha,
    author: `${author.name} <${author.email}>`,
    date: formatTime(DateTime.fromSeconds(author.timestamp)),
    message: message.trimEnd(),
  };
}
