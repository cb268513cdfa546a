import { applyOperation, deepClone, Operation } from 'fast-json-patch';
import { UnsupportedKustomizationError } from './errors';
import { isJsonObject, Json, JsonObject, KubernetesObject } from './objects';

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
    return (operations as readonly (Operation & JsonObject)[]).reduce(
      (document, operation) => {
        // The library changes what it is given: only what lies on the way to
        // the change is copied, the rest stays shared.
        const copy = [operation.path, operation.from]
          .filter(pointer => typeof pointer === 'string')
          .reduce(copyAlong, document);
        return applyOperation(copy, deepClone(operation) as Operation, true)
          .newDocument;
      },
      target,
    );
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

/** A copy of a document in which all that a JSON pointer leads through is new. */
function copyAlong<T extends Json>(document: T, pointer: string): T {
  const steps = pointer
    .split('/')
    .slice(1)
    .map(step => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  return copySteps(document, steps) as T;
}

function copySteps(value: Json, [step, ...rest]: string[]): Json {
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return items.map((item, index) =>
      String(index) === step ? copySteps(item, rest) : item,
    );
  }
  if (!isJsonObject(value)) return value;
  const inner = Object.hasOwn(value, step) ? value[step] : undefined;
  return inner === undefined
    ? { ...value }
    : { ...value, [step]: copySteps(inner, rest) };
}
