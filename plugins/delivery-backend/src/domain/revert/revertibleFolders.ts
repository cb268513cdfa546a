import {
  Release,
  releaseLabel,
  SourceRevision,
} from '@slipway/plugin-delivery-common';
import { ApplicationSource } from '@slipway/plugin-delivery-node';
import semver from 'semver';
import { RevertRequest } from './RevertRequest';

/** A source, with the revisions that two releases have of it. */
type ChangedSource = {
  source: ApplicationSource;
  /** Position among the sources, from 1, as Argo CD counts them. */
  position: number;
  taken: SourceRevision;
  back: SourceRevision;
};

/**
 * Which folders of which branch a commit would have to change to go from one
 * release to another, or why no commit can.
 *
 * A20: sources and revisions belong together by their position, and a revision
 * may be a chart version or a digest, for which there is no commit.
 */
export function revertibleFolders(options: {
  sources: ApplicationSource[];
  taken: Release;
  back: Release;
}): { request: RevertRequest } | { reason: string } {
  const { sources, taken, back } = options;
  if (sources.length === 0) {
    return refuse('It is not known where its manifests come from.');
  }
  const changed = changedSources(options);
  if (!changed) {
    return refuse(
      `Not every source of ${nameOf(taken)} and ${nameOf(
        back,
      )} has a known revision in the same repository, so git cannot tell what lies between them. Revert by hand.`,
    );
  }
  const [first] = changed;
  if (!first) {
    return refuse(
      `${nameOf(taken)} and ${nameOf(
        back,
      )} were deployed from the same commit: what differs is set in the Argo CD application itself, not in the repository. Change it there.`,
    );
  }
  for (const one of changed) {
    const reason = whyNotInGit(one, sources.length);
    if (reason !== undefined) {
      return refuse(reason);
    }
  }
  const repositories = unique(changed.map(({ source }) => source.repoUrl));
  if (unique(repositories.map(canonicalUrl)).length > 1) {
    return refuse(
      `Several repositories would change (${repositories.join(
        ', ',
      )}), and no single commit can do that. Revert each by hand.`,
    );
  }
  if (
    unique(changed.map(({ source }) => branchOf(source) ?? '')).length > 1 ||
    unique(changed.map(one => one.taken.revision)).length > 1 ||
    unique(changed.map(one => one.back.revision)).length > 1
  ) {
    return refuse(
      `Its sources follow different branches or commits of ${first.source.repoUrl}, and no single commit changes them together. Revert by hand.`,
    );
  }
  const branch = branchOf(first.source);
  return {
    request: {
      repoUrl: first.source.repoUrl,
      ...(branch !== undefined && { branch }),
      paths: unique(changed.flatMap(({ source }) => source.path ?? [])),
      taken: first.taken.revision,
      back: first.back.revision,
    },
  };
}

/** `undefined` when the revisions cannot be paired with the sources. */
function changedSources(options: {
  sources: ApplicationSource[];
  taken: Release;
  back: Release;
}): ChangedSource[] | undefined {
  const { sources, taken, back } = options;
  const pairs = sources.map((source, index) => ({
    source,
    position: index + 1,
    taken: taken.revisions.at(index),
    back: back.revisions.at(index),
  }));
  const complete =
    taken.revisions.length === sources.length &&
    back.revisions.length === sources.length;
  const known = pairs.filter(
    (pair): pair is ChangedSource =>
      isOf(pair.taken, pair.source) && isOf(pair.back, pair.source),
  );
  return complete && known.length === pairs.length
    ? known.filter(one => one.taken.revision !== one.back.revision)
    : undefined;
}

/** Whether a revision is one of this source, and not of what it was before. */
function isOf(
  revision: SourceRevision | undefined,
  source: ApplicationSource,
): boolean {
  return (
    revision !== undefined &&
    (revision.repoUrl === undefined ||
      canonicalUrl(revision.repoUrl) === canonicalUrl(source.repoUrl))
  );
}

const FULL_SHA = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** Why a commit cannot bring back the revision that a source had. */
function whyNotInGit(
  { source, position, taken, back }: ChangedSource,
  count: number,
): string | undefined {
  const { repoUrl, chart, targetRevision } = source;
  const which = count === 1 ? 'Its source' : `Its source ${position}`;
  if (taken.kind === 'oci' || back.kind === 'oci') {
    return `${which} is the OCI artifact ${repoUrl}: its version is pinned in the Argo CD application, as targetRevision. Set it there, or in the repository that the application is made from.`;
  }
  if (chart !== undefined || taken.kind === 'helm' || back.kind === 'helm') {
    return `${which} is the Helm chart ${
      chart ?? ''
    } of ${repoUrl}: its version is pinned in the Argo CD application, as targetRevision. Set it there, or in the repository that the application is made from.`.replace(
      '  ',
      ' ',
    );
  }
  if (source.path === undefined) {
    return `${which} (${repoUrl}) names no folder, so it cannot be told which files belong to this application. Revert by hand.`;
  }
  if (targetRevision === undefined) {
    return undefined;
  }
  if (FULL_SHA.test(targetRevision)) {
    return `${which} is pinned to the commit ${targetRevision.slice(
      0,
      7,
    )} in the Argo CD application, as targetRevision, and follows no branch. Set an earlier one there.`;
  }
  if (
    targetRevision.startsWith('refs/tags/') ||
    isVersionRange(targetRevision)
  ) {
    return `${which} follows tags (${targetRevision}), not a branch, so a commit would change nothing. Set an earlier tag in the Argo CD application, as targetRevision.`;
  }
  return undefined;
}

/**
 * Whether Argo CD reads it as a constraint on tags, such as `1.2.*` or `>=1.0`.
 * A single version, such as `v1.2.3`, may be a branch or a tag: the repository
 * tells.
 */
function isVersionRange(targetRevision: string): boolean {
  return (
    /[*^~<>=|]|\bx\b/i.test(targetRevision) &&
    semver.validRange(targetRevision) !== null
  );
}

/** The branch that a source follows; `undefined` for the default one. */
function branchOf({ targetRevision }: ApplicationSource): string | undefined {
  return targetRevision === undefined || targetRevision === 'HEAD'
    ? undefined
    : targetRevision.replace(/^refs\/heads\//, '');
}

/** Equal for the ways in which one repository is commonly written. */
function canonicalUrl(repoUrl: string): string {
  return repoUrl
    .replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .toLowerCase();
}

function nameOf(release: Release): string {
  return releaseLabel(release) ?? 'what was deployed';
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}

function refuse(reason: string): { reason: string } {
  return { reason };
}
