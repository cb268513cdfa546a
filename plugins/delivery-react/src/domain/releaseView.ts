import {
  Commit,
  FleetRelease,
  Release,
  releaseLabel,
} from '@slipway/plugin-delivery-common';

/**
 * What is shown of a release, wherever it comes from.
 *
 * @public
 */
export type ReleaseView = {
  /** What people call it. */
  label: string;
  /** The image without tag and digest. */
  image?: string;
  /** The image's digest, with its algorithm. */
  digest?: string;
  /** Full git revision, where it has one. */
  revision?: string;
  /** The commit behind it, when it could be read. */
  commit?: Commit;
};

/**
 * What is shown of a release: `undefined` when nothing is known of it. Of
 * several sources the first with a readable commit is shown, because that is
 * where the service's own manifests are.
 *
 * @public
 */
export function releaseView(
  release: Release | FleetRelease | undefined,
): ReleaseView | undefined {
  if (!release) {
    return undefined;
  }
  if ('label' in release) {
    return { ...release };
  }
  const label = releaseLabel(release);
  if (label === undefined) {
    return undefined;
  }
  const source =
    release.revisions.find(revision => revision.commit) ??
    release.revisions.find(revision => revision.kind === 'git');
  return {
    label,
    image: release.image,
    digest: release.digest,
    revision: source?.revision,
    commit: source?.commit,
  };
}

/**
 * A digest short enough to read out: its algorithm and twelve characters.
 *
 * @public
 */
export function shortDigest(digest: string): string {
  const separator = digest.indexOf(':');
  return digest.slice(0, separator + 1 + 12);
}
