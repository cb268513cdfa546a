import { RevisionKind } from '@slipway/plugin-delivery-common';
import { ApplicationSource } from '@slipway/plugin-delivery-node';
import { WireApplication, WireSource } from '../argocd/wire';

/**
 * The sources of an application, in order. `spec.sources` wins over
 * `spec.source`, as in Argo CD. With a source hydrator the source is the dry
 * one: that is where people commit.
 *
 * A source without a repository is what Argo CD's field filter leaves of one
 * that was not asked for (`{}`), and no source.
 */
export function toSources(application: WireApplication): ApplicationSource[] {
  const spec = application.spec;
  const dry = spec?.sourceHydrator?.drySource;
  if (dry) {
    return cleanSources([dry]);
  }
  const several = cleanSources(spec?.sources ?? []);
  return several.length > 0
    ? several
    : cleanSources(spec?.source ? [spec.source] : []);
}

/** Sources as they are stored; those without a repository are left out. */
export function cleanSources(sources: readonly WireSource[]) {
  const result: ApplicationSource[] = [];
  for (const source of sources) {
    if (source.repoURL) {
      result.push({
        repoUrl: withoutCredentials(source.repoURL),
        path: source.path || undefined,
        chart: source.chart || undefined,
        targetRevision: source.targetRevision || undefined,
      });
    }
  }
  return result;
}

/**
 * What git asks for now: one revision a source, by position.
 *
 * With several sources only `revisions` counts. With a source hydrator,
 * `sync.revision` is the commit that Argo CD wrote itself; the one that people
 * made is the dry one that it was hydrated from. Where it is not known yet which
 * one that is, there is no revision rather than a wrong one.
 */
export function toSyncRevisions(application: WireApplication): string[] {
  const sync = application.status?.sync;
  const revisions = oneOrMore(sync);
  if (!application.spec?.sourceHydrator) {
    return revisions;
  }
  const hydrator = application.status?.sourceHydrator;
  const dry = [hydrator?.lastSuccessfulOperation, hydrator?.currentOperation]
    .filter(operation => operation !== undefined)
    .find(operation => operation.hydratedSHA === revisions[0])?.drySHA;
  return dry ? [dry] : [];
}

/** A revision a source: `revisions` where there are any, else `revision`. */
export function oneOrMore(
  from: { revision?: string; revisions: string[] } | undefined,
): string[] {
  if (from && from.revisions.length > 0) {
    return from.revisions;
  }
  return from?.revision ? [from.revision] : [];
}

/**
 * What kind of version the revisions of a source are. Only `git` ones are
 * commits.
 */
export function revisionKind(source: ApplicationSource): RevisionKind {
  if (source.repoUrl.startsWith('oci://')) {
    return 'oci';
  }
  return source.chart ? 'helm' : 'git';
}

/** Whether a text is the full id of a commit (SHA-1 or SHA-256). */
export function isCommitSha(revision: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
}

/**
 * A repository URL without user and password, which some people put there and
 * which everybody who sees a deployment would see otherwise.
 */
function withoutCredentials(repoUrl: string): string {
  return repoUrl.replace(/^(https?:\/\/)[^/@]*@/i, '$1');
}
