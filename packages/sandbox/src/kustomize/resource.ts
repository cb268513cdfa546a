import { groupOf, KubernetesObject, versionOf } from './objects';

/** Where an object was called something at one time of the rendering. */
interface FormerName {
  readonly name: string;
  readonly namespace: string | undefined;
}

/**
 * An object on its way through the transformers, with every name that it had:
 * patches find it under each of them, as in kustomize.
 */
export interface RenderedResource {
  readonly object: KubernetesObject;
  /** Oldest first, without the present one. */
  readonly former: readonly FormerName[];
}

/** The same resource with another object; a changed name is remembered. */
export function withObject(
  resource: RenderedResource,
  object: KubernetesObject,
): RenderedResource {
  const before = resource.object.metadata;
  const after = object.metadata;
  const renamed =
    before.name !== after.name || before.namespace !== after.namespace;
  return {
    object,
    former: renamed
      ? [...resource.former, { name: before.name, namespace: before.namespace }]
      : resource.former,
  };
}

/** Every name the resource has or had, the present one last. */
export function namesOf(resource: RenderedResource): readonly FormerName[] {
  const { name, namespace } = resource.object.metadata;
  return [...resource.former, { name, namespace }];
}

/** Whether two objects cannot both be in one rendering. */
export function identityOf(object: KubernetesObject): string {
  const { name, namespace } = object.metadata;
  return [
    groupOf(object),
    versionOf(object),
    object.kind,
    namespace ?? 'default',
    name,
  ].join('|');
}
