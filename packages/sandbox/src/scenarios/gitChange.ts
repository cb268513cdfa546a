import { NotFoundError } from '@backstage/errors';
import { z } from 'zod';
import { parseDocument } from 'yaml';
import type { Person } from '../model';
import { overlayPath } from '../content';
import type { Place } from './applications';
import type { ScenarioContext } from './types';

/** How to take a change of one file back. */
export const gitUndo = z.object({
  repository: z.string(),
  path: z.string(),
  /** The file before; absent when there was none. */
  before: z.string().optional(),
  /** The file after; absent when it was removed. */
  after: z.string().optional(),
  title: z.string(),
});

/** See {@link gitUndo}. */
export type GitUndo = z.output<typeof gitUndo>;

/** Author of what no person would have written. */
const sandboxItself = {
  name: 'Slipway sandbox',
  email: 'sandbox@slipway.example',
};

/**
 * Changes one file in a commit of its own.
 *
 * @throws NotFoundError when the file does not exist.
 */
export async function changeFile(options: {
  context: ScenarioContext;
  repository: string;
  path: string;
  author: Person;
  title: string;
  /** New text; undefined removes the file. */
  change: (before: string) => string | undefined;
}): Promise<{ undo: GitUndo; commit: string }> {
  const { context, repository, path, author, title, change } = options;
  const before = await readFile({ context, repository, path });
  if (before === undefined) {
    throw new NotFoundError(
      `${path} is not in ${repository}; run the scenario 'restore' or start with --fresh`,
    );
  }
  const after = change(before);
  const { after: commit } = await context.git.commit({
    repository,
    commit: {
      author: { name: author.displayName, email: author.email },
      message: title,
      date: context.clock.now(),
      files: new Map([[path, after]]),
    },
  });
  return { undo: { repository, path, before, after, title }, commit };
}

/**
 * Takes a change back in a commit, unless somebody changed the file since:
 * their work is worth more than a tidy sandbox.
 */
export async function revertFile(options: {
  context: ScenarioContext;
  undo: GitUndo;
}): Promise<void> {
  const { context, undo } = options;
  const { repository, path } = undo;
  const now = await readFile({ context, repository, path });
  if (now !== undo.after) {
    return;
  }
  await context.git.commit({
    repository,
    commit: {
      author: sandboxItself,
      message: `Revert "${undo.title}"`,
      date: context.clock.now(),
      files: new Map([[path, undo.before]]),
    },
  });
}

/** Lets an overlay ask for another image tag, keeping the file's layout. */
export async function changeTag(options: {
  context: ScenarioContext;
  place: Place;
  author: Person;
  tagAfter: (tag: string) => string;
}): Promise<{ undo: GitUndo; commit: string; tag: string }> {
  const { context, place, author, tagAfter } = options;
  const path = `${overlayPath(
    place.service,
    place.environment,
  )}/kustomization.yaml`;
  const { repository } = place.platform;
  const text = await readFile({ context, repository, path });
  const tag = tagAfter(currentTag(text ?? ''));
  const changed = await changeFile({
    context,
    repository,
    path,
    author,
    title: `Release ${place.service.name} ${tag} to ${place.environment.id}`,
    change: before => {
      const document = parseDocument(before);
      document.setIn(['images', 0, 'newTag'], tag);
      // The digest belongs to the old release, and nobody built the new one.
      document.deleteIn(['images', 0, 'digest']);
      return document.toString({ lineWidth: 0 });
    },
  });
  return { ...changed, tag };
}

function currentTag(kustomization: string): string {
  const tag = parseDocument(kustomization).getIn(['images', 0, 'newTag']);
  return typeof tag === 'string' ? tag : 'v0.0.0';
}

/** Whether a repository has a file. */
export async function hasFile(options: {
  context: ScenarioContext;
  repository: string;
  path: string;
}): Promise<boolean> {
  return (await readFile(options)) !== undefined;
}

async function readFile(options: {
  context: ScenarioContext;
  repository: string;
  path: string;
}): Promise<string | undefined> {
  const repository = options.context.git.repository(options.repository);
  const commit = await repository.resolve('main');
  const file =
    commit && (await repository.readFile({ commit, path: options.path }));
  return file ? file.content.toString('utf8') : undefined;
}
