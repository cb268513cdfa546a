import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, STAMPS } from './paths.mjs';

const IGNORED = new Set([
  'node_modules',
  'dist',
  'dist-types',
  'coverage',
  '.git',
]);

/** @param {string} path @returns {string[]} every file below it, sorted */
function filesBelow(path) {
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => !IGNORED.has(entry.name))
    .flatMap(entry =>
      entry.isDirectory()
        ? filesBelow(join(path, entry.name))
        : [join(path, entry.name)],
    )
    .sort();
}

/** The folders of the workspaces. */
export function workspaceFolders() {
  return ['packages', 'plugins'].flatMap(group =>
    readdirSync(join(ROOT, group), { withFileTypes: true })
      .filter(
        entry =>
          entry.isDirectory() &&
          existsSync(join(ROOT, group, entry.name, 'package.json')),
      )
      .map(entry => join(ROOT, group, entry.name)),
  );
}

/**
 * A hash over the contents of files and folders.
 *
 * @param {string[]} paths absolute; a missing one counts as absent
 */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    if (!existsSync(path)) {
      hash.update(`${relative(ROOT, path)}\0absent\0`);
      continue;
    }
    const files = isFolder(path) ? filesBelow(path) : [path];
    for (const file of files) {
      hash.update(`${relative(ROOT, file)}\0`);
      hash.update(readFileSync(file));
      hash.update('\0');
    }
  }
  return hash.digest('hex');
}

/** @param {string} path */
function isFolder(path) {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Remembers that something was made from a state of files, so that it is made
 * again only when they change.
 *
 * @param {string} name
 */
export function stamp(name) {
  const file = join(STAMPS, name);
  return {
    /** @param {string} value */
    matches(value) {
      return existsSync(file) && readFileSync(file, 'utf8') === value;
    },
    /** @param {string} value */
    set(value) {
      mkdirSync(STAMPS, { recursive: true });
      writeFileSync(file, value);
    },
    clear() {
      rmSync(file, { force: true });
    },
  };
}
