import git, {
  CommitObject,
  HttpClient,
  ServerRef,
  TreeEntry,
} from 'isomorphic-git';
import { createFsFromVolume, Volume } from 'memfs';
import { actionOfMessage } from '../domain/revert/commitMessage';
import { GitIdentity } from '../domain/revert/identity';
import { GitFile, GitFolder } from '../domain/revert/mergeFolders';
import { GitOpsError } from './GitOpsError';

const GITDIR = '/repository';

/** Files below the folders of one application that are still looked at. */
const MOST_FILES = 20_000;

/** What is to be at a path; `undefined`: nothing. */
export type PathChange = { path: string; file: GitFile | undefined };

/** A commit as it stands in the repository. */
export type FoundCommit = { sha: string; commit: CommitObject };

/**
 * A bare clone of one branch, in memory: nothing is left behind on a disk,
 * however the process ends, and the disk may be read-only.
 *
 * Only as much history is fetched as is needed, in steps that grow.
 */
export class GitClone {
  readonly branch: string;
  readonly url: string;
  readonly #http: HttpClient;
  readonly #signal: AbortSignal;
  readonly #depths: readonly number[];
  readonly #fs = {
    // The library takes its promises only when this is a property of its own.
    promises: createFsFromVolume(new Volume()).promises,
  };
  /** What the library remembers of packs between calls. */
  readonly #cache = {};
  readonly #trees = new Map<string, TreeEntry[]>();
  #head = '';
  /** Index of the next depth to fetch. */
  #nextDepth = 0;

  /**
   * Finds the branch, and fetches the newest part of it.
   *
   * @throws GitOpsError
   */
  static async open(options: {
    url: string;
    /** The default branch when absent. */
    branch: string | undefined;
    http: HttpClient;
    signal: AbortSignal;
    /** Numbers of commits to fetch, one step after the other. */
    depths: readonly number[];
  }): Promise<GitClone> {
    const { url, http } = options;
    const branch = options.branch ?? (await defaultBranch({ url, http }));
    const clone = new GitClone({ ...options, branch });
    await clone.#expectBranch();
    await git.init({ ...clone.#local, bare: true, defaultBranch: branch });
    await git.addRemote({ ...clone.#local, remote: 'origin', url });
    await clone.#fetchMore();
    return clone;
  }

  private constructor(options: {
    url: string;
    branch: string;
    http: HttpClient;
    signal: AbortSignal;
    depths: readonly number[];
  }) {
    this.url = options.url;
    this.branch = options.branch;
    this.#http = options.http;
    this.#signal = options.signal;
    this.#depths = options.depths;
  }

  /** Commit that the branch was at when it was fetched. */
  get head(): string {
    return this.#head;
  }

  /**
   * Fetches until the commits are there; as only this branch is fetched, they are
   * of its history then.
   *
   * @throws GitOpsError `not-found` when they are not, or too long ago.
   */
  async reach(commits: string[]): Promise<void> {
    for (const commit of commits) {
      while (!(await this.#hasCommit(commit))) {
        if (!(await this.#fetchMore())) {
          throw new GitOpsError({
            kind: 'not-found',
            message: `The commit ${commit.slice(0, 7)} is not among the last ${
              this.#depths[this.#depths.length - 1]
            } commits of the branch ${this.branch} of ${
              this.url
            }. Applications that Argo CD hydrates, and branches that were rewritten, have to be reverted by hand.`,
          });
        }
      }
    }
  }

  /**
   * Every file below some folders at a commit.
   *
   * @throws GitOpsError `not-found` when a folder is not there.
   */
  async readFolders(commit: string, folders: string[]): Promise<GitFolder> {
    const { tree } = await this.#readCommit(commit);
    const files = new Map<string, GitFile>();
    for (const folder of folders) {
      let id: string | undefined = tree;
      for (const name of namesOf(folder)) {
        id = (await this.#readTree(id)).find(
          entry => entry.path === name && entry.type === 'tree',
        )?.oid;
        if (id === undefined) {
          throw new GitOpsError({
            kind: 'not-found',
            message: `There is no folder ${folder} at the commit ${commit.slice(
              0,
              7,
            )} of ${this.url}.`,
          });
        }
      }
      await this.#collect(id, namesOf(folder), files);
    }
    return files;
  }

  async readContent(id: string): Promise<Buffer> {
    this.#signal.throwIfAborted();
    const { blob } = await git.readBlob({ ...this.#local, oid: id });
    return Buffer.from(blob);
  }

  /** Stores a content and gives its id. */
  async writeContent(content: Buffer): Promise<string> {
    return git.writeBlob({ ...this.#local, blob: content });
  }

  /** The commit of an action, if it is among the newest of the branch. */
  async findAction(actionId: string): Promise<FoundCommit | undefined> {
    const commits = await git.log({
      ...this.#local,
      ref: this.#head,
      depth: this.#depths[0],
    });
    const found = commits.find(
      ({ commit }) => actionOfMessage(commit.message) === actionId,
    );
    return found && { sha: found.oid, commit: found.commit };
  }

  /** Makes a commit on top of {@link GitClone.head}, without pushing it. */
  async commit(options: {
    changes: PathChange[];
    message: string;
    author: GitIdentity;
    committer: GitIdentity;
    /** Seconds since 1970. */
    timestamp: number;
  }): Promise<FoundCommit> {
    const { changes, message, timestamp } = options;
    const { tree } = await this.#readCommit(this.#head);
    const at = { timestamp, timezoneOffset: 0 };
    const commit: CommitObject = {
      message,
      tree:
        (await this.#writeTree(
          tree,
          changes.map(({ path, file }) => ({ names: namesOf(path), file })),
        )) ?? tree,
      parent: [this.#head],
      author: { ...options.author, ...at },
      committer: { ...options.committer, ...at },
    };
    return { sha: await git.writeCommit({ ...this.#local, commit }), commit };
  }

  /**
   * Pushes a commit that {@link GitClone.commit} made. The server takes it only
   * if the branch is still at what the commit was made on.
   *
   * @throws errors of isomorphic-git when it does not.
   */
  async push(sha: string): Promise<void> {
    this.#signal.throwIfAborted();
    await git.writeRef({
      ...this.#local,
      ref: this.#ref,
      value: sha,
      force: true,
    });
    await git.push({
      ...this.#local,
      http: this.#http,
      url: this.url,
      ref: this.#ref,
      remoteRef: this.#ref,
      force: false,
    });
  }

  /** Whether the branch is at another commit by now. */
  async hasMoved(): Promise<boolean> {
    const refs = await this.#serverRefs(this.#ref);
    return refs.find(({ ref }) => ref === this.#ref)?.oid !== this.#head;
  }

  get #local() {
    return { fs: this.#fs, gitdir: GITDIR, cache: this.#cache };
  }

  get #ref(): string {
    return `refs/heads/${this.branch}`;
  }

  async #expectBranch(): Promise<void> {
    const exists = async (ref: string) =>
      (await this.#serverRefs(ref)).some(one => one.ref === ref);
    if (await exists(this.#ref)) {
      return;
    }
    throw new GitOpsError({
      kind: 'not-found',
      message: (await exists(`refs/tags/${this.branch}`))
        ? `${this.branch} of ${this.url} is a tag, not a branch, so a commit would change nothing. Set an earlier tag in the Argo CD application, as targetRevision.`
        : `There is no branch ${this.branch} in ${this.url}.`,
    });
  }

  #serverRefs(prefix: string): Promise<ServerRef[]> {
    return git.listServerRefs({
      http: this.#http,
      url: this.url,
      prefix,
      protocolVersion: 2,
    });
  }

  /** Fetches the next step of history; `false` when there is no more to fetch. */
  async #fetchMore(): Promise<boolean> {
    if (this.#nextDepth >= this.#depths.length || (await this.#isComplete())) {
      return false;
    }
    this.#signal.throwIfAborted();
    const { fetchHead } = await git.fetch({
      ...this.#local,
      http: this.#http,
      url: this.url,
      ref: this.#ref,
      remoteRef: this.#ref,
      singleBranch: true,
      tags: false,
      depth: this.#depths[this.#nextDepth++],
    });
    this.#signal.throwIfAborted();
    if (!fetchHead) {
      throw new GitOpsError({
        kind: 'unavailable',
        message: `The repository ${this.url} sent no commits.`,
      });
    }
    // What is known already is told to the server by this ref. The head stays the
    // one of the first step: all that is worked out is for one state.
    await git.writeRef({
      ...this.#local,
      ref: this.#ref,
      value: fetchHead,
      force: true,
    });
    this.#head ||= fetchHead;
    return true;
  }

  async #isComplete(): Promise<boolean> {
    if (this.#head === '') {
      return false;
    }
    const shallow = await this.#fs.promises
      .readFile(`${GITDIR}/shallow`, 'utf8')
      .catch(() => '');
    return String(shallow).trim() === '';
  }

  async #hasCommit(sha: string): Promise<boolean> {
    try {
      await this.#readCommit(sha);
      return true;
    } catch (error) {
      if (error instanceof git.Errors.NotFoundError) {
        return false;
      }
      throw error;
    }
  }

  async #readCommit(sha: string): Promise<CommitObject> {
    this.#signal.throwIfAborted();
    return (await git.readCommit({ ...this.#local, oid: sha })).commit;
  }

  async #readTree(id: string): Promise<TreeEntry[]> {
    const known = this.#trees.get(id);
    if (known) {
      return known;
    }
    this.#signal.throwIfAborted();
    const { tree } = await git.readTree({ ...this.#local, oid: id });
    this.#trees.set(id, tree);
    return tree;
  }

  async #collect(
    id: string,
    names: string[],
    into: Map<string, GitFile>,
  ): Promise<void> {
    for (const { path, oid, mode, type } of await this.#readTree(id)) {
      if (type === 'tree') {
        await this.#collect(oid, [...names, path], into);
      } else {
        into.set([...names, path].join('/'), { mode, id: oid });
      }
    }
    if (into.size > MOST_FILES) {
      throw new GitOpsError({
        kind: 'unavailable',
        message: `There are more than ${MOST_FILES} files in ${
          names.join('/') || 'the repository'
        } of ${this.url}, which is more than the portal looks at.`,
      });
    }
  }

  /** `undefined` when nothing is left in it: Git keeps no empty folders. */
  async #writeTree(
    id: string | undefined,
    changes: { names: string[]; file: GitFile | undefined }[],
  ): Promise<string | undefined> {
    const entries = new Map(
      (id === undefined ? [] : await this.#readTree(id)).map(entry => [
        entry.path,
        entry,
      ]),
    );
    if ([...entries.keys()].some(name => name.includes('\uFFFD'))) {
      // The library reads names as UTF-8; to write this back would rename it.
      throw new GitOpsError({
        kind: 'unavailable',
        message: `A file beside those that would change in ${this.url} has a name that is not UTF-8, which the portal cannot write back. Revert by hand.`,
      });
    }
    const below = new Map<string, typeof changes>();
    for (const { names, file } of changes) {
      const [name, ...rest] = names;
      if (rest.length > 0) {
        below.set(name, [...(below.get(name) ?? []), { names: rest, file }]);
      } else if (file) {
        entries.set(name, {
          path: name,
          mode: file.mode,
          oid: file.id,
          type: file.mode === '160000' ? 'commit' : 'blob',
        });
      } else {
        entries.delete(name);
      }
    }
    for (const [name, inner] of below) {
      const before = entries.get(name);
      const oid = await this.#writeTree(
        before?.type === 'tree' ? before.oid : undefined,
        inner,
      );
      if (oid === undefined) {
        entries.delete(name);
      } else {
        entries.set(name, { path: name, mode: '040000', oid, type: 'tree' });
      }
    }
    return entries.size === 0
      ? undefined
      : git.writeTree({ ...this.#local, tree: [...entries.values()] });
  }
}

async function defaultBranch(options: {
  url: string;
  http: HttpClient;
}): Promise<string> {
  const refs = await git.listServerRefs({
    ...options,
    prefix: 'HEAD',
    symrefs: true,
    protocolVersion: 2,
  });
  const target = refs.find(({ ref }) => ref === 'HEAD')?.target;
  if (!target?.startsWith('refs/heads/')) {
    throw new GitOpsError({
      kind: 'not-found',
      message: `The repository ${options.url} has no default branch.`,
    });
  }
  return target.slice('refs/heads/'.length);
}

/** `['a', 'b']` of `./a/b/`; an empty list for the root. */
function namesOf(path: string): string[] {
  return path.split('/').filter(name => name !== '' && name !== '.');
}
