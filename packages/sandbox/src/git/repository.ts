import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConflictError, NotFoundError } from '@backstage/errors';
import { GitError, runGit } from './runGit';
import type { GitCommit } from './types';

/** Who a commit is by. */
export interface Signature {
  readonly name: string;
  readonly email: string;
}

/** One commit to write. */
export interface NewCommit {
  readonly author: Signature;
  readonly message: string;
  readonly date: Date;
  /** Path to new text; undefined removes the file. */
  readonly files: ReadonlyMap<string, string | undefined>;
}

/** The branch that everything of the sandbox follows. */
export const MAIN = 'refs/heads/main';

/** The sha that Git writes for "there is none". */
export const NO_COMMIT = '0'.repeat(40);

/**
 * Run by Git after a push; the server names the file to report to. A push by
 * file path has no server behind it and reports nothing.
 */
const postReceiveHook = `#!/bin/sh
if [ -n "$SLIPWAY_PUSHES" ]; then
  cat >> "$SLIPWAY_PUSHES"
fi
`;

/** A bare repository on disk. */
export class BareRepository {
  /** Opens the repository, after making it where there is none. */
  static async open(options: {
    /** `owner/name`. */
    name: string;
    directory: string;
    configFile: string;
  }): Promise<{ repository: BareRepository; isNew: boolean }> {
    const repository = new BareRepository(options);
    const isNew = !(await exists(join(options.directory, 'HEAD')));
    if (isNew) {
      await mkdir(options.directory, { recursive: true });
      await repository.#git([
        'init',
        '--bare',
        '--quiet',
        '--template=',
        '-b',
        'main',
        '.',
      ]);
    }
    const hooks = join(options.directory, 'hooks');
    await mkdir(hooks, { recursive: true });
    await writeFile(join(hooks, 'post-receive'), postReceiveHook, {
      mode: 0o755,
    });
    // A first start that was cut short leaves a repository without commits.
    const hasCommits = (await repository.resolve(MAIN)) !== undefined;
    return { repository, isNew: !hasCommits };
  }

  readonly name: string;
  readonly directory: string;
  readonly #configFile: string;
  /** Questions under way, so that many askers start one process. */
  readonly #resolving = new Map<string, Promise<string | undefined>>();
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(options: {
    name: string;
    directory: string;
    configFile: string;
  }) {
    this.name = options.name;
    this.directory = options.directory;
    this.#configFile = options.configFile;
  }

  /** Full sha of the commit that a branch, tag, `HEAD` or sha names. */
  resolve(revision: string): Promise<string | undefined> {
    const asked = this.#resolving.get(revision);
    if (asked) {
      return asked;
    }
    const answer = this.#resolve(revision).finally(() =>
      this.#resolving.delete(revision),
    );
    this.#resolving.set(revision, answer);
    return answer;
  }

  /**
   * Every file below a path at a commit.
   *
   * @throws NotFoundError when there is no such commit.
   */
  async readFiles(options: {
    commit: string;
    path?: string;
  }): Promise<Map<string, string>> {
    const path = (options.path ?? '').replace(/^\.?\/+|\/+$/g, '');
    const entries = await this.#listTree({ commit: options.commit, path });
    const blobs = await this.#readBlobs(entries.map(({ sha }) => sha));
    return new Map(
      entries.map(({ path: file, sha }) => [file, blobs.get(sha) ?? '']),
    );
  }

  /**
   * Files of a commit that are different from those of another: path to text,
   * undefined for a file that is gone.
   *
   * @throws NotFoundError when one of the commits does not exist.
   */
  async readChanges(options: {
    from: string;
    to: string;
  }): Promise<Map<string, string | undefined>> {
    const { from, to } = options;
    const output = await this.#ofCommit(
      ['diff-tree', '-r', '-z', '--raw', '--no-renames', from, to],
      `${from} or ${to}`,
    );
    const changes = parseChanges(output);
    const blobs = await this.#readBlobs(
      changes.flatMap(({ sha }) => sha ?? []),
    );
    return new Map(
      changes.map(({ path, sha }) => [
        path,
        sha === undefined ? undefined : blobs.get(sha) ?? '',
      ]),
    );
  }

  /** Author, date, message and tags of a commit. */
  async readCommit(commit: string): Promise<GitCommit | undefined> {
    const sha = await this.resolve(commit);
    if (!sha) {
      return undefined;
    }
    const [description, tags] = await Promise.all([
      this.#git(['show', '--no-patch', '--format=%an <%ae>%n%ct%n%B', sha]),
      this.#git([
        'for-each-ref',
        `--points-at=${sha}`,
        '--format=%(refname:short)',
        'refs/tags',
      ]),
    ]);
    const [author, seconds, ...message] = description
      .toString('utf8')
      .split('\n');
    return {
      author,
      date: isoSeconds(new Date(Number(seconds) * 1000)),
      message: message.join('\n').trimEnd(),
      tags: lines(tags),
    };
  }

  /** One file at a commit with its blob sha; undefined when there is none. */
  async readFile(options: {
    commit: string;
    path: string;
  }): Promise<{ sha: string; content: Buffer } | undefined> {
    const entries = await this.#listTree(options);
    const entry = entries.find(candidate => candidate.path === options.path);
    if (!entry) {
      return undefined;
    }
    const content = await this.#git(['cat-file', 'blob', entry.sha]);
    return { sha: entry.sha, content };
  }

  /** Names directly below a folder at a commit. */
  async list(options: {
    commit: string;
    path: string;
  }): Promise<{ name: string; type: 'file' | 'dir'; sha: string }[]> {
    const prefix = options.path === '' ? [] : ['--', `${options.path}/`];
    const output = await this.#git([
      'ls-tree',
      '-z',
      '--full-tree',
      options.commit,
      ...prefix,
    ]);
    return parseTree(output).map(entry => ({
      name: entry.path.split('/').at(-1) ?? entry.path,
      type: entry.type === 'tree' ? 'dir' : 'file',
      sha: entry.sha,
    }));
  }

  /** A tree as a compressed archive whose files stand below one folder. */
  async archive(options: { commit: string; folder: string }): Promise<Buffer> {
    return this.#git([
      'archive',
      '--format=tar.gz',
      `--prefix=${options.folder}/`,
      options.commit,
    ]);
  }

  /**
   * Adds a commit to `main` and gives its sha.
   *
   * @throws ConflictError when somebody else pushed at the same moment.
   */
  async commit(commit: NewCommit): Promise<{ before: string; after: string }> {
    return this.#oneByOne(async () => {
      const before = await this.#resolve(MAIN);
      try {
        await this.import([commit], { from: before });
      } catch (error) {
        if (error instanceof GitError && /not updating/i.test(error.stderr)) {
          throw new ConflictError(
            `Somebody pushed to ${this.name} at the same moment; try again`,
            error,
          );
        }
        throw error;
      }
      const after = await this.#resolve(MAIN);
      if (!after) {
        throw new NotFoundError(`${this.name} has no branch main`);
      }
      return { before: before ?? NO_COMMIT, after };
    });
  }

  /** Writes many commits to `main` in one go, each on top of the one before. */
  async import(
    commits: readonly NewCommit[],
    options?: { from?: string },
  ): Promise<void> {
    await this.#git(
      ['fast-import', '--quiet', '--date-format=raw'],
      inBatches(fastImportStream({ commits, from: options?.from })),
    );
  }

  /**
   * Commits that touched each file, oldest first; the first commit of the
   * repository counts for every file and is given apart.
   */
  async history(): Promise<{
    first: string;
    byFile: Map<string, { commit: string; date: string }[]>;
    firstDate: string;
  }> {
    const [roots, log] = await Promise.all([
      this.#git(['log', '--max-parents=0', '--format=%H %ct', MAIN]),
      this.#git([
        'log',
        '--reverse',
        '--min-parents=1',
        '--name-only',
        '--format=%x00%H %ct',
        MAIN,
      ]),
    ]);
    const [first, firstSeconds] = lines(roots)[0].split(' ');
    const byFile = new Map<string, { commit: string; date: string }[]>();
    for (const entry of log.toString('utf8').split('\0').slice(1)) {
      const [head, ...files] = entry.split('\n').filter(line => line !== '');
      const [commit, seconds] = head.split(' ');
      for (const file of files) {
        const date = isoSeconds(new Date(Number(seconds) * 1000));
        byFile.set(file, [...(byFile.get(file) ?? []), { commit, date }]);
      }
    }
    return {
      first,
      firstDate: isoSeconds(new Date(Number(firstSeconds) * 1000)),
      byFile,
    };
  }

  async #resolve(revision: string): Promise<string | undefined> {
    try {
      const output = await this.#git([
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        `${revision}^{commit}`,
      ]);
      return lines(output).at(-1);
    } catch (error) {
      if (error instanceof GitError) {
        return undefined;
      }
      throw error;
    }
  }

  async #listTree(options: {
    commit: string;
    path: string;
  }): Promise<TreeEntry[]> {
    const { commit, path } = options;
    const output = await this.#ofCommit(
      [
        'ls-tree',
        '-r',
        '-z',
        '--full-tree',
        commit,
        ...(path === '' ? [] : ['--', path]),
      ],
      commit,
    );
    return parseTree(output).filter(entry => entry.type === 'blob');
  }

  /** Runs a command that fails when there is no such commit. */
  async #ofCommit(args: readonly string[], commit: string): Promise<Buffer> {
    try {
      return await this.#git(args);
    } catch (error) {
      if (error instanceof GitError) {
        throw new NotFoundError(`${this.name} has no commit ${commit}`, error);
      }
      throw error;
    }
  }

  async #readBlobs(shas: readonly string[]): Promise<Map<string, string>> {
    if (shas.length === 0) {
      return new Map();
    }
    const output = await this.#git(
      ['cat-file', '--batch', '--buffer'],
      `${[...new Set(shas)].join('\n')}\n`,
    );
    return parseBatch(output);
  }

  #git(
    args: readonly string[],
    input?: string | Iterable<string>,
  ): Promise<Buffer> {
    return runGit({
      args,
      input,
      directory: this.directory,
      configFile: this.#configFile,
    });
  }

  #oneByOne<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(task, task);
    this.#writing = result.catch(() => undefined);
    return result;
  }
}

