import { groupOf, versionOf } from './objects';
import { UnsupportedKustomizationError } from './errors';
import { PatchTarget } from './kustomization';
import { namesOf, RenderedResource } from './resource';

/**
 * Compiles the target of a patch: every field is a regular expression that
 * must match from start to end, and an absent or empty one matches all.
 *
 * @throws UnsupportedKustomizationError for expressions and selectors that
 *   are not understood.
 */
export function compileTarget(options: {
  target: PatchTarget;
  file: string;
  field: string;
}): (resource: RenderedResource) => boolean {
  const { target, file, field } = options;

  function pattern(key: keyof PatchTarget): (value: string) => boolean {
    const source = target[key];
    if (source === undefined || source === '') return () => true;
    try {
      const expression = new RegExp(`^(?:${source})$`);
      return value => expression.test(value);
    } catch {
      throw new UnsupportedKustomizationError({
        file,
        field: `${field}.${key}`,
        reason: `"${source}" is not a regular expression`,
      });
    }
  }

  function selector(
    key: 'labelSelector' | 'annotationSelector',
  ): (values: Readonly<Record<string, string>>) => boolean {
    return compileSelector({
      selector: target[key] ?? '',
      onError: reason =>
        new UnsupportedKustomizationError({
          file,
          field: `${field}.${key}`,
          reason,
        }),
    });
  }

  const group = pattern('group');
  const version = pattern('version');
  const kind = pattern('kind');
  const name = pattern('name');
  const namespace = pattern('namespace');
  const labels = selector('labelSelector');
  const annotations = selector('annotationSelector');
  return resource => {
    const { object } = resource;
    const { metadata } = object;
    return (
      group(groupOf(object)) &&
      version(versionOf(object)) &&
      kind(object.kind) &&
      namesOf(resource).some(
        former => name(former.name) && namespace(former.namespace ?? ''),
      ) &&
      labels(metadata.labels ?? {}) &&
      annotations(metadata.annotations ?? {})
    );
  };
}

/**
 * Compiles a Kubernetes label selector: `a=b`, `a==b`, `a!=b`, `a`, `!a`,
 * `a in (b,c)`, `a notin (b,c)`, joined by commas. Empty matches everything.
 *
 * @param options.onError - makes the error that is thrown for text that is
 *   not a selector.
 */
export function compileSelector(options: {
  selector: string;
  onError: (reason: string) => Error;
}): (values: Readonly<Record<string, string>>) => boolean {
  const { selector, onError } = options;
  const requirements = selector
    .split(/,(?![^(]*\))/)
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => compileRequirement(part, onError));
  return values => requirements.every(requirement => requirement(values));
}

const NAME = '[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?';
const EQUALITY = new RegExp(`^(${NAME})\\s*(=|==|!=)\\s*([-A-Za-z0-9_.]*)$`);
const EXISTENCE = new RegExp(`^(!?)\\s*(${NAME})$`);
const MEMBERSHIP = new RegExp(`^(${NAME})\\s+(in|notin)\\s*\\(([^)]*)\\)$`);

function compileRequirement(
  part: string,
  onError: (reason: string) => Error,
): (values: Readonly<Record<string, string>>) => boolean {
  const equality = EQUALITY.exec(part);
  if (equality) {
    const [, key, operator, value] = equality;
    return operator === '!='
      ? values => values[key] !== value
      : values => values[key] === value;
  }
  const membership = MEMBERSHIP.exec(part);
  if (membership) {
    const [, key, operator, list] = membership;
    const members = new Set(list.split(',').map(item => item.trim()));
    return operator === 'in'
      ? values => values[key] !== undefined && members.has(values[key])
      : values => values[key] === undefined || !members.has(values[key]);
  }
  const existence = EXISTENCE.exec(part);
  if (existence) {
    const [, not, key] = existence;
    return values => (values[key] === undefined) === (not === '!');
  }
  throw onError(`"${part}" is not a selector`);
}
