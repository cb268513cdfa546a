import { UnsupportedKustomizationError } from './errors';
import { applyJsonPatch } from './jsonPatch';
import {
  KUSTOMIZATION_FILES,
  Kustomization,
  parseKustomization,
} from './kustomization';
import { isJsonObject, Json, KubernetesObject } from './objects';
import { parseObjects } from './parseObjects';
import { parseYaml } from './parseYaml';
import { resolvePath } from './resolvePath';
import { identityOf, namesOf, RenderedResource, withObject } from './resource';
import { compileTarget } from './select';
import { FileSource } from './source';
import { strategicMerge } from './strategicMerge';
import { setImages } from './transformers/images';
import { setNamespace } from './transformers/namespace';
import { addAnnotations, addLabels } from './transformers/pairs';

const SCALABLE = new Set([
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
]);

/** How deep bases may nest before it must be a mistake. */
const MAXIMUM_DEPTH = 32;

/** Path of the kustomization file of a folder; undefined when it has none. */
export function findKustomization(options: {
  files: FileSource;
  path: string;
}): string | undefined {
  const found = KUSTOMIZATION_FILES.map(name =>
    options.path === '' ? name : `${options.path}/${name}`,
  ).filter(file => options.files.read(file) !== undefined);
  if (found.length > 1) {
    throw new UnsupportedKustomizationError({
      file: options.path,
      reason: `has several kustomization files: ${found.join(', ')}`,
    });
  }
  return found[0];
}

class Renderer {
  readonly #files: FileSource;

  constructor(files: FileSource) {
    this.#files = files;
  }

  build(
    path: string,
    kind: 'Kustomization' | 'Component',
    inherited: readonly RenderedResource[],
    parents: readonly string[],
  ): RenderedResource[] {
    const file = findKustomization({ files: this.#files, path });
    const text = file && this.#files.read(file);
    if (!file || text === undefined) {
      throw new UnsupportedKustomizationError({
        file: path || '.',
        reason: 'has no kustomization file',
      });
    }
    if (parents.includes(path) || parents.length > MAXIMUM_DEPTH) {
      throw new UnsupportedKustomizationError({
        file,
        reason: `includes itself by way of ${parents.join(', ')}`,
      });
    }
    const config = parseKustomization({ text, file, kind });
    const chain = [...parents, path];
    let resources = [...inherited];
    (config.resources ?? []).forEach((entry, index) => {
      const field = `resources.${index}`;
      const target = resolvePath({ folder: path, entry, file, field });
      resources = appendUnique(
        resources,
        this.#load(target, file, field, chain),
        file,
      );
    });
    (config.components ?? []).forEach((entry, index) => {
      const field = `components.${index}`;
      const target = resolvePath({ folder: path, entry, file, field });
      resources = this.build(target, 'Component', resources, chain);
    });
    return this.#transform(resources, config, file, path);
  }

  #load(
    target: string,
    file: string,
    field: string,
    chain: readonly string[],
  ): RenderedResource[] {
    const text = this.#files.read(target);
    if (text !== undefined) {
      return parseObjects({ text, file: target, oldBooleans: 'string' }).map(
        object => ({ object, former: [] }),
      );
    }
    if (findKustomization({ files: this.#files, path: target })) {
      return this.build(target, 'Kustomization', [], chain);
    }
    throw new UnsupportedKustomizationError({
      file,
      field,
      reason: `${target} is neither a file nor a folder with a kustomization`,
    });
  }

  /** Applies what a kustomization says in the order in which kustomize does. */
  #transform(
    input: readonly RenderedResource[],
    config: Kustomization,
    file: string,
    folder: string,
  ): RenderedResource[] {
    let resources = [...input];

    function map(change: (object: KubernetesObject) => KubernetesObject) {
      resources = resources.map(resource =>
        withObject(resource, change(resource.object)),
      );
    }

    (config.patches ?? []).forEach((patch, index) => {
      resources = this.#patch(resources, patch, {
        file,
        folder,
        field: `patches.${index}`,
      });
    });
    const { namespace } = config;
    if (namespace) {
      const serviceAccounts = new Set(
        resources
          .filter(({ object }) => object.kind === 'ServiceAccount')
          .map(({ object }) => object.metadata.name),
      );
      map(object => setNamespace(object, { namespace, serviceAccounts }));
      resources = appendUnique([], resources, file);
    }
    for (const labels of config.labels ?? []) {
      map(object => addLabels(object, labels));
    }
    const { commonAnnotations } = config;
    if (commonAnnotations) {
      map(object => addAnnotations(object, commonAnnotations));
    }
    (config.replicas ?? []).forEach(({ name, count }, index) => {
      const matches = resources.filter(
        resource =>
          SCALABLE.has(resource.object.kind) &&
          namesOf(resource).some(former => former.name === name),
      );
      if (matches.length === 0) {
        throw new UnsupportedKustomizationError({
          file,
          field: `replicas.${index}.name`,
          reason: `no workload is called ${name}`,
        });
      }
      resources = resources.map(resource =>
        matches.includes(resource)
          ? withObject(resource, withReplicas(resource.object, count))
          : resource,
      );
    });
    const { images } = config;
    if (images) map(object => setImages(object, images));
    return resources;
  }