interface TreeEntry {
  readonly type: string;
  readonly sha: string;
  readonly path: string;
}

/** Reads `ls-tree -z`: `<mode> <type> <sha>\t<path>\0`. */
function parseTree(output: Buffer): TreeEntry[] {
  return output
    .toString('utf8')
    .split('\0')
    .filter(line => line !== '')
    .map(line => {
      const tab = line.indexOf('\t');
      const [, type, sha] = line.slice(0, tab).split(' ');
      return { type, sha, path: line.slice(tab + 1) };
    });
}

/** Modes of Git that stand for a file; submodules are left out. */
const FILE_MODE = /^1[02]/;

/**
 * Reads `diff-tree -z --raw`: `:<mode> <mode> <sha> <sha> <status>\0<path>\0`.
 */
function parseChanges(
  output: Buffer,
): { readonly path: string; readonly sha: string | undefined }[] {
  const parts = output.toString('utf8').split('\0');
  const changes: { path: string; sha: string | undefined }[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [, mode, , sha] = parts[index].split(' ');
    changes.push({
      path: parts[index + 1],
      sha: FILE_MODE.test(mode) ? sha : undefined,
    });
  }
  return changes;
}

/** Reads `cat-file --batch`: `<sha> blob <size>\n<content>\n`. */
function parseBatch(output: Buffer): Map<string, string> {
  const blobs = new Map<string, string>();
  let offset = 0;
  while (offset < output.length) {
    const end = output.indexOf(10, offset);
    const [sha, , size] = output.toString('utf8', offset, end).split(' ');
    const start = end + 1;
    const stop = start + Number(size);
    blobs.set(sha, output.toString('utf8', start, stop));
    offset = stop + 1;
  }
  return blobs;
}

