import { HistoryEntry, Release } from '@slipway/plugin-delivery-common';
import { ApplicationSource } from '@slipway/plugin-delivery-node';
import { hasImage, sameRelease } from '../status/releases';
import { RevertRequest } from './RevertRequest';
import { revertibleFolders } from './revertibleFolders';

/** A deployment of one application, as its stored history has it. */
export type PastDeployment = {
  release: Release;
  /** ISO 8601, UTC. */
  deployedAt: string;
  source: HistoryEntry['source'];
};

/** What a revert takes back and what it puts back, or why there is none. */
export type ReleaseChoice =
  | {
      possible: true;
      /**
       * - `release`: another image, or one that is not known, comes back.
       * - `configuration`: no earlier deployment had another image, so what comes
       *   back is the configuration from before.
       */
      kind: 'release' | 'configuration';
      /** What git asks for now. */
      from: Release;
      /** What is put back. */
      to: Release;
      /** When that was last deployed here: ISO 8601, UTC. */
      toDeployedAt: string;
      request: RevertRequest;
    }
  | {
      possible: false;
      /** Why not, and what to do, as sentences for people. */
      reason: string;
    };

/**
 * What git said of the folders at an earlier commit, compared with those at the
 * commit that is taken back.
 *
 * - `same-images`: they ask for the same images, and differ in something else.
 * - `same`: nothing in them differs.
 */
export type SeenInGit = 'same-images' | 'same';

/** The options of {@link chooseReleases}. */
export type ChooseReleasesOptions = {
  /** The sources of the application as it is now, in order. */
  sources: ApplicationSource[];
  /** What git asks for now; see `wantedRelease`. */
  wanted: Release | undefined;
  /** What was deployed of this one application, newest first. */
  history: readonly PastDeployment[];
  /**
   * What git said of commits that were chosen before (`request.back`). A commit
   * in a repository of many services moves the revision of all of them, so a
   * draft may turn out to change no image, or nothing at all: then ask again.
   */
  seen?: ReadonlyMap<string, SeenInGit>;
};

/**
 * Which release a revert takes back, and which one it puts back.
 *
 * What is taken back is the release that git asks for now, from the commit with
 * which its image first came in: what was configured since then goes on to hold
 * where it is in other lines. If it was never deployed, it is taken back from
 * the commit that git is at. What is put back is the deployment before that with
 * another image; the image of old entries is often not known (Argo CD keeps
 * revisions only), and then another revision is taken for another release.
 *
 * Deployments that were only observed (B17: a partial sync, a change by hand)
 * are passed over: no commit ever asked for them.
 */
export function chooseReleases(options: ChooseReleasesOptions): ReleaseChoice {
  const { wanted, history } = options;
  if (!wanted || wanted.revisions.length === 0) {
    return no(
      'It is not known which commit git asks for now, so there is nothing to take back. Try again when Argo CD has looked at the repository.',
    );
  }
  const deployed = history.filter(({ source }) => source === 'argocd-history');
  if (deployed.length === 0) {
    return no('No earlier deployment is known here, so none can be put back.');
  }
  return (
    releaseBefore({ ...options, wanted, deployed }) ??
    configurationBefore({ ...options, wanted, deployed }) ??
    no(
      'No deployment that is known here differs from what git asks for now, so there is none to put back.',
    )
  );
}

type Known = Pick<ChooseReleasesOptions, 'sources' | 'seen'> & {
  wanted: Release;
  deployed: PastDeployment[];
};

function releaseBefore(known: Known): ReleaseChoice | undefined {
  const { wanted, deployed } = known;
  const position = deployed.findIndex(
    ({ release }) => !isSameRelease(release, known),
  );
  // The newest deployments that are of what git asks for end here; there are
  // none when it was never deployed.
  const back = deployed.at(position);
  return position === -1 || !back
    ? undefined
    : choice({
        ...known,
        kind: 'release',
        taken: position === 0 ? wanted : deployed[position - 1].release,
        back,
      });
}

/**
 * C3: no image differs, so the newest change was one of configuration only. What
 * it replaced is the newest deployment that has something else in the folders.
 */
function configurationBefore(known: Known): ReleaseChoice | undefined {
  const { wanted, deployed, seen } = known;
  const back = deployed.find(
    ({ release }) =>
      !sameRevisions(release, wanted) &&
      !release.revisions.some(({ revision }) => seen?.get(revision) === 'same'),
  );
  return (
    back && choice({ ...known, kind: 'configuration', taken: wanted, back })
  );
}

function choice(options: {
  sources: ApplicationSource[];
  wanted: Release;
  kind: 'release' | 'configuration';
  taken: Release;
  back: PastDeployment;
}): ReleaseChoice {
  const { sources, wanted, kind, taken, back } = options;
  const folders = revertibleFolders({ sources, taken, back: back.release });
  return 'reason' in folders
    ? no(folders.reason)
    : {
        possible: true,
        kind,
        from: wanted,
        to: back.release,
        toDeployedAt: back.deployedAt,
        request: folders.request,
      };
}

/**
 * Whether an earlier deployment was of the release that git asks for now: by
 * image where both are known, else by commit, else by what git said of it.
 */
function isSameRelease(release: Release, { wanted, seen }: Known): boolean {
  return hasImage(release) && hasImage(wanted)
    ? sameRelease(release, wanted)
    : sameRevisions(release, wanted) ||
        release.revisions.some(({ revision }) => seen?.has(revision));
}

function sameRevisions(a: Release, b: Release): boolean {
  return (
    a.revisions.length > 0 &&
    a.revisions.length === b.revisions.length &&
    a.revisions.every(
      ({ revision }, position) => revision === b.revisions[position].revision,
    )
  );
}

function no(reason: string): ReleaseChoice {
  return { possible: false, reason };
}
