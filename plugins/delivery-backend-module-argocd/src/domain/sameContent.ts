/**
 * Whether two values of plain data would be the same JSON, whatever the order of
 * their keys. A key that is `undefined` is as good as none, because what was
 * stored and read back has lost it.
 */
export function sameContent(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a.length === b.length && a.every((item, i) => sameContent(item, b[i]))
    );
  }
  if (!isRecord(a) || !isRecord(b)) {
    return false;
  }
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every(key =>
    sameContent(a[key], b[key]),
  );
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
