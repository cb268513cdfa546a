import { groupOf, KubernetesObject } from '../objects';
import {
  ANNOTATIONS,
  FieldSpec,
  METADATA_LABELS,
  SELECTOR_LABELS,
  TEMPLATE_LABELS,
} from './fieldSpecs';
import { mergePairsAt } from './setAt';

/** Adds labels to an object, its pod templates and selectors as told. */
export function addLabels(
  object: KubernetesObject,
  options: {
    pairs: Readonly<Record<string, string>>;
    includeSelectors?: boolean;
    includeTemplates?: boolean;
  },
): KubernetesObject {
  const { pairs, includeSelectors, includeTemplates } = options;
  const specs = [...METADATA_LABELS];
  if (includeSelectors || includeTemplates) specs.push(...TEMPLATE_LABELS);
  if (includeSelectors) specs.push(...SELECTOR_LABELS);
  return mergeAll(object, pairs, specs);
}

/** Adds annotations to an object and its pod templates. */
export function addAnnotations(
  object: KubernetesObject,
  pairs: Readonly<Record<string, string>>,
): KubernetesObject {
  return mergeAll(object, pairs, ANNOTATIONS);
}

function mergeAll(
  object: KubernetesObject,
  pairs: Readonly<Record<string, string>>,
  specs: readonly FieldSpec[],
): KubernetesObject {
  if (Object.keys(pairs).length === 0) return object;
  const type = `${groupOf(object)}/${object.kind}`;
  let result = object;
  for (const { types, path, create } of specs) {
    if (types && !types.includes(type)) continue;
    result = mergePairsAt({
      value: result,
      path: path.split('.'),
      pairs,
      create,
    }) as KubernetesObject;
  }
  return result;
}
