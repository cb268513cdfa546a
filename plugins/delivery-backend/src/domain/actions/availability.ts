import {
  ActionAvailability,
  Binding,
  DELIVERY_ERROR_CODES,
  DEPLOYMENT_ACTION_KINDS,
  DeploymentActionKind,
  SyncOperation,
} from '@slipway/plugin-delivery-common';
import { isPhaseUnderWay } from './operations';
import { Refusal } from './upstreamErrors';

/** What is known of a deployment, as far as acting on it is concerned. */
export type ActingConditions = {
  binding: Binding;
  /** The portal has a credential with which it can act on the application. */
  canAct: boolean;
  /** Why no revert can be written, as a sentence. */
  whyNoRevert: string | undefined;
  /** The application is being deleted. */
  deleting: boolean;
  operation?: SyncOperation;
  /** A sync or revert of the portal's own that is under way, as a sentence. */
  ownAction?: string;
};

/**
 * What the caller may do with a deployment now, and what stands in the way of the
 * rest. It is worked out from the projections, so it costs no upstream anything; a
 * plan then reads live. That an upstream is silent stands in the way of nothing
 * here: it may answer again by the time that somebody asks.
 */
export function availabilityOf(options: {
  conditions: ActingConditions;
  isPermitted: (action: DeploymentActionKind) => boolean;
}): ActionAvailability[] {
  return DEPLOYMENT_ACTION_KINDS.map(action => {
    const obstacle = options.isPermitted(action)
      ? obstacleTo(action, options.conditions)
      : notPermitted(action);
    return obstacle
      ? { action, available: false, ...obstacle }
      : { action, available: true };
  });
}

/** The sentence of somebody who may not. */
export function notPermitted(action: DeploymentActionKind): Refusal {
  return {
    code: DELIVERY_ERROR_CODES.actionNotAllowed,
    reason: `You may not ${verbOf(
      action,
    )} this service in this environment. Its owners or a platform engineer can say who may.`,
  };
}

/** An action as people say it: "You may not …". */
export function verbOf(action: DeploymentActionKind): string {
  switch (action) {
    case 'refresh':
      return 'refresh';
    case 'hard-refresh':
      return 'hard refresh';
    case 'sync':
      return 'sync';
    case 'terminate':
      return 'end a sync of';
    case 'revert':
      return 'revert';
    default:
      return action satisfies never;
  }
}

/** What stands in the way of an action, whoever asks. */
export function obstacleTo(
  action: DeploymentActionKind,
  conditions: ActingConditions,
): Refusal | undefined {
  const { binding, canAct } = conditions;
  if (binding.state === 'unbound') {
    return { code: DELIVERY_ERROR_CODES.unbound, reason: binding.reason };
  }
  if (!canAct) {
    return {
      code: DELIVERY_ERROR_CODES.readOnly,
      reason:
        'The portal may only read from this Argo CD. A platform engineer can give it a token for acting (actToken of the instance).',
    };
  }
  switch (action) {
    case 'refresh':
    case 'hard-refresh':
      return undefined;
    case 'terminate':
      return obstacleToTerminate(conditions);
    case 'sync':
      return obstacleToChange(conditions);
    case 'revert':
      return (
        obstacleToChange(conditions) ??
        (conditions.whyNoRevert === undefined
          ? undefined
          : {
              code: DELIVERY_ERROR_CODES.nothingToRevert,
              reason: conditions.whyNoRevert,
            })
      );
    default:
      return action satisfies never;
  }
}

function obstacleToTerminate({
  operation,
}: ActingConditions): Refusal | undefined {
  if (!isPhaseUnderWay(operation?.phase)) {
    return {
      code: DELIVERY_ERROR_CODES.noOperation,
      reason: 'No sync is under way, so there is nothing to end.',
    };
  }
  return operation?.phase === 'terminating'
    ? {
        code: DELIVERY_ERROR_CODES.operationInProgress,
        reason: 'The sync is being ended already.',
      }
    : undefined;
}

function obstacleToChange(conditions: ActingConditions): Refusal | undefined {
  const { deleting, operation, ownAction } = conditions;
  if (deleting) {
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
  return operation && isPhaseUnderWay(operation.phase)
    ? {
        code: DELIVERY_ERROR_CODES.operationInProgress,
        reason: underWayWords(operation),
      }
    : undefined;
}

/**
 * B4: an operation that waits for a paused canary or a hook blocks every further
 * one, a revert's included, so the way out is said with it.
 */
export function underWayWords(
  operation: Pick<SyncOperation, 'phase' | 'message'>,
): string {
  const { phase, message } = operation;
  if (phase === 'terminating') {
    return 'A sync is being ended. Wait until it is over.';
  }
  if (phase === 'queued') {
    return 'A sync has been asked for and waits to begin. Wait until it is over.';
  }
  const state = phase === 'retrying' ? 'will be tried again' : 'is under way';
  const waiting = message?.trim()
    ? ` It says: ${message
        .trim()
        .replace(/[.\s]+$/, '')
        .slice(0, 300)}.`
    : '';
  return `A sync ${state}.${waiting} Wait until it is over, or end it.`;
}
