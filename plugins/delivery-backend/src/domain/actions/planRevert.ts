import {
  DELIVERY_ERROR_CODES,
  DeploymentTarget,
  Release,
} from '@slipway/plugin-delivery-common';
import { blockedNow, PlanInput, PlanParts } from './planInput';
import { blockedByWindow, windowsUnknown } from './planSync';
import { counted, releaseWords, someOf, timeWords, whereWords } from './words';

/**
 * Says what a revert would do. B21: it is a commit and never Argo CD's own
 * rollback, which skips hooks, is refused where Argo CD syncs by itself, and
 * leaves git asking for what was just taken back.
 */
export function planRevert(input: PlanInput): PlanParts {
  const { revert, live, target, windows } = input;
  if (!revert?.possible) {
    return {
      steps: [],
      warnings: [],
      blocked: {
        code: revert?.code ?? DELIVERY_ERROR_CODES.nothingToRevert,
        reason: revert?.reason ?? 'What could be put back is not known.',
      },
    };
  }
  const { from, to, toDeployedAt, kind, draft } = revert;
  const blocked =
    blockedNow(input) ??
    blockedByWindow(windows) ??
    (draft.conflicts.length > 0
      ? {
          code: DELIVERY_ERROR_CODES.revertConflict,
          reason: `The same lines were changed since in ${someOf(
            draft.conflicts,
          )}. A person must decide: revert by hand in ${draft.repository}.`,
        }
      : undefined);
  const { automated } = live.application.policy;
  return {
    steps: [
      `A commit to ${draft.branch} of ${draft.repository} puts ${releaseWords(
        to,
      )}${
        toDeployedAt === undefined
          ? ''
          : `, deployed here on ${timeWords(toDeployedAt)},`
      } back in place of ${releaseWords(from)}. It changes ${counted(
        draft.files.length,
        'file',
      )}: ${someOf(draft.files.map(({ path }) => path))}.`,
      'The commit names you and your reason.',
      automated
        ? `Argo CD is told to look at git, and applies the commit by itself to ${whereWords(
            target,
          )}.`
        : `Argo CD is told to look at git, and then asked to apply the commit to ${whereWords(
            target,
          )}.`,
      'Hooks run as in any sync.',
    ],
    warnings: [
      ...(kind === 'configuration'
        ? [
            'No earlier deployment that is known had another image: what comes back is the configuration from before.',
          ]
        : []),
      'What else was committed since stays. Data that the newer release wrote is not changed back.',
      ...windowsUnknown(input),
    ],
    ...(blocked && { blocked }),
    revert: {
      from,
      to,
      ...(toDeployedAt !== undefined && { toDeployedAt }),
      repository: draft.repository,
      branch: draft.branch,
      commitSubject: revertSubject({ target, kind, from, to }),
      files: draft.files,
    },
  };
}

/** First line of the message of a revert's commit. */
export function revertSubject(options: {
  target: DeploymentTarget;
  kind: 'release' | 'configuration';
  from: Release;
  to: Release;
}): string {
  const { target, kind, from, to } = options;
  const application = target.application ?? 'the application';
  return kind === 'configuration'
    ? `Revert the configuration of ${application}`
    : `Revert ${application} from ${releaseWords(from)} to ${releaseWords(to)}`;
}
