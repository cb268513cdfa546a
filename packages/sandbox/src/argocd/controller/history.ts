import { ApplicationSpec, RevisionHistory } from '../wire';

/** Entries that are kept when an application does not say. */
const DEFAULT_LIMIT = 10;

/**
 * Adds a deployment to a history: oldest first, ids that only grow, capped
 * (B18).
 */
export function appendHistory(options: {
  history: readonly RevisionHistory[] | undefined;
  entry: Omit<RevisionHistory, 'id'>;
  spec: ApplicationSpec;
}): RevisionHistory[] {
  const { history = [], entry, spec } = options;
  const last = history[history.length - 1];
  const limit = spec.revisionHistoryLimit ?? DEFAULT_LIMIT;
  if (limit === 0) return [];
  return [...history, { id: last ? last.id + 1 : 0, ...entry }].slice(-limit);
}
