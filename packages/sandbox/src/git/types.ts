/** One branch or tag that moved on the sandbox's Git server. */
export interface GitPush {
  /** Clone URL of the repository, as readers name it. */
  repoUrl: string;
  /** Full ref name, for example `refs/heads/main`. */
  ref: string;
  /** Commit before the push; forty zeros when the ref is new. */
  before: string;
  /** Commit after the push; forty zeros when the ref was deleted. */
  after: string;
}

/** What a reader learns of one commit. */
export interface GitCommit {
  /** `Name <address>`, as Git writes it. */
  author: string;
  /** Committer date, ISO 8601 in UTC with seconds. */
  date: string;
  /** The whole message, without the trailing newline. */
  message: string;
  /** Names of the tags that point at the commit. */
  tags: string[];
}

/**
 * Reads the sandbox's repositories by clone URL, as a deployment system would.
 *
 * Trees are asked for by commit, never by branch, so that an answer can be
 * cached for as long as one likes: a commit does not change.
 */
export interface RepositoryReader {
  /**
   * Full commit sha of a branch, tag, `HEAD` or sha; undefined when the
   * repository has no such revision.
   *
   * @throws NotFoundError when no repository has this clone URL.
   */
  resolveRevision(options: {
    repoUrl: string;
    revision: string;
  }): Promise<string | undefined>;
  /**
   * Every file below `path` ('' or absent = the whole tree) at a commit: path
   * relative to the repository root to text. A path that does not exist gives
   * an empty map, because Git has no empty directories.
   *
   * @throws NotFoundError when the repository or the commit does not exist.
   */
  readFiles(options: {
    repoUrl: string;
    commit: string;
    path?: string;
  }): Promise<Map<string, string>>;
  /**
   * Files that are different in another commit: path to the text there,
   * undefined for a file that is not there.
   *
   * @throws NotFoundError when the repository or a commit does not exist.
   */
  readChanges(options: {
    repoUrl: string;
    from: string;
    to: string;
  }): Promise<Map<string, string | undefined>>;
  /** Author, date, message and tags of a commit; undefined when there is none. */
  readCommit(options: {
    repoUrl: string;
    commit: string;
  }): Promise<GitCommit | undefined>;
  /** Calls back once per moved ref; the returned function stops that. */
  onPush(listener: (push: GitPush) => void): () => void;
}
