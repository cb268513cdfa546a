import { isJsonObject, Json } from './objects';

/**
 * The same value, made of the parts of another one wherever they are equal.
 * Values are immutable here, so sharing changes nothing but the memory that
 * two of them take.
 */
export function share<T extends Json | undefined>(
  value: T,
  other: Json | undefined,
): T {
  if (Array.isArray(value) && Array.isArray(other)) {
    const items: unknown[] = value.map((item: Json, index) =>
      share(item, other[index]),
    );
    const isEqual =
      items.length === other.length &&
      items.every((item, index) => item === other[index]);
    return (isEqual ? other : items) as unknown as T;
  }
  if (!isJsonObject(value) || !isJsonObject(other)) return value;
  const entries = Object.entries(value).map(
    ([key, field]) => [key, share(field, other[key])] as const,
  );
  const isEqual =
    entries.length === Object.keys(other).length &&
    entries.every(([key, field]) => key in other && field === other[key]);
  return (isEqual ? other : Object.fromEntries(entries)) as T;
}
