import { stringify } from 'yaml';

/** Files of a repository: path relative to its root to text. */
export type FileTree = Map<string, string>;

/**
 * YAML of one or more documents as a person would write it: no line folding,
 * no anchors, and strings quoted wherever YAML 1.1 readers (Kubernetes) would
 * take them for something else.
 */
export function yaml(...documents: readonly unknown[]): string {
  return documents
    .map(document =>
      stringify(document, {
        lineWidth: 0,
        aliasDuplicateObjects: false,
        version: '1.1',
      }),
    )
    .join('---\n');
}
