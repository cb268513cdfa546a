import {
  ActionPlan,
  DELIVERY_ERROR_CODES,
} from '@slipway/plugin-delivery-common';
import {
  LiveApplication,
  OPERATION_INFO_PERSON,
} from '@slipway/plugin-delivery-node';
import { isTerminating, isUnderWay } from './operations';
import { PlanInput, PlanParts } from './planInput';
import { planRevert } from './planRevert';
import { planSync } from './planSync';
import { stateToken } from './stateToken';
import { asSentence, timeWords, whereWords } from './words';

/** Says what would happen where, if an action were asked for now. */
export function planAction(input: PlanInput): ActionPlan {
  const { action, target, live, revert } = input;
  return {
    action,
    target,
    seen: stateToken({
      action,
      live,
      ...(revert?.possible && {
        revert: {
          request: revert.request,
          fingerprint: revert.draft.fingerprint,
        },
      }),
    }),
    observedAt: live.observedAt,
    ...partsOf(input),
  };
}

function partsOf(input: PlanInput): PlanParts {
  const { action } = input;
  switch (action) {
    case 'refresh':
    case 'hard-refresh':
      return planRefresh(input);
    case 'terminate':
      return planTerminate(input);
    case 'sync':
      return planSync(input);
    case 'revert':
      return planRevert(input);
    default:
      return action satisfies never;
  }
}

function planRefresh({ action, live, target }: PlanInput): PlanParts {
  const { policy } = live.application;
  const how =
    action === 'hard-refresh'
      ? 'renders every manifest anew, past its cache, and compares'
      : 'reads git and the cluster again and compares';
  return {
    steps: [
      `Argo CD ${how}: ${whereWords(target)}.`,
      'The refresh itself changes nothing in git or in the cluster.',
    ],
    warnings: policy.automated
      ? [
          `Argo CD syncs this application by itself: if it finds a difference, it applies git${
            policy.prune ? ' and deletes what git no longer has' : ''
          }.`,
        ]
      : [],
  };
}

function planTerminate({ live, target }: PlanInput): PlanParts {
  const { application } = live;
  const { operation } = application;
  if (!isUnderWay(live) || !operation) {
    return {
      steps: [],
      warnings: [],
      blocked: {
        code: DELIVERY_ERROR_CODES.noOperation,
        reason: 'No sync is under way, so there is nothing to end.',
      },
    };
  }
  if (isTerminating(live)) {
    return {
      steps: [],
      warnings: [],
      blocked: {
        code: DELIVERY_ERROR_CODES.operationInProgress,
        reason: 'The sync is being ended already.',
      },
    };
  }
  const begun =
    operation.startedAt === undefined
      ? 'that waits to begin'
      : `that began on ${timeWords(operation.startedAt)}`;
  return {
    steps: [
      `Argo CD ends the sync of ${whereWords(
        target,
      )} ${begun}, started ${startedBy(live)}.`,
      ...(operation.message
        ? [`It is at: ${asSentence(operation.message)}`]
        : []),
      'What it has applied so far stays; hooks that are running are deleted.',
    ],
    warnings: application.policy.automated
      ? [
          'Argo CD syncs this application by itself, but does not try the same commit again after it was ended: sync it by hand, or commit.',
        ]
      : [],
  };
}

/**
 * F11: Argo CD knows the portal's account only, so the person is named by what
 * the operation was sent with. Whoever may sync can write that: it is a claim.
 */
function startedBy(live: LiveApplication): string {
  const { operation } = live.application;
  const person = live.operation?.infos[OPERATION_INFO_PERSON];
  if (person !== undefined) {
    return `through the portal, it says, for ${person}`;
  }
  if (operation?.automated) {
    return 'by Argo CD itself';
  }
  return operation?.initiatedBy === undefined
    ? 'by somebody whom Argo CD does not name'
    : `by ${operation.initiatedBy}`;
}
