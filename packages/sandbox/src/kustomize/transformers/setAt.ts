import { isJsonObject, Json } from '../objects';

/**
 * Merges text pairs into the map at a path, without changing its input.
 * `x[]` steps into every item of the list `x`.
 *
 * @param options.create - whether missing maps on the way are made; without
 *   it an object that has no such map stays as it is.
 */
export function mergePairsAt(options: {
  value: Json | undefined;
  path: readonly string[];
  pairs: Readonly<Record<string, string>>;
  create: boolean;
}): Json | undefined {
  const { value, path, pairs, create } = options;
  const [step, ...rest] = path;
  if (step === undefined) {
    if (value === undefined || value === null) {
      return create ? { ...pairs } : value;
    }
    return isJsonObject(value) ? { ...value, ...pairs } : value;
  }
  const key = step.replace(/\[\]$/, '');
  const map = value ?? (create ? {} : undefined);
  if (!isJsonObject(map)) return value;
  const inner = map[key];
  if (step.endsWith('[]')) {
    if (!Array.isArray(inner)) return value;
    return {
      ...map,
      [key]: inner.map(
        item =>
          mergePairsAt({ value: item, path: rest, pairs, create }) as Json,
      ),
    };
  }
  const merged = mergePairsAt({ value: inner, path: rest, pairs, create });
  if (merged === inner) return value;
  return { ...map, [key]: merged };
}
