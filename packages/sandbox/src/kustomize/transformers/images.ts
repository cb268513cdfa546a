import { isJsonObject, Json, KubernetesObject } from '../objects';

/** One entry of `images:`. */
export interface ImageChange {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

/** Rewrites the images of containers and init containers, wherever they are. */
export function setImages(
  object: KubernetesObject,
  changes: readonly ImageChange[],
): KubernetesObject {
  if (object.kind === 'CustomResourceDefinition') return object;
  return changes.reduce<KubernetesObject>(
    (result, change) => rewrite(result, change) as KubernetesObject,
    object,
  );
}

function rewrite(value: Json, change: ImageChange): Json {
  if (Array.isArray(value)) {
    return mapIfChanged(value, item => rewrite(item, change));
  }
  if (!isJsonObject(value)) return value;
  let result: Record<string, Json | undefined> | undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined || inner === null || typeof inner !== 'object') {
      continue;
    }
    const changed =
      (key === 'containers' || key === 'initContainers') && Array.isArray(inner)
        ? mapIfChanged(inner, container => rewriteContainer(container, change))
        : rewrite(inner, change);
    if (changed !== inner) {
      result ??= { ...value };
      result[key] = changed;
    }
  }
  return result ?? value;
}

function rewriteContainer(container: Json, change: ImageChange): Json {
  if (!isJsonObject(container) || typeof container.image !== 'string') {
    return container;
  }
  const image = changeImage(container.image, change);
  return image === container.image ? container : { ...container, image };
}

/** The image after a change; itself when the change is for another one. */
export function changeImage(image: string, change: ImageChange): string {
  const rest = image.startsWith(change.name)
    ? /^(?::([a-zA-Z0-9_.{}-]*))?(?:@(sha256:[a-zA-Z0-9_.{}-]*))?$/.exec(
        image.slice(change.name.length),
      )
    : null;
  if (!rest) return image;
  let [, tag, digest] = rest as unknown as (string | undefined)[];
  if (change.newTag || change.digest) {
    tag = change.newTag;
    digest = change.digest;
  }
  return [
    change.newName || change.name,
    tag ? `:${tag}` : '',
    digest ? `@${digest}` : '',
  ].join('');
}

function mapIfChanged(
  list: readonly Json[],
  change: (item: Json) => Json,
): readonly Json[] {
  let changed = false;
  const result = list.map(item => {
    const next = change(item);
    changed ||= next !== item;
    return next;
  });
  return changed ? result : list;
}
