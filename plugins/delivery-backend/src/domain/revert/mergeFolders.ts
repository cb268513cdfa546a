import { mergeText } from './mergeText';

/** A file in a commit: what Git has in a tree. */
export type GitFile = {
  /** Such as `100644`, `100755`, `120000` (a link) and `160000` (a submodule). */
  mode: string;
  /** Id of its content: equal for equal contents. */
  id: string;
};

/** Every file below some folders at a commit, by path in the repository. */
export type GitFolder = ReadonlyMap<string, GitFile>;

/** Three states of the same folders. */
export type ThreeFolders = {
  /** With the release that is taken back. */
  base: GitFolder;
  /** With the release that is put back. */
  theirs: GitFolder;
  /** As the branch is now. */
  ours: GitFolder;
};

/** A file that a merge changes. Absent before: it is added; after: deleted. */
export type MergedFile = {
  path: string;
  before?: GitFile;
  after?: { mode: string; id: string } | { mode: string; content: Buffer };
};

/** What a merge of folders comes to. */
export type FolderMerge = {
  /** In the order of their paths. */
  files: MergedFile[];
  /** Paths that were changed on both sides and could not be merged. */
  conflicts: string[];
};

/** Paths that differ between the releases: only these can change. */
export function differingPaths({
  base,
  theirs,
}: Pick<ThreeFolders, 'base' | 'theirs'>): string[] {
  return [...new Set([...base.keys(), ...theirs.keys()])]
    .filter(path => !sameFile(base.get(path), theirs.get(path)))
    .sort();
}

/** Ids of the contents that {@link mergeFolders} must be given. */
export function contentsToMerge(folders: ThreeFolders): Set<string> {
  const ids = new Set<string>();
  for (const path of differingPaths(folders)) {
    const [base, theirs, ours] = sidesOf(folders, path);
    if (base && theirs && ours && needsLines({ base, theirs, ours })) {
      [base, theirs, ours].forEach(({ id }) => ids.add(id));
    }
  }
  return ids;
}

/**
 * Does to the branch what leads from one release back to the other. A file that
 * nobody changed since becomes what it was, byte for byte; one that was changed
 * is merged by lines. What does not differ between the releases is never touched.
 */
export function mergeFolders(
  options: ThreeFolders & {
    /** By id: those of {@link contentsToMerge}. */
    contents: ReadonlyMap<string, Buffer>;
  },
): FolderMerge {
  const files: MergedFile[] = [];
  const conflicts: string[] = [];
  for (const path of differingPaths(options)) {
    const [base, theirs, ours] = sidesOf(options, path);
    if (sameFile(ours, theirs)) {
      continue;
    }
    const after = sameFile(ours, base)
      ? { file: theirs }
      : mergeFile({ base, theirs, ours, contents: options.contents });
    if (!after) {
      conflicts.push(path);
      continue;
    }
    files.push({
      path,
      ...(ours && { before: ours }),
      ...(after.file && { after: after.file }),
    });
  }
  return {
    files,
    conflicts: [...conflicts, ...clashes(options.ours, files)].sort(),
  };
}

function sidesOf(
  { base, theirs, ours }: ThreeFolders,
  path: string,
): [GitFile | undefined, GitFile | undefined, GitFile | undefined] {
  return [base.get(path), theirs.get(path), ours.get(path)];
}

type Sides = { base: GitFile; theirs: GitFile; ours: GitFile };

/** `undefined` when it cannot be merged. */
function mergeFile(options: {
  base: GitFile | undefined;
  theirs: GitFile | undefined;
  ours: GitFile | undefined;
  contents: ReadonlyMap<string, Buffer>;
}): { file: NonNullable<MergedFile['after']> } | undefined {
  const { base, theirs, ours, contents } = options;
  if (!base || !theirs || !ours) {
    // Added, or deleted, on one side, and changed on the other.
    return undefined;
  }
  const mode = choose(base.mode, theirs.mode, ours.mode);
  const id = choose(base.id, theirs.id, ours.id);
  if (mode === undefined) {
    return undefined;
  }
  if (id !== undefined) {
    return { file: { mode, id } };
  }
  if (!needsLines({ base, theirs, ours })) {
    return undefined;
  }
  const [b, t, o] = [base, theirs, ours].map(side => contents.get(side.id));
  if (!b || !t || !o) {
    throw new TypeError('The contents that are to be merged must be given');
  }
  const content = mergeText({ base: b, theirs: t, ours: o });
  return content && { file: { mode, content } };
}

/** The value that only one side changed; `undefined` when both did. */
function choose(
  base: string,
  theirs: string,
  ours: string,
): string | undefined {
  if (ours === base || ours === theirs) {
    return theirs;
  }
  return base === theirs ? ours : undefined;
}

/** Whether all contents differ, and are of regular files. */
function needsLines({ base, theirs, ours }: Sides): boolean {
  return (
    choose(base.id, theirs.id, ours.id) === undefined &&
    [base, theirs, ours].every(({ mode }) => mode.startsWith('100'))
  );
}

/** Files that would be added where a folder is now, or below what is a file. */
function clashes(ours: GitFolder, files: MergedFile[]): string[] {
  const added = files.filter(({ before, after }) => !before && after);
  if (added.length === 0) {
    return [];
  }
  const paths = new Set(ours.keys());
  for (const { path, before, after } of files) {
    if (before && !after) {
      paths.delete(path);
    }
  }
  const folders = new Set([...paths].flatMap(foldersOf));
  return added
    .map(({ path }) => path)
    .filter(
      path =>
        folders.has(path) || foldersOf(path).some(folder => paths.has(folder)),
    );
}

/** `a` and `a/b` of `a/b/c`. */
function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

function sameFile(a: GitFile | undefined, b: GitFile | undefined): boolean {
  return a?.mode === b?.mode && a?.id === b?.id;
}
