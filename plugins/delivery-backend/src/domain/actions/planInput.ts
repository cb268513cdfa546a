import {
  ActionPlan,
  DELIVERY_ERROR_CODES,
  DeliveryErrorCode,
  DeploymentActionKind,
  DeploymentTarget,
} from '@slipway/plugin-delivery-common';
import {
  LiveApplication,
  SyncWindowVerdict,
} from '@slipway/plugin-delivery-node';
import { RevertDraft } from '../../gitops/RevertWriter';
import { ReleaseChoice } from '../revert/chooseReleases';
import { underWayWords } from './availability';
import { isUnderWay } from './operations';

/** What was found out for a revert. */
export type RevertFindings =
  | {
      possible: false;
      reason: string;
      /** `delivery.nothing-to-revert` when absent. */
      code?: DeliveryErrorCode;
    }
  | (Extract<ReleaseChoice, { possible: true }> & { draft: RevertDraft });

/** What a plan is made of. */
export type PlanInput = {
  action: DeploymentActionKind;
  target: DeploymentTarget;
  live: LiveApplication;
  /** Only for a sync or a revert; absent when they could not be asked. */
  windows?: SyncWindowVerdict;
  /** Only for a revert. */
  revert?: RevertFindings;
  /** A sync or revert of the portal's own that is under way, as a sentence. */
  ownAction?: string;
};

/** The part of a plan that an action's own rule works out. */
export type PlanParts = Pick<
  ActionPlan,
  'steps' | 'warnings' | 'blocked' | 'changes' | 'revert'
>;

/** What keeps an application from being changed now, whatever the change is. */
export function blockedNow(input: PlanInput): ActionPlan['blocked'] {
  const { live, ownAction } = input;
  if (live.application.deleting) {
    return {
      code: DELIVERY_ERROR_CODES.upstreamRefused,
      reason: 'Argo CD is deleting this application.',
    };
  }
  if (ownAction !== undefined) {
    return {
      code: DELIVERY_ERROR_CODES.operationInProgress,
      reason: ownAction,
    };
  }
  if (isUnderWay(live)) {
    return {
      code: DELIVERY_ERROR_CODES.operationInProgress,
      reason: underWayWords(
        live.application.operation ?? {
          phase: live.operation?.queued ? 'queued' : 'running',
        },
      ),
    };
  }
  return undefined;
}
