/** Where a page of history ended. */
export type HistoryPosition = {
  /** ISO 8601, UTC, with milliseconds. */
  deployedAt: string;
  id: number;
};

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * Writes a position as a cursor. It holds the query that it belongs to, so that
 * it cannot be taken for a place in another list.
 */
export function encodeCursor(query: string, position: HistoryPosition): string {
  return Buffer.from(
    JSON.stringify([query, position.deployedAt, position.id]),
  ).toString('base64url');
}

/**
 * Reads a cursor back.
 *
 * @returns `undefined` when it was not made by {@link encodeCursor} for this
 * query.
 */
export function decodeCursor(
  query: string,
  cursor: string,
): HistoryPosition | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  const [madeFor, deployedAt, id]: unknown[] = Array.isArray(parts)
    ? parts
    : [];
  return madeFor === query &&
    typeof deployedAt === 'string' &&
    TIME.test(deployedAt) &&
    typeof id === 'number' &&
    Number.isSafeInteger(id)
    ? { deployedAt, id }
    : undefined;
}
