import { RepositoryReader } from '../../git/types';
import {
  findKustomization,
  KubernetesObject,
  renderDirectory,
  renderKustomization,
} from '../../kustomize';
import { setImages } from '../../kustomize/transformers/images';
import { ApplicationSource } from '../wire';
import { RenderCache } from './renderCache';
import { RepositoryTrees } from './repositoryTrees';

/** The wanted state of a source at a commit. */
export interface Manifests {
  readonly commit: string;
  readonly sourceType: 'Kustomize' | 'Directory';
  readonly objects: readonly KubernetesObject[];
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
   * Renders a source at a commit.
   *
   * @param options.fresh - bypass what is remembered (a hard refresh).
   * @throws Error with a text for people when it cannot be rendered.
   */
  async render(options: {
    source: ApplicationSource;
    commit: string;
    fresh?: boolean;
  }): Promise<Manifests> {
    const { source, commit, fresh = false } = options;
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
          setImages(object, images),
        );
      },
    });
    return { commit, sourceType, objects };
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