  #patch(
    resources: readonly RenderedResource[],
    patch: NonNullable<Kustomization['patches']>[number],
    where: { file: string; folder: string; field: string },
  ): RenderedResource[] {
    const { file, folder, field } = where;
    const source =
      patch.path === undefined
        ? undefined
        : resolvePath({
            folder,
            entry: patch.path,
            file,
            field: `${field}.path`,
          });
    const text = source === undefined ? patch.patch : this.#files.read(source);
    if (text === undefined) {
      throw new UnsupportedKustomizationError({
        file,
        field: `${field}.path`,
        reason: `there is no file ${source}`,
      });
    }
    const patchFile = source ?? file;
    if (text.trimStart().startsWith('[') && !isJson(text)) {
      throw new UnsupportedKustomizationError({
        file: patchFile,
        field,
        reason: 'a patch that starts with [ must be JSON, not YAML',
      });
    }
    const documents = parseYaml({
      text,
      file: patchFile,
      oldBooleans: 'string',
    });
    const [first] = documents;
    const matches = patch.target
      ? compileTarget({ target: patch.target, file, field: `${field}.target` })
      : undefined;
    if (Array.isArray(first)) {
      if (!matches || documents.length > 1) {
        throw new UnsupportedKustomizationError({
          file,
          field,
          reason: 'a JSON patch needs a target and one document',
        });
      }
      return resources.map(resource =>
        matches(resource)
          ? withObject(
              resource,
              applyJsonPatch({
                target: resource.object,
                operations: first as readonly Json[],
                file: patchFile,
                field,
              }),
            )
          : resource,
      );
    }
    if (documents.length === 0 || (matches && documents.length > 1)) {
      throw new UnsupportedKustomizationError({
        file: patchFile,
        field,
        reason: `a patch holds one document, found ${documents.length}`,
      });
    }
    return documents.reduce<RenderedResource[]>(
      (result, document) =>
        mergeDocument(result, document, matches, patchFile, field),
      [...resources],
    );
  }
}

/**
 * Renders a folder with a kustomization as `kustomize build` does, for the
 * fields that {@link parseKustomization} accepts and nothing else.
 *
 * Pure: the same files give the same objects.
 *
 * @param options.path - folder from the root of the repository.
 * @throws UnsupportedKustomizationError
 */
export function renderKustomization(options: {
  files: FileSource;
  path: string;
}): KubernetesObject[] {
  return new Renderer(options.files)
    .build(options.path, 'Kustomization', [], [])
    .map(resource => resource.object);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function mergeDocument(
  resources: readonly RenderedResource[],
  document: Json,
  matches: ((resource: RenderedResource) => boolean) | undefined,
  file: string,
  field: string,
): RenderedResource[] {
  if (!isJsonObject(document)) {
    throw new UnsupportedKustomizationError({
      file,
      field,
      reason: 'is neither a strategic merge patch nor a JSON patch',
    });
  }
  const applies = matches ?? namedBy(document, file, field);
  const found = resources.filter(applies);
  if (!matches && found.length !== 1) {
    throw new UnsupportedKustomizationError({
      file,
      field,
      reason: `the patch names ${found.length} objects, it must name one`,
    });
  }
  return resources.flatMap(resource => {
    if (!found.includes(resource)) return [resource];
    const merged = strategicMerge({
      target: resource.object,
      patch: matches ? withoutIdentity(document, resource.object) : document,
      file,
    });
    return merged ? [withObject(resource, merged)] : [];
  });
}

/** With a target, the name in the patch is a placeholder. */
function withoutIdentity(
  patch: { readonly [key: string]: Json | undefined },
  target: KubernetesObject,
) {
  const { apiVersion: _, kind: __, ...rest } = patch;
  if (!isJsonObject(rest.metadata)) return rest;
  const { name, namespace } = target.metadata;
  return { ...rest, metadata: { ...rest.metadata, name, namespace } };
}

/** A patch without a target applies to the object whose name it carries. */
function namedBy(
  document: { readonly [key: string]: Json | undefined },
  file: string,
  field: string,
): (resource: RenderedResource) => boolean {
  const { apiVersion, kind, metadata } = document;
  const name = isJsonObject(metadata) ? metadata.name : undefined;
  if (!apiVersion || !kind || !name) {
    throw new UnsupportedKustomizationError({
      file,
      field,
      reason:
        'a strategic merge patch without a target needs apiVersion, kind and metadata.name',
    });
  }
  const namespace =
    (isJsonObject(metadata) ? metadata.namespace : undefined) ?? 'default';
  return resource =>
    resource.object.apiVersion === apiVersion &&
    resource.object.kind === kind &&
    namesOf(resource).some(
      former =>
        former.name === name && (former.namespace ?? 'default') === namespace,
    );
}

function withReplicas(object: KubernetesObject, count: number) {
  const spec = isJsonObject(object.spec) ? object.spec : {};
  return { ...object, spec: { ...spec, replicas: count } };
}

function appendUnique(
  resources: readonly RenderedResource[],
  added: readonly RenderedResource[],
  file: string,
): RenderedResource[] {
  const known = new Set(resources.map(({ object }) => identityOf(object)));
  for (const { object } of added) {
    const id = identityOf(object);
    if (known.has(id)) {
      throw new UnsupportedKustomizationError({
        file,
        reason: `${object.kind} ${object.metadata.name} is there twice`,
      });
    }
    known.add(id);
  }
  return [...resources, ...added];
}
