import { UnsupportedKustomizationError } from './errors';
import { isJsonObject, Json, KubernetesObject } from './objects';
import { parseYaml } from './parseYaml';

/**
 * Parses the Kubernetes objects of a YAML file; `List`s are unfolded.
 *
 * @throws UnsupportedKustomizationError when a document is no object.
 */
export function parseObjects(options: {
  text: string;
  file: string;
  oldBooleans: 'string' | 'refuse';
}): KubernetesObject[] {
  return parseYaml(options).flatMap(document =>
    toObjects(document, options.file),
  );
}

function toObjects(document: Json, file: string): KubernetesObject[] {
  if (!isJsonObject(document)) {
    throw new UnsupportedKustomizationError({
      file,
      reason: 'holds a document that is not an object',
    });
  }
  const { apiVersion, kind, metadata } = document;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    throw new UnsupportedKustomizationError({
      file,
      field: typeof apiVersion === 'string' ? 'kind' : 'apiVersion',
      reason: 'is missing',
    });
  }
  if (kind.endsWith('List') && Array.isArray(document.items)) {
    return document.items.flatMap((item: Json) => toObjects(item, file));
  }
  if (!isJsonObject(metadata) || typeof metadata.name !== 'string') {
    throw new UnsupportedKustomizationError({
      file,
      field: 'metadata.name',
      reason: `is missing in a ${kind}`,
    });
  }
  return [document as KubernetesObject];
}
