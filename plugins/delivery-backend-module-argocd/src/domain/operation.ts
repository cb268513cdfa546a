import { SyncOperation } from '@slipway/plugin-delivery-common';
import {
  ObservedApplication,
  OPERATION_INFO_ACTION,
} from '@slipway/plugin-delivery-node';
import { WireApplication, WireOperation } from '../argocd/wire';
import { oneOrMore } from './sources';

type Operation = NonNullable<ObservedApplication['operation']>;

/**
 * The sync that is under way, or the last one.
 *
 * `operation` on an application is what was asked for; the controller removes it
 * when it is done. Until the controller has begun, `operationState` is missing
 * or still tells of the operation before (B6: queued). A failed attempt that
 * will be tried again keeps the phase Running and has a `finishedAt` (B5).
 */
export function toOperation(
  application: WireApplication,
): Operation | undefined {
  const state = application.status?.operationState;
  const asked = queuedOperation(application);
  if (asked) {
    return {
      phase: 'queued',
      ...initiator(asked.initiatedBy),
      dryRun: asked.sync?.dryRun === true,
      partial: (asked.sync?.resources.length ?? 0) > 0,
      revisions: oneOrMore(asked.sync),
      ...actionId(asked),
    };
  }
  if (!state) {
    return undefined;
  }
  const sync = state.operation?.sync;
  const applied = oneOrMore(state.syncResult);
  return {
    phase: phaseOf(state),
    message: state.message,
    startedAt: state.startedAt,
    finishedAt: state.finishedAt,
    ...initiator(state.operation?.initiatedBy),
    dryRun: sync?.dryRun === true,
    partial: (sync?.resources.length ?? 0) > 0,
    revisions: applied.length > 0 ? applied : oneOrMore(sync),
    ...actionId(state.operation),
  };
}

/** The operation that was asked for and has not begun (B6), if there is one. */
export function queuedOperation(
  application: WireApplication,
): WireOperation | undefined {
  const state = application.status?.operationState;
  const isOver =
    state === undefined ||
    phaseOf(state) === 'succeeded' ||
    phaseOf(state) === 'failed';
  return isOver ? application.operation : undefined;
}

/** Everybody who may sync in Argo CD can write it, so it is kept short. */
const ACTION_ID = /^[\w.:-]{1,100}$/;

/**
 * The action of the portal that an operation says it was started for. Left out
 * where there is none: most operations are not the portal's, and what is stored
 * of them stays as it was.
 */
function actionId(
  operation: WireOperation | undefined,
): Pick<SyncOperation, 'actionId'> {
  const value = operation?.info.find(
    ({ name }) => name === OPERATION_INFO_ACTION,
  )?.value;
  return value && ACTION_ID.test(value) ? { actionId: value } : {};
}

/** Where an operation stands, by its phase and its end. */
export function phaseOf(state: {
  phase?: string;
  finishedAt?: string;
}): SyncOperation['phase'] {
  switch (state.phase) {
    case 'Running':
      return state.finishedAt ? 'retrying' : 'running';
    case 'Terminating':
      return 'terminating';
    case 'Succeeded':
      return 'succeeded';
    case 'Failed':
    case 'Error':
      return 'failed';
    default:
      // A phase that this version does not know: all that is sure is whether
      // it is over, and success must not be claimed.
      return state.finishedAt ? 'failed' : 'running';
  }
}

function initiator(
  from: { username?: string; automated?: boolean } | undefined,
): Pick<SyncOperation, 'initiatedBy' | 'automated'> {
  const automated = from?.automated === true;
  return {
    initiatedBy: automated ? undefined : from?.username || undefined,
    automated,
  };
}
