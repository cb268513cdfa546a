import { createHash } from 'node:crypto';
import { NotFoundError } from '@backstage/errors';
import { GitCommit, GitPush, RepositoryReader } from '../../git/types';

interface Commit extends GitCommit {
  readonly sha: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Repositories in memory, for tests of what reads them. */
export class MemoryRepositories implements RepositoryReader {
  readonly #commits = new Map<string, Commit[]>();
  readonly #listeners = new Set<(push: GitPush) => void>();

  /** Commits changes (undefined deletes a file) to `main`; returns the sha. */
  commit(options: {
    repoUrl: string;
    files: Readonly<Record<string, string | undefined>>;
    message?: string;
    /** False: nobody is told, as when a webhook gets lost. */
    push?: boolean;
  }): string {
    const { repoUrl, files, message = 'Change', push = true } = options;
    const commits = this.#commits.get(repoUrl) ?? [];
    this.#commits.set(repoUrl, commits);
    const before = commits[commits.length - 1];
    const next = new Map(before?.files ?? []);
    for (const [path, text] of Object.entries(files)) {
      if (text === undefined) next.delete(path);
      else next.set(path, text);
    }
    const sha = createHash('sha1')
      .update(`${repoUrl} ${commits.length} ${message}`)
      .digest('hex');
    commits.push({
      sha,
      files: next,
      author: 'Dana Vega <dana@slipway.example>',
      date: '2026-11-22T10:00:00Z',
      message,
      tags: [],
    });
    if (push) {
      for (const listener of this.#listeners) {
        listener({
          repoUrl,
          ref: 'refs/heads/main',
          before: before?.sha ?? '0'.repeat(40),
          after: sha,
        });
      }
    }
    return sha;
  }

  async resolveRevision(options: { repoUrl: string; revision: string }) {
    const commits = this.#of(options.repoUrl);
    return options.revision === 'main' || options.revision === 'HEAD'
      ? commits[commits.length - 1]?.sha
      : commits.find(({ sha }) => sha === options.revision)?.sha;
  }

  async readFiles(options: { repoUrl: string; commit: string; path?: string }) {
    const { path = '' } = options;
    const commit = this.#of(options.repoUrl).find(
      ({ sha }) => sha === options.commit,
    );
    if (!commit) throw new NotFoundError(`No commit ${options.commit}`);
    return new Map(
      [...commit.files].filter(
        ([file]) => path === '' || file === path || file.startsWith(`${path}/`),
      ),
    );
  }

  async readChanges(options: { repoUrl: string; from: string; to: string }) {
    const { repoUrl, from, to } = options;
    const before = await this.readFiles({ repoUrl, commit: from });
    const after = await this.readFiles({ repoUrl, commit: to });
    return new Map(
      [...new Set([...before.keys(), ...after.keys()])]
        .filter(path => before.get(path) !== after.get(path))
        .map(path => [path, after.get(path)]),
    );
  }

  async readCommit(options: { repoUrl: string; commit: string }) {
    return this.#of(options.repoUrl).find(({ sha }) => sha === options.commit);
  }

  onPush(listener: (push: GitPush) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #of(repoUrl: string): Commit[] {
    const commits = this.#commits.get(repoUrl);
    if (!commits) throw new NotFoundError(`No repository ${repoUrl}`);
    return commits;
  }
}
