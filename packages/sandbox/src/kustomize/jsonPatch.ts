import { applyPatch, deepClone, Operation } from 'fast-json-patch';
import { UnsupportedKustomizationError } from './errors';
import { isJsonObject, Json, KubernetesObject } from './objects';

const OPERATIONS = new Set([
  'add',
  'remove',
  'replace',
  'move',
  'copy',
  'test',
]);

/**
 * Applies an RFC 6902 patch. Operations that do not apply are errors, as in
 * kustomize: removing or replacing what is not there, adding below a parent
 * that is not there.
 *
 * @throws UnsupportedKustomizationError naming the file and the operation.
 */
export function applyJsonPatch(options: {
  target: KubernetesObject;
  operations: readonly Json[];
  file: string;
  /** Where the patch stands in the file, for errors: `patches.0`. */
  field: string;
}): KubernetesObject {
  const { target, operations, file, field } = options;
  operations.forEach((operation, index) => {
    if (
      !isJsonObject(operation) ||
      !OPERATIONS.has(String(operation.op)) ||
      typeof operation.path !== 'string'
    ) {
      throw new UnsupportedKustomizationError({
        file,
        field: `${field}.${index}`,
        reason: 'is not a JSON patch operation',
      });
    }
  });
  try {
    const { newDocument } = applyPatch(
      deepClone(target) as KubernetesObject,
      deepClone(operations) as Operation[],
      true,
    );
    return newDocument;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new UnsupportedKustomizationError({
      file,
      field,
      reason: `the JSON patch does not apply to ${target.kind} ${
        target.metadata.name
      }: ${text.split('\n')[0]}`,
    });
  }
}
