import { RepositoryReader } from '../../git/types';
import {
  findKustomization,
  KubernetesObject,
  renderDirectory,
  renderKustomization,
  share,
} from '../../kustomize';
import { setImages } from '../../kustomize/transformers/images';
import { ApplicationSource } from '../wire';
import { RenderCache } from './renderCache';
import { RepositoryTrees } from './repositoryTrees';

/** The wanted state of a source at a commit. */
interface Rendering {
  readonly sourceType: 'Kustomize' | 'Directory';
  /** The very same list as before when nothing that it came from changed. */
  readonly objects: readonly KubernetesObject[];
}

/** The wanted state of an application: one rendering a source, in order. */
export interface Manifests {
  readonly commits: readonly string[];
  readonly renderings: readonly Rendering[];
}

/** Fields of a source that are rendered; any other one is an error. */
const KNOWN_FIELDS = new Set([
  'repoURL',
  'path',
  'targetRevision',
  'directory',
  'kustomize',
  'name',
]);

/**
 * The part of Argo CD that is called the repository server: revisions become
 * commits, commits become manifests.
 */
export class ManifestService {
  static create(reader: RepositoryReader): ManifestService {
    return new ManifestService(reader);
  }

  readonly #reader: RepositoryReader;
  readonly #trees: RepositoryTrees;
  readonly #cache = RenderCache.create();
  readonly #commits = new Map<string, Promise<string>>();

  private constructor(reader: RepositoryReader) {
    this.#reader = reader;
    this.#trees = RepositoryTrees.create(reader);
  }

  /** How many times something was really rendered. */
  get renderings(): number {
    return this.#cache.renderings;
  }

  /** Forgets where branches and tags point; all of them, or of a repository. */
  forgetRevisions(repoUrl?: string): void {
    for (const key of [...this.#commits.keys()]) {
      if (repoUrl === undefined || key.startsWith(`${repoUrl}\n`)) {
        this.#commits.delete(key);
      }
    }
  }

  /**
   * The commit of a source's revision; `HEAD` when it names none.
   *
   * @throws Error when there is no such revision or repository.
   */
  resolve(source: ApplicationSource, revision?: string): Promise<string> {
    const wanted = revision || source.targetRevision || 'HEAD';
    const key = `${source.repoURL}\n${wanted}`;
    const known = this.#commits.get(key);
    if (known) return known;
    const resolving = this.#resolve(source.repoURL, wanted);
    this.#commits.set(key, resolving);
    resolving.catch(() => this.#commits.delete(key));
    return resolving;
  }

  async #resolve(repoUrl: string, revision: string): Promise<string> {
    const commit = await this.#reader.resolveRevision({ repoUrl, revision });
    if (!commit) {
      throw new Error(`unable to resolve '${revision}' to a commit SHA`);
    }
    return commit;
  }

  /**
   * The commits of several sources, by position.
   *
   * @param options.revisions - asked for instead of what the sources name.
   * @throws Error when one of them cannot be found.
   */
  resolveAll(
    sources: readonly ApplicationSource[],
    options: { revisions?: readonly (string | undefined)[] } = {},
  ): Promise<string[]> {
    return Promise.all(
      sources.map((source, index) =>
        this.resolve(source, options.revisions?.[index]),
      ),
    );
  }

  /**
   * The folders that directly hold a file that is different in another
   * commit, as `path` of a source names them; with all folders above them.
   *
   * @throws NotFoundError when there is no such repository or commit.
   */
  async changedFolders(options: {
    repoUrl: string;
    from: string;
    to: string;
  }): Promise<ReadonlySet<string>> {
    const changes = await this.#reader.readChanges(options);
    const folders = new Set<string>();
    for (const path of changes.keys()) {
      let slash = path.lastIndexOf('/');
      while (slash > 0) {
        folders.add(path.slice(0, slash));
        slash = path.lastIndexOf('/', slash - 1);
      }
    }
    return folders;
  }

  /**
   * Renders sources at their commits.
   *
   * @param options.fresh - bypass what is remembered (a hard refresh).
   * @param options.known - the object that something rendered will probably be
   *   equal to, whose parts are then taken instead of equal ones.
   * @throws Error in Argo CD's words when one of them cannot be rendered.
   */
  async render(options: {
    sources: readonly ApplicationSource[];
    commits: readonly string[];
    fresh?: boolean;
    known?: (object: KubernetesObject) => KubernetesObject | undefined;
  }): Promise<Manifests> {
    const { sources, commits, fresh = false, known } = options;
    const renderings: Rendering[] = [];
    for (const [index, source] of sources.entries()) {
      try {
        renderings.push(
          await this.#render({ source, commit: commits[index], fresh, known }),
        );
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(
          `failed to generate manifest for source ${index + 1} of ${
            sources.length
          }: rpc error: code = Unknown desc = ${reason}`,
        );
      }
    }
    return { commits, renderings };
  }

  async #render(options: {
    source: ApplicationSource;
    commit: string;
    fresh: boolean;
    known?: (object: KubernetesObject) => KubernetesObject | undefined;
  }): Promise<Rendering> {
    const { source, commit, fresh, known = () => undefined } = options;
    const unknown = Object.keys(source).find(field => !KNOWN_FIELDS.has(field));
    if (unknown) {
      throw new Error(
        `the sandbox does not render sources with "${unknown}"; use kustomize or plain manifests`,
      );
    }
    const { repoURL: repoUrl, directory, kustomize } = source;
    const option = Object.keys(kustomize ?? {}).find(key => key !== 'images');
    if (option) {
      throw new Error(`kustomize option "${option}" is not supported`);
    }
    const path = (source.path ?? '')
      .replace(/^(?:\.?\/)+|\/$/g, '')
      .replace(/^\.$/, '');
    const tree = await this.#trees.get({ repoUrl, commit });
    if (!tree.hasFolder(path)) {
      throw new Error(`${path}: app path does not exist`);
    }
    const sourceType =
      !directory && findKustomization({ files: tree, path })
        ? 'Kustomize'
        : 'Directory';
    const objects = this.#cache.render({
      key: JSON.stringify([repoUrl, path, sourceType, directory, kustomize]),
      tree,
      fresh,
      render: files => {
        if (sourceType === 'Directory') {
          return renderDirectory({ files, path, directory });
        }
        const images = (kustomize?.images ?? []).map(parseImage);
        return renderKustomization({ files, path }).map(object =>
          share(setImages(object, images), known(object)),
        );
      },
    });
    return { sourceType, objects };
  }
}

/** `name=newName:tag`, `name:tag` or `name@digest`, as Argo CD writes them. */
function parseImage(text: string) {
  const [left, right] = text.includes('=')
    ? text.split('=', 2)
    : [undefined, text];
  const match = /^(.+?)(?::([^:/@]+))?(?:@(sha256:.+))?$/.exec(right ?? '');
  if (!match) throw new Error(`image "${text}" is not understood`);
  const [, name, newTag, digest] = match;
  return {
    name: left ?? name,
    newName: left === undefined ? undefined : name,
    newTag,
    digest,
  };
}
