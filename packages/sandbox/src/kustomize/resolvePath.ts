import { posix } from 'node:path';
import { UnsupportedKustomizationError } from './errors';

/**
 * Resolves an entry of a kustomization against its folder.
 *
 * @throws UnsupportedKustomizationError for remote bases, absolute paths and
 *   paths that leave the repository: none of them is rendered.
 */
export function resolvePath(options: {
  folder: string;
  entry: string;
  file: string;
  field: string;
}): string {
  const { folder, entry, file, field } = options;
  if (/^[a-z+]+:\/\/|^git@|\?ref=|^github\.com\//i.test(entry)) {
    throw new UnsupportedKustomizationError({
      file,
      field,
      reason: `remote source ${entry} is not supported`,
    });
  }
  const path = posix.normalize(posix.join(folder, entry)).replace(/\/$/, '');
  if (entry === '' || entry.startsWith('/') || /^\.\.(?:\/|$)/.test(path)) {
    throw new UnsupportedKustomizationError({
      file,
      field,
      reason: `"${entry}" leaves the repository`,
    });
  }
  return path === '.' ? '' : path;
}
