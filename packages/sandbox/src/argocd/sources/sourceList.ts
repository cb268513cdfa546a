import { ApplicationSource, ApplicationSpec } from '../wire';

/**
 * What Go writes where an application has several sources: the field for the
 * only source is a struct there, so it is present and empty (A12).
 */
const NO_SOURCE: ApplicationSource = { repoURL: '' };

/** The fields of an object that say what was taken from where. */
export type SourceFields = {
  readonly source?: ApplicationSource;
  readonly sources?: readonly ApplicationSource[];
};

/** The fields of an object that say which commits that were. */
export type RevisionFields = {
  readonly revision?: string;
  readonly revisions?: readonly string[];
};

/** The sources of an application in order; `sources` wins over `source`. */
export function sourcesOf(
  spec: Pick<ApplicationSpec, 'source' | 'sources'>,
): readonly ApplicationSource[] {
  if (spec.sources?.length) return spec.sources;
  return spec.source ? [spec.source] : [];
}

/** Whether an application names its sources in a list, even if it is one. */
export function hasSeveralSources(spec: SourceFields): boolean {
  return (spec.sources?.length ?? 0) > 0;
}

/** How a status, a history entry or a result names the sources of a spec. */
export function sourceFields(spec: SourceFields): SourceFields {
  if (spec.sources?.length) return { source: NO_SOURCE, sources: spec.sources };
  return spec.source ? { source: spec.source } : {};
}

/** How a status or a history entry names commits, one a source. */
export function revisionFields(
  spec: SourceFields,
  commits: readonly string[],
): RevisionFields {
  return hasSeveralSources(spec)
    ? { revisions: commits }
    : { revision: commits[0] };
}

/** The commits that {@link revisionFields} wrote, by position. */
export function revisionsOf(fields: RevisionFields): readonly string[] {
  if (fields.revisions?.length) return fields.revisions;
  return fields.revision ? [fields.revision] : [];
}

/** What a comparison was made with, as the status remembers it. */
export function comparedTo(spec: ApplicationSpec) {
  const { destination, ignoreDifferences } = spec;
  return {
    ...sourceFields(spec),
    destination,
    ...(ignoreDifferences ? { ignoreDifferences } : {}),
  };
}
