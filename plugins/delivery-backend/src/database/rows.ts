/**
 * Rows as the database drivers hand them out. PostgreSQL's driver gives big
 * integers as text, and SQLite gives booleans as 0 and 1: `toNumber` and
 * `toBoolean` are for every such column.
 */
export type ApplicationRow = {
  id: number | string;
  upstream_id: string;
  application_key: string;
  projection: string;
  serving: string | null;
  deleted: boolean | number;
  version: number | string;
};

export type UpstreamRow = {
  upstream_id: string;
  state: string;
  since: string;
  last_contact_at: string | null;
  reason: string | null;
  version: number | string;
};

export type HistoryRow = {
  id: number | string;
  application_id: number | string;
  entry_key: string;
  source: string;
  deployed_at: string;
  release: string;
  image_known: boolean | number;
  destination: string;
  initiated_by: string | null;
  automated: boolean | number | null;
};

/** A big integer, whichever way the driver hands it out. */
export function toNumber(value: number | string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new RangeError(
      `'${value}' is no whole number that can be counted on`,
    );
  }
  return number;
}

export function toBoolean(value: boolean | number): boolean {
  return value === true || value === 1;
}
