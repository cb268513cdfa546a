import { createHash } from 'node:crypto';
import { RepositoryReader } from '../../git/types';
import { FileSource } from '../../kustomize';

/** How many commits of a repository are held in memory. */
const KEPT = 6;

/** All files of a repository at one commit, with a fingerprint of each. */
export interface RepositoryTree extends FileSource {
  readonly commit: string;
  /** Fingerprint of a file's text; undefined when there is no such file. */
  fingerprint(path: string): string | undefined;
  /** Whether any file lies below the folder. */
  hasFolder(path: string): boolean;
}

class MemoryTree implements RepositoryTree {
  readonly commit: string;
  readonly #files: ReadonlyMap<string, string>;
  readonly #fingerprints = new Map<string, string>();
  #folders: Set<string> | undefined;
  #sorted: readonly string[] | undefined;

  constructor(
    commit: string,
    files: ReadonlyMap<string, string>,
    previous: MemoryTree | undefined,
  ) {
    this.commit = commit;
    this.#files = files;
    if (!previous) return;
    for (const [path, fingerprint] of previous.#fingerprints) {
      if (previous.read(path) === files.get(path)) {
        this.#fingerprints.set(path, fingerprint);
      }
    }
  }

  read(path: string): string | undefined {
    return this.#files.get(path);
  }

  list(folder: string): readonly string[] {
    this.#sorted ??= [...this.#files.keys()].sort();
    return folder === ''
      ? this.#sorted
      : this.#sorted.filter(path => path.startsWith(`${folder}/`));
  }

  hasFolder(path: string): boolean {
    this.#folders ??= foldersOf(this.#files.keys());
    return this.#folders.has(path);
  }

  fingerprint(path: string): string | undefined {
    const known = this.#fingerprints.get(path);
    if (known !== undefined) return known;
    const text = this.#files.get(path);
    if (text === undefined) return undefined;
    const fingerprint = createHash('sha1').update(text).digest('base64');
    this.#fingerprints.set(path, fingerprint);
    return fingerprint;
  }
}

/**
 * Trees by repository and commit. A commit in a large repository changes few
 * files, so fingerprints are taken over from the commit read before.
 */
export class RepositoryTrees {
  static create(reader: RepositoryReader): RepositoryTrees {
    return new RepositoryTrees(reader);
  }

  readonly #reader: RepositoryReader;
  readonly #trees = new Map<string, Map<string, Promise<MemoryTree>>>();

  private constructor(reader: RepositoryReader) {
    this.#reader = reader;
  }

  async get(options: {
    repoUrl: string;
    commit: string;
  }): Promise<RepositoryTree> {
    const { repoUrl, commit } = options;
    const trees = this.#trees.get(repoUrl) ?? new Map();
    this.#trees.set(repoUrl, trees);
    const known = trees.get(commit);
    if (known) {
      // The most recently used one moves to the end.
      trees.delete(commit);
      trees.set(commit, known);
      return known;
    }
    const previous = [...trees.values()].pop();
    const loading = this.#load(repoUrl, commit, previous);
    trees.set(commit, loading);
    loading.catch(() => trees.delete(commit));
    for (const old of [...trees.keys()].slice(0, -KEPT)) trees.delete(old);
    return loading;
  }

  async #load(
    repoUrl: string,
    commit: string,
    previous: Promise<MemoryTree> | undefined,
  ): Promise<MemoryTree> {
    const files = await this.#reader.readFiles({ repoUrl, commit });
    const before = await previous?.catch(() => undefined);
    return new MemoryTree(commit, files, before);
  }
}

function foldersOf(paths: Iterable<string>): Set<string> {
  const folders = new Set(['']);
  for (const path of paths) {
    let slash = path.lastIndexOf('/');
    while (slash > 0 && !folders.has(path.slice(0, slash))) {
      folders.add(path.slice(0, slash));
      slash = path.lastIndexOf('/', slash - 1);
    }
  }
  return folders;
}
