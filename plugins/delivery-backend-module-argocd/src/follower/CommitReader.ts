import { LRUCache } from 'lru-cache';
import { Commit } from '@slipway/plugin-delivery-common';
import { ApplicationSource } from '@slipway/plugin-delivery-node';
import { ApplicationAddress } from '../argocd/applicationQuery';
import { WireRevisionMetadata } from '../argocd/wire';
import { toCommit } from '../domain/commit';
import { isCommitSha, revisionKind } from '../domain/sources';
import { WorkQueue } from './WorkQueue';

/** A commit that somebody wants to know, and through whom to ask for it. */
export type CommitRequest = {
  source: ApplicationSource;
  revision: string;
  /** Position of the source, from 0, of an application with several. */
  sourceIndex?: number;
  address: ApplicationAddress;
};

/**
 * Reads each commit once, however many applications are at it: a commit never
 * changes. Chart versions and OCI digests are no commits, and not asked for.
 */
export class CommitReader {
  static create(options: {
    read(request: CommitRequest): Promise<WireRevisionMetadata>;
    /** Called with each commit that was asked for and read. */
    onCommit(commit: Commit, repoUrl: string): void;
    /**
     * Called when a commit could not be read.
     *
     * @returns whether it is to be left alone for a while; false when it was not
     * the commit's fault
     */
    onFailure(error: unknown, request: CommitRequest): boolean;
    /** Commits that are remembered. */
    capacity: number;
    /** Milliseconds that a commit that could not be read is left alone. */
    retryAfter: number;
  }): CommitReader {
    return new CommitReader(options);
  }

  readonly #options: Parameters<typeof CommitReader.create>[0];
  readonly #cache: LRUCache<string, Commit>;
  /** Commits that are left alone for a while. */
  readonly #resting: LRUCache<string, true>;
  readonly #requests = new Map<string, CommitRequest>();
  readonly #queue: WorkQueue;

  private constructor(options: Parameters<typeof CommitReader.create>[0]) {
    this.#options = options;
    this.#cache = new LRUCache({ max: options.capacity });
    this.#resting = new LRUCache({
      max: options.capacity,
      ttl: options.retryAfter,
    });
    this.#queue = WorkQueue.create({
      concurrency: 1,
      work: key => this.#work(key),
    });
  }

  /** Takes in a commit that is known already. */
  remember(commit: Commit, repoUrl: string): void {
    this.#cache.set(keyOf(repoUrl, commit.sha), commit);
  }

  /** The commit if it is known; otherwise it is read, and announced. */
  get(request: CommitRequest): Commit | undefined {
    const { source, revision } = request;
    if (revisionKind(source) !== 'git' || !isCommitSha(revision)) {
      return undefined;
    }
    const key = keyOf(source.repoUrl, revision);
    const commit = this.#cache.get(key);
    if (commit) {
      return commit;
    }
    if (!this.#resting.has(key) && !this.#requests.has(key)) {
      this.#requests.set(key, request);
      this.#queue.add(key, { urgent: false });
    }
    return undefined;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#queue.clear();
    this.#requests.clear();
  }

  async #work(key: string): Promise<void> {
    const request = this.#requests.get(key);
    if (!request) {
      return;
    }
    const { source, revision } = request;
    try {
      const commit = toCommit({
        sha: revision,
        repoUrl: source.repoUrl,
        metadata: await this.#options.read(request),
      });
      this.#resting.delete(key);
      this.#cache.set(key, commit);
      this.#done(key, request);
      this.#options.onCommit(commit, source.repoUrl);
    } catch (error) {
      this.#done(key, request);
      if (this.#options.onFailure(error, request)) {
        this.#resting.set(key, true);
      }
    }
  }

  /** The same commit may have been asked for anew by the next connection. */
  #done(key: string, request: CommitRequest): void {
    if (this.#requests.get(key) === request) {
      this.#requests.delete(key);
    }
  }
}

function keyOf(repoUrl: string, sha: string): string {
  return `${repoUrl} ${sha}`;
}
