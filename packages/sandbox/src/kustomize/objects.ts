/** A value as JSON knows it. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** The metadata that this sandbox reads of an object; more may be in it. */
export interface ObjectMetadata extends JsonObject {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A Kubernetes object. Treated as immutable everywhere, so that it is shared. */
export interface KubernetesObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
}

/** Tells a JSON object from every other JSON value. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** API group of an object: `apps`; the empty string for the core group. */
export function groupOf(object: { apiVersion: string }): string {
  const slash = object.apiVersion.indexOf('/');
  return slash < 0 ? '' : object.apiVersion.slice(0, slash);
}

/** API version without its group: `v1`. */
export function versionOf(object: { apiVersion: string }): string {
  return object.apiVersion.slice(object.apiVersion.indexOf('/') + 1);
}

/** The value at a path of keys, or undefined where the path ends early. */
export function valueAt(
  object: Json | undefined,
  ...path: readonly (string | number)[]
): Json | undefined {
  let value: Json | undefined = object;
  for (const key of path) {
    if (Array.isArray(value)) {
      value = value[Number(key)];
    } else if (isJsonObject(value)) {
      value = value[key];
    } else {
      return undefined;
    }
  }
  return value;
}

/** Deep equality of JSON values; keys whose value is undefined do not count. */
export function jsonEquals(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => jsonEquals(item, right[index]))
    );
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  for (const key of Object.keys(left)) {
    if (!jsonEquals(left[key], right[key])) return false;
  }
  return Object.keys(right).every(
    key => right[key] === undefined || left[key] !== undefined,
  );
}
