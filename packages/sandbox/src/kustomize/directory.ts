import { posix } from 'node:path';
import { UnsupportedKustomizationError } from './errors';
import { KubernetesObject } from './objects';
import { parseObjects } from './parseObjects';
import { FileSource } from './source';

/** What `spec.source.directory` of an Application may say here. */
export interface DirectoryOptions {
  readonly recurse?: boolean;
  /** Glob of file paths below the folder, with `{a,b}`, `*` and `**`. */
  readonly include?: string;
  readonly exclude?: string;
}

/**
 * Reads a folder of plain manifests as an Argo CD "Directory" source does:
 * every `.yaml`, `.yml` and `.json` file, sub-folders only with `recurse`.
 *
 * @throws UnsupportedKustomizationError
 */
export function renderDirectory(options: {
  files: FileSource;
  path: string;
  directory?: DirectoryOptions;
}): KubernetesObject[] {
  const { files, path, directory = {} } = options;
  const include = directory.include
    ? globToRegExp(directory.include)
    : undefined;
  const exclude = directory.exclude
    ? globToRegExp(directory.exclude)
    : undefined;
  return files.list(path).flatMap(file => {
    const relative = path === '' ? file : file.slice(path.length + 1);
    if (!/\.(?:ya?ml|json)$/.test(file)) return [];
    if (!directory.recurse && relative.includes('/')) return [];
    if (include && !include.test(relative)) return [];
    if (exclude?.test(relative)) return [];
    if (/^kustomization\.ya?ml$/.test(posix.basename(file))) {
      throw new UnsupportedKustomizationError({
        file,
        reason: 'a kustomization lies in a folder of plain manifests',
      });
    }
    return parseObjects({
      text: files.read(file) ?? '',
      file,
      oldBooleans: 'refuse',
    });
  });
}

/** Glob of Argo CD (`gobwas/glob` with `/` as separator) as an expression. */
function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/\*\*|[*?{},]|[.+^$()|[\]\\]/g, part => {
    switch (part) {
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      case '{':
        return '(?:';
      case '}':
        return ')';
      case ',':
        return glob.includes('{') ? '|' : ',';
      default:
        return `\\${part}`;
    }
  });
  return new RegExp(`^${source}$`);
}
