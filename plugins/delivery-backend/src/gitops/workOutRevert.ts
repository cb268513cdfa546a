import { createHash } from 'node:crypto';
import { FileChange, Release } from '@slipway/plugin-delivery-common';
import { canonicalJson } from '../domain/canonicalJson';
import {
  askForSameImages,
  imageFields,
  mayAskForImages,
  stillAsksForTaken,
} from '../domain/revert/imageFields';
import {
  contentsToMerge,
  differingPaths,
  GitFile,
  GitFolder,
  MergedFile,
  mergeFolders,
  ThreeFolders,
} from '../domain/revert/mergeFolders';
import { releasePutBack } from '../domain/revert/releasePutBack';
import { PatchSide, unifiedPatch } from '../domain/revert/unifiedPatch';
import { GitClone, PathChange } from './GitClone';
import { GitOpsError } from './GitOpsError';
import { RevertDraft, RevertRequest } from './RevertWriter';

/** A draft, with what it writes. */
export type WorkedOutRevert = { draft: RevertDraft; changes: PathChange[] };

/**
 * Works out on a clone what a revert writes.
 *
 * @throws GitOpsError
 */
export async function workOutRevert(
  clone: GitClone,
  request: RevertRequest,
): Promise<WorkedOutRevert> {
  const { paths, taken, back } = request;
  await clone.reach([taken, back]);
  const folders: ThreeFolders = {
    base: await clone.readFolders(taken, paths),
    theirs: await clone.readFolders(back, paths),
    ours: await clone.readFolders(clone.head, paths),
  };
  if (folders.theirs.size === 0) {
    // To put this back would delete the application.
    throw new GitOpsError({
      kind: 'not-found',
      message: `There is no file in ${paths.join(
        ' and ',
      )} at the commit ${back.slice(0, 7)} of ${clone.url}.`,
    });
  }
  const read = contentReader(clone);
  const contents = new Map<string, Buffer>();
  for (const id of contentsToMerge(folders)) {
    contents.set(id, await read({ mode: '100644', id }));
  }
  const merge = mergeFolders({ ...folders, contents });
  const conflicts = new Set(merge.conflicts);
  const files: FileChange[] = [];
  const changes: PathChange[] = [];
  const fingerprints: unknown[] = [];
  for (const file of merge.files) {
    const after = await stored(clone, file);
    const sides = {
      before: file.before && (await sideOf(file.before, read)),
      after: after && (await sideOf(after, read)),
    };
    if (
      await isStillTaken({
        folders,
        path: file.path,
        merged: sides.after,
        read,
      })
    ) {
      conflicts.add(file.path);
    }
    files.push({
      path: file.path,
      change: changeOf(file),
      patch: unifiedPatch({ path: file.path, ...sides }),
    });
    changes.push({ path: file.path, file: after });
    fingerprints.push({ path: file.path, before: file.before, after });
  }
  const inConflict = conflicts.size > 0;
  const draft: RevertDraft = {
    repository: clone.url,
    branch: clone.branch,
    head: clone.head,
    files: inConflict ? [] : files,
    conflicts: [...conflicts].sort(),
    between: await whatLiesBetween(folders, read),
    ...(await whatComesBack(folders, read)),
    fingerprint: createHash('sha256')
      .update(
        canonicalJson({
          repository: clone.url,
          branch: clone.branch,
          conflicts: [...conflicts].sort(),
          files: fingerprints,
        }),
      )
      .digest('hex'),
  };
  return { draft, changes: inConflict ? [] : changes };
}

type ReadContent = (file: GitFile) => Promise<Buffer>;

/** Reads each content once. A submodule has none but the commit it names. */
function contentReader(clone: GitClone): ReadContent {
  const known = new Map<string, Buffer>();
  return async ({ mode, id }) => {
    if (mode === '160000') {
      return Buffer.from(`Subproject commit ${id}\n`);
    }
    const content = known.get(id) ?? (await clone.readContent(id));
    known.set(id, content);
    return content;
  };
}

async function stored(
  clone: GitClone,
  { after }: MergedFile,
): Promise<GitFile | undefined> {
  return after && 'content' in after
    ? { mode: after.mode, id: await clone.writeContent(after.content) }
    : after;
}

async function sideOf(file: GitFile, read: ReadContent): Promise<PatchSide> {
  return { mode: file.mode, content: await read(file) };
}

function changeOf({ before, after }: MergedFile): FileChange['change'] {
  if (!before) {
    return 'add';
  }
  return after ? 'modify' : 'delete';
}

async function isStillTaken(options: {
  folders: ThreeFolders;
  path: string;
  merged: PatchSide | undefined;
  read: ReadContent;
}): Promise<boolean> {
  const { folders, path, merged, read } = options;
  if (!mayAskForImages(path) || !merged) {
    return false;
  }
  const [base, theirs] = [folders.base.get(path), folders.theirs.get(path)];
  return stillAsksForTaken({
    base: base && (await read(base)),
    theirs: theirs && (await read(theirs)),
    merged: merged.content,
  });
}

async function whatLiesBetween(
  folders: Pick<ThreeFolders, 'base' | 'theirs'>,
  read: ReadContent,
): Promise<RevertDraft['between']> {
  const differing = differingPaths(folders);
  if (differing.length === 0) {
    return 'nothing';
  }
  for (const path of differing.filter(mayAskForImages)) {
    const [base, theirs] = [folders.base.get(path), folders.theirs.get(path)];
    const same = askForSameImages(
      base && (await read(base)),
      theirs && (await read(theirs)),
    );
    if (same !== true) {
      return 'images';
    }
  }
  // Where nothing can be read, as of a chart, nothing is known to be the same.
  return (await asksForAnyImage(folders.theirs, read))
    ? 'configuration'
    : 'images';
}

/** The release that comes back, where the folders say it in one place. */
async function whatComesBack(
  folders: Pick<ThreeFolders, 'base' | 'theirs'>,
  read: ReadContent,
): Promise<Pick<RevertDraft, 'putsBack'>> {
  const found: Pick<Release, 'tag' | 'digest'>[] = [];
  for (const path of differingPaths(folders).filter(mayAskForImages)) {
    const [base, theirs] = [folders.base.get(path), folders.theirs.get(path)];
    const release = releasePutBack({
      base: base && (await read(base)),
      theirs: theirs && (await read(theirs)),
    });
    found.push(...(release ? [release] : []));
  }
  return found.length === 1 ? { putsBack: found[0] } : {};
}

async function asksForAnyImage(
  folder: GitFolder,
  read: ReadContent,
): Promise<boolean> {
  for (const [path, file] of folder) {
    if (mayAskForImages(path) && file.mode.startsWith('100')) {
      const fields = imageFields(await read(file));
      if (fields && fields.size > 0) {
        return true;
      }
    }
  }
  return false;
}
