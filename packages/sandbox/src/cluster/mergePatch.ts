import { isJsonObject, Json, JsonObject } from '../kustomize';

/** Applies an RFC 7386 merge patch: maps merge, null removes, else replace. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) {
      delete result[key];
    } else if (isJsonObject(value)) {
      const existing = result[key];
      result[key] = mergePatch(isJsonObject(existing) ? existing : {}, value);
    } else {
      result[key] = value;
    }
  }
  return result;
}
