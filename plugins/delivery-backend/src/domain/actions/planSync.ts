import {
  ActionPlan,
  DELIVERY_ERROR_CODES,
} from '@slipway/plugin-delivery-common';
import { SyncWindowVerdict } from '@slipway/plugin-delivery-node';
import { blockedNow, PlanInput, PlanParts } from './planInput';
import { resourceChanges } from './resourceChanges';
import { windowWords } from './windows';
import {
  counted,
  resourceWords,
  revisionWords,
  someOf,
  whereWords,
} from './words';

/** Says what a sync would do. */
export function planSync(input: PlanInput): PlanParts {
  const { live, target, windows } = input;
  const { application } = live;
  const changes = resourceChanges(live);
  const changed = changes.filter(({ change }) => change === 'change');
  const pruned = changes.filter(({ change }) => change === 'prune');
  const blocked = blockedNow(input) ?? blockedByWindow(windows);
  return {
    steps: [
      // B19: never to a commit of our choice, which an application that syncs by
      // itself would refuse; what git asks for is what is applied.
      `Argo CD applies ${revisionWords(
        application.sync.revisions,
        application,
      )}, what git asks for, to ${whereWords(target)}.`,
      changed.length > 0
        ? `${counted(changed.length, 'resource')} ${
            changed.length === 1 ? 'differs and is' : 'differ and are'
          } changed: ${someOf(changed.map(resourceWords))}.`
        : 'No resource differs, so nothing is expected to change.',
      ...(pruned.length > 0
        ? [
            `With pruning, ${counted(
              pruned.length,
              'resource',
            )} that git no longer has ${
              pruned.length === 1 ? 'is' : 'are'
            } deleted: ${someOf(pruned.map(resourceWords))}.`,
          ]
        : []),
      hookWords(input),
      'A dry run changes nothing: it only says what would happen.',
    ],
    warnings: [
      ...(pruned.length > 0
        ? [
            `Without pruning, ${someOf(pruned.map(resourceWords))} ${
              pruned.length === 1 ? 'stays' : 'stay'
            }, and the application stays out of sync.`,
          ]
        : []),
      'With force, what cannot be changed in place is deleted and created again: its pods are replaced, which can interrupt the service.',
      ...(application.policy.automated
        ? [
            'Argo CD also syncs this application by itself, and may do so before or after.',
          ]
        : []),
      ...(application.sync.state === 'unknown'
        ? [
            'Argo CD cannot say now whether git and the cluster agree, so what would change is not known.',
          ]
        : []),
      ...windowsUnknown(input),
    ],
    ...(blocked && { blocked }),
    changes,
  };
}

function hookWords({ live }: PlanInput): string {
  const hooks = live.resources.filter(({ hook }) => hook);
  return hooks.length > 0
    ? `Its hooks run again: ${someOf(hooks.map(resourceWords))}.`
    : 'Hooks run again, if git has any.';
}

/** A4. */
export function blockedByWindow(
  windows: SyncWindowVerdict | undefined,
): ActionPlan['blocked'] {
  if (!windows || windows.allowed) {
    return undefined;
  }
  return {
    code: DELIVERY_ERROR_CODES.syncWindowClosed,
    reason: windowWords(windows),
    ...(windows.opensAt !== undefined && { until: windows.opensAt }),
  };
}

/** Unknown is not open: it is said, and Argo CD itself still decides. */
export function windowsUnknown({ windows }: PlanInput): string[] {
  return windows
    ? []
    : [
        'Argo CD could not be asked about sync windows. If one is closed, it refuses the sync.',
      ];
}
