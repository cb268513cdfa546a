import {
  Release,
  RevisionKind,
  SourceRevision,
  sameBuild,
} from '@slipway/plugin-delivery-common';
import {
  ApplicationSource,
  ObservedApplication,
} from '@slipway/plugin-delivery-node';
import { parseImageReference } from './imageReference';
import { mainImage, mainWorkload } from './mainWorkload';

const GIT_SHA = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/**
 * What kind of version a revision is. A20: only a commit may be shortened and
 * linked; a chart version and an OCI digest are something else.
 */
function revisionKind(options: {
  source: ApplicationSource | undefined;
  revision: string;
}): RevisionKind {
  const { source, revision } = options;
  if (revision.startsWith('sha256:') || source?.repoUrl.startsWith('oci://')) {
    return 'oci';
  }
  if (source?.chart !== undefined) {
    return 'helm';
  }
  // Without a source at hand (an old entry of the history), the form decides.
  return source !== undefined || GIT_SHA.test(revision) ? 'git' : 'helm';
}

/**
 * Pairs revisions with their sources, by position (A20), and with the commits
 * that could be read.
 */
export function sourceRevisions(options: {
  revisions: string[];
  sources: ApplicationSource[];
  commits: ObservedApplication['commits'];
}): SourceRevision[] {
  const { revisions, sources, commits } = options;
  return revisions.flatMap((revision, position) => {
    if (revision === '') {
      return [];
    }
    const source = sources[position];
    const kind = revisionKind({ source, revision });
    const commit = kind === 'git' ? commits[revision] : undefined;
    return [
      {
        kind,
        revision,
        ...(source && { repoUrl: source.repoUrl }),
        ...(commit && { commit }),
      },
    ];
  });
}

/** What git asks for now; `undefined` when nothing is known of it. */
export function wantedRelease(
  application: ObservedApplication,
): Release | undefined {
  const revisions = sourceRevisions({
    revisions: application.sync.revisions,
    sources: application.sources,
    commits: application.commits,
  });
  const workload = mainWorkload(application);
  return toRelease(
    workload?.wanted &&
      mainImage({ application, workload, side: workload.wanted }),
    revisions,
  );
}

/**
 * What the main workload has in the cluster, with the revisions that were last
 * applied. Whether it also serves it is the business of `nextServing`.
 */
export function liveRelease(
  application: ObservedApplication,
): Release | undefined {
  const workload = mainWorkload(application);
  if (!workload?.live) {
    return undefined;
  }
  return toRelease(
    mainImage({ application, workload, side: workload.live }),
    appliedRevisions(application),
  );
}

/**
 * The revisions that were last applied: those of the newest deployment in the
 * application's history. The revision that Argo CD compares with is no witness:
 * in a repository of many services it moves with every commit, and nothing is
 * deployed.
 */
export function appliedRevisions(
  application: ObservedApplication,
): SourceRevision[] {
  const newest = application.history[application.history.length - 1];
  if (newest) {
    return sourceRevisions({
      revisions: newest.revisions,
      sources: newest.sources.length > 0 ? newest.sources : application.sources,
      commits: application.commits,
    });
  }
  return application.sync.state === 'synced'
    ? sourceRevisions({
        revisions: application.sync.revisions,
        sources: application.sources,
        commits: application.commits,
      })
    : [];
}

function toRelease(
  reference: string | undefined,
  revisions: SourceRevision[],
): Release | undefined {
  if (reference === undefined) {
    return revisions.length > 0 ? { revisions } : undefined;
  }
  const { image, tag, digest } = parseImageReference(reference);
  return {
    image,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
    revisions,
  };
}

/** Whether the image of a release is known, by tag or digest. */
export function hasImage(release: Release): boolean {
  return release.tag !== undefined || release.digest !== undefined;
}

/**
 * Whether two releases are the same to whoever uses the service. Where images
 * are known they decide; C3: a commit that changes configuration only moves the
 * revision and not the build. Of applications without a readable image
 * (revisions only), the revisions decide.
 */
export function sameRelease(
  a: Release | undefined,
  b: Release | undefined,
): boolean {
  if (!a || !b) {
    return false;
  }
  if (hasImage(a) || hasImage(b)) {
    return sameBuild(a, b);
  }
  return (
    a.revisions.length > 0 &&
    a.revisions.length === b.revisions.length &&
    a.revisions.every(
      ({ revision }, position) => revision === b.revisions[position].revision,
    )
  );
}
