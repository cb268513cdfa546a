import { createHash } from 'node:crypto';
import { RepositoryReader } from '../../git/types';
import { FileSource } from '../../kustomize';

/** How many commits of a repository are held in memory. */
const KEPT = 6;
/** Changed files that a tree carries before it is laid out anew. */
const MOST_CHANGES = 2000;

/** All files of a repository at one commit, with a fingerprint of each. */
export interface RepositoryTree extends FileSource {
  readonly commit: string;
  /** Fingerprint of a file's text; undefined when there is no such file. */
  fingerprint(path: string): string | undefined;
  /** Whether any file lies below the folder. */
  hasFolder(path: string): boolean;
}

/** The paths of a tree: shared by all commits that only change texts. */
class Paths {
  readonly #sorted: readonly string[];

  constructor(paths: Iterable<string>) {
    this.#sorted = [...paths].sort();
  }

  below(folder: string): readonly string[] {
    if (folder === '') return this.#sorted;
    const prefix = `${folder}/`;
    const start = this.#firstFrom(prefix);
    let end = start;
    while (this.#sorted[end]?.startsWith(prefix)) end += 1;
    return this.#sorted.slice(start, end);
  }

  hasFolder(folder: string): boolean {
    const prefix = folder === '' ? '' : `${folder}/`;
    return this.#sorted[this.#firstFrom(prefix)]?.startsWith(prefix) ?? false;
  }

  /** Index of the first path that does not come before the text. */
  #firstFrom(text: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#sorted[middle] < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A tree that was read as a whole, with what later commits changed in it. */
class MemoryTree implements RepositoryTree {
  static of(commit: string, files: ReadonlyMap<string, string>): MemoryTree {
    return new MemoryTree(commit, {
      files,
      fingerprints: new Map(),
      changes: new Map(),
      paths: { value: undefined },
    });
  }

  readonly commit: string;
  readonly #parts: TreeParts;

  private constructor(commit: string, parts: TreeParts) {
    this.commit = commit;
    this.#parts = parts;
  }

  /** The tree of another commit, by what is different in it. */
  with(
    commit: string,
    different: ReadonlyMap<string, string | undefined>,
  ): MemoryTree {
    const { files, changes } = this.#parts;
    const isSamePaths = [...different].every(
      ([path, text]) =>
        (text === undefined) === (this.read(path) === undefined),
    );
    const all = new Map([...changes, ...different]);
    if (all.size > MOST_CHANGES) {
      const whole = new Map(files);
      for (const [path, text] of all) {
        if (text === undefined) whole.delete(path);
        else whole.set(path, text);
      }
      return MemoryTree.of(commit, whole);
    }
    return new MemoryTree(commit, {
      ...this.#parts,
      changes: all,
      paths: isSamePaths ? this.#parts.paths : { value: undefined },
    });
  }

  read(path: string): string | undefined {
    const { files, changes } = this.#parts;
    return changes.has(path) ? changes.get(path) : files.get(path);
  }

  list(folder: string): readonly string[] {
    return this.#paths().below(folder);
  }

  hasFolder(path: string): boolean {
    return this.#paths().hasFolder(path);
  }

  fingerprint(path: string): string | undefined {
    const { changes, fingerprints } = this.#parts;
    const isChanged = changes.has(path);
    const known = isChanged ? undefined : fingerprints.get(path);
    if (known !== undefined) return known;
    const text = this.read(path);
    if (text === undefined) return undefined;
    const fingerprint = createHash('sha1').update(text).digest('base64');
    if (!isChanged) fingerprints.set(path, fingerprint);
    return fingerprint;
  }

  #paths(): Paths {
    const { files, changes, paths } = this.#parts;
    paths.value ??= new Paths(
      [...new Set([...files.keys(), ...changes.keys()])].filter(
        path => this.read(path) !== undefined,
      ),
    );
    return paths.value;
  }
}

/** What trees share with those that they were made from. */
interface TreeParts {
  readonly files: ReadonlyMap<string, string>;
  /** Of `files`, without the changes. */
  readonly fingerprints: Map<string, string>;
  /** Against `files`; undefined for a file that is gone. */
  readonly changes: ReadonlyMap<string, string | undefined>;
  /** Made when somebody asks. */
  readonly paths: { value: Paths | undefined };
}

/**
 * Trees by repository and commit. A commit in a large repository changes few
 * files, so only the first one is read whole; of every other one, what is
 * different from the one used before it.
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
    const before = await previous?.catch(() => undefined);
    if (!before) {
      const files = await this.#reader.readFiles({ repoUrl, commit });
      return MemoryTree.of(commit, files);
    }
    const different = await this.#reader.readChanges({
      repoUrl,
      from: before.commit,
      to: commit,
    });
    return before.with(commit, different);
  }
}
