import {
  ApplicationSource,
  ObservedApplication,
} from '@slipway/plugin-delivery-node';

/** A revision of an application, and the source that it is one of. */
export type RevisionInUse = {
  revision: string;
  source: ApplicationSource;
  /** Position of the source, from 0. */
  index: number;
};

/**
 * The revisions whose commits somebody wants to read: what git asks for now, and
 * what was applied last. In a repository of many services these differ most of
 * the time, since every commit moves what is asked for.
 */
export function revisionsInUse(
  application: Pick<ObservedApplication, 'sync' | 'sources' | 'history'>,
): RevisionInUse[] {
  const { sync, sources, history } = application;
  const applied = history.at(-1);
  const found = new Map<string, RevisionInUse>();
  for (const [revisions, from] of [
    [sync.revisions, sources],
    [
      applied?.revisions ?? [],
      applied?.sources.length ? applied.sources : sources,
    ],
  ] as const) {
    for (const [index, revision] of revisions.entries()) {
      const source = from[index];
      if (source && revision !== '' && !found.has(revision)) {
        found.set(revision, { revision, source, index });
      }
    }
  }
  return [...found.values()];
}
