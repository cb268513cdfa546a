import { createHash } from 'node:crypto';
import { FileSource, KubernetesObject } from '../../kustomize';
import { RepositoryTree } from './repositoryTrees';

/** What a rendering looked at, and what it saw there. */
interface Input {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Fingerprint of the text, or of the names in a folder. */
  readonly seen: string | undefined;
}

type Outcome =
  | { readonly objects: readonly KubernetesObject[] }
  | { readonly error: Error };

interface Entry {
  readonly inputs: readonly Input[];
  readonly outcome: Outcome;
}

/** Renderings of one source that are remembered: a rollback needs an old one. */
const KEPT = 6;

/**
 * Renders a source only when something that it read has changed, whatever the
 * commit says: after a commit to a repository of 5,000 overlays, one overlay
 * is rendered.
 */
export class RenderCache {
  static create(): RenderCache {
    return new RenderCache();
  }

  readonly #entries = new Map<string, Entry[]>();
  /** How many times something was really rendered. */
  renderings = 0;

  private constructor() {}

  /**
   * @param options.key - everything besides files that decides the outcome:
   *   repository, path, options of the source.
   * @throws what `render` throws; errors are remembered as results are.
   */
  render(options: {
    key: string;
    tree: RepositoryTree;
    fresh: boolean;
    render: (files: FileSource) => readonly KubernetesObject[];
  }): readonly KubernetesObject[] {
    const { key, tree, fresh } = options;
    const entries = this.#entries.get(key) ?? [];
    const known = fresh
      ? undefined
      : entries.find(entry =>
          entry.inputs.every(input => look(tree, input) === input.seen),
        );
    const entry = known ?? this.#render(tree, options.render);
    this.#entries.set(
      key,
      [entry, ...entries.filter(other => other !== entry)].slice(0, KEPT),
    );
    if ('error' in entry.outcome) throw entry.outcome.error;
    return entry.outcome.objects;
  }

  #render(
    tree: RepositoryTree,
    render: (files: FileSource) => readonly KubernetesObject[],
  ): Entry {
    this.renderings += 1;
    const inputs = new Map<string, Input>();
    function note(kind: Input['kind'], path: string) {
      const input = { kind, path };
      inputs.set(`${kind} ${path}`, { ...input, seen: look(tree, input) });
    }
    const files: FileSource = {
      read: path => {
        note('file', path);
        return tree.read(path);
      },
      list: folder => {
        note('folder', folder);
        return tree.list(folder);
      },
    };
    let outcome: Outcome;
    try {
      outcome = { objects: render(files) };
    } catch (error) {
      outcome = {
        error: error instanceof Error ? error : new Error(String(error)),
      };
    }
    return { inputs: [...inputs.values()], outcome };
  }
}

function look(
  tree: RepositoryTree,
  input: Pick<Input, 'kind' | 'path'>,
): string | undefined {
  return input.kind === 'file'
    ? tree.fingerprint(input.path)
    : createHash('sha1')
        .update(tree.list(input.path).join('\n'))
        .digest('base64');
}