/** How much text is handed to a pipe at once. */
const BATCH_LENGTH = 256 * 1024;

/** Joins small pieces: a stream spends more on each piece than on its text. */
function* inBatches(pieces: Iterable<string>): Generator<string> {
  let batch = '';
  for (const piece of pieces) {
    batch += piece;
    if (batch.length >= BATCH_LENGTH) {
      yield batch;
      batch = '';
    }
  }
  yield batch;
}

function* fastImportStream(options: {
  commits: readonly NewCommit[];
  from?: string;
}): Generator<string> {
  let parent = options.from;
  for (const commit of options.commits) {
    const who = `${commit.author.name} <${commit.author.email}>`;
    const when = `${Math.floor(commit.date.getTime() / 1000)} +0000`;
    yield `commit ${MAIN}\nauthor ${who} ${when}\ncommitter ${who} ${when}\n`;
    yield data(commit.message);
    if (parent) {
      yield `from ${parent}\n`;
      parent = undefined;
    }
    for (const [path, text] of commit.files) {
      if (text === undefined) {
        yield `D ${quoted(path)}\n`;
      } else {
        yield `M 100644 inline ${quoted(path)}\n${data(text)}`;
      }
    }
    yield '\n';
  }
  yield 'done\n';
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function quoted(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

function lines(output: Buffer): string[] {
  return output
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '');
}

function isoSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
