import { Release } from '@slipway/plugin-delivery-common';
import {
  chooseReleases,
  ChooseReleasesOptions,
  ReleaseChoice,
  SeenInGit,
} from '../domain/revert/chooseReleases';
import { hasImage } from '../domain/status/releases';
import { RevertDraft, RevertWriter } from './RevertWriter';

/** A revert that can be made, or why there is none. */
export type FoundRevert =
  | (Extract<ReleaseChoice, { possible: true }> & { draft: RevertDraft })
  | Extract<ReleaseChoice, { possible: false }>;

/** How many earlier deployments are looked at in git. */
const MOST_LOOKS = 10;

/**
 * Finds the release that a revert of an application puts back, and what would be
 * written. History alone does not always tell: of old deployments only the commit
 * is known, and in a repository of many services most commits are about others.
 * So git is asked what lies in between, and the next one is tried.
 *
 * A draft with conflicts is found, too: what stands in the way is for people to
 * see.
 *
 * @throws as {@link RevertWriter.draft}
 */
export async function findRevert(
  options: Omit<ChooseReleasesOptions, 'seen'> & {
    writer: RevertWriter;
    signal: AbortSignal;
  },
): Promise<FoundRevert> {
  const { writer, signal, ...known } = options;
  const seen = new Map<string, SeenInGit>();
  for (let look = 0; look < MOST_LOOKS; look++) {
    const choice = chooseReleases({ ...known, seen });
    if (!choice.possible) {
      return choice;
    }
    const draft = await writer.draft({ ...choice.request, signal });
    const { back } = choice.request;
    const imagesKnown = hasImage(choice.from) && hasImage(choice.to);
    if (draft.between === 'nothing') {
      if (choice.kind === 'release' && imagesKnown) {
        return no(
          `Nothing in the folder of this application differs between the two releases, so their image is set somewhere else: in a folder that it takes in, or in the Argo CD application. Revert it there.`,
        );
      }
      seen.set(back, 'same');
      continue;
    }
    if (
      choice.kind === 'release' &&
      !imagesKnown &&
      draft.between === 'configuration'
    ) {
      seen.set(back, 'same-images');
      continue;
    }
    if (draft.files.length === 0 && draft.conflicts.length === 0) {
      return no(
        `The branch ${draft.branch} has all of it already; Argo CD has not looked since. Refresh, and sync if it does not do so by itself.`,
      );
    }
    const { putsBack } = draft;
    const to =
      hasImage(choice.to) || !putsBack
        ? choice.to
        : { ...choice.to, ...imageOf(choice.from), ...putsBack };
    return { ...choice, to, draft };
  }
  return no(
    `None of the last ${MOST_LOOKS} deployments differs from what git asks for now, so there is none to put back.`,
  );
}

/** Where images come from does not change from release to release. */
function imageOf({ image }: Release): Pick<Release, 'image'> {
  return image === undefined ? {} : { image };
}

function no(reason: string): FoundRevert {
  return { possible: false, reason };
}
