import { ApplicationHistoryEntry } from '@slipway/plugin-delivery-node';
import { WireApplication, WireHistoryEntry } from '../argocd/wire';
import { cleanSources, oneOrMore } from './sources';

/**
 * Argo CD's own history of an application, oldest first. It is cut off (ten
 * entries by default), its ids have gaps, and dry runs and syncs of single
 * resources are not in it. Entries without id or time say nothing and are left
 * out.
 */
export function toHistory(
  application: WireApplication,
): ApplicationHistoryEntry[] {
  return (application.status?.history ?? [])
    .flatMap(entry => toEntry(entry) ?? [])
    .sort((a, b) => a.id - b.id);
}

/**
 * Id of the newest entry: it changes with every deployment. Works on entries
 * that were cut down to their ids.
 */
export function newestHistoryId(
  application: WireApplication,
): number | undefined {
  const ids = (application.status?.history ?? []).map(entry => entry.id ?? 0);
  return ids.length > 0 ? Math.max(...ids) : undefined;
}

function toEntry(entry: WireHistoryEntry): ApplicationHistoryEntry | undefined {
  if (entry.deployedAt === undefined) {
    return undefined;
  }
  const automated = entry.initiatedBy?.automated;
  return {
    // Go leaves out a zero: the first deployment has no id on the wire.
    id: entry.id ?? 0,
    revisions: oneOrMore(entry),
    sources: cleanSources(
      entry.sources.length > 0
        ? entry.sources
        : [entry.source].filter(source => source !== undefined),
    ),
    deployedAt: entry.deployedAt,
    initiatedBy: automated
      ? undefined
      : entry.initiatedBy?.username || undefined,
    automated,
  };
}
