import {
  LiveApplication,
  LiveOperation,
  OPERATION_INFO_ACTION,
} from '@slipway/plugin-delivery-node';
import { SyncOperation } from '@slipway/plugin-delivery-common';

/**
 * What an operation is known again by, however far it has got. An application
 * has one operation at a time, so when it began tells it from every other; one
 * that is queued has not begun, and is told by the action that it is for.
 */
export function operationKey(operation: LiveOperation | undefined): string {
  if (!operation) {
    return 'none';
  }
  const began = operation.queued ? 'queued' : operation.startedAt ?? 'unknown';
  return `${began} ${operation.infos[OPERATION_INFO_ACTION] ?? ''}`;
}

/** B2: whether an operation is the one that an action asked for. */
export function isOwn(
  operation: LiveOperation | undefined,
  actionId: string,
): operation is LiveOperation {
  return operation?.infos[OPERATION_INFO_ACTION] === actionId;
}

/**
 * Whether an operation keeps others from beginning. B6: a queued one does. B5: so
 * does one that failed and will be tried again by itself.
 */
export function isUnderWay(live: LiveApplication): boolean {
  return live.operation !== undefined && !live.operation.over;
}

/** The same, of what is known from the projections. */
export function isPhaseUnderWay(
  phase: SyncOperation['phase'] | undefined,
): boolean {
  switch (phase) {
    case 'queued':
    case 'running':
    case 'retrying':
    case 'terminating':
      return true;
    case 'succeeded':
    case 'failed':
    case undefined:
      return false;
    default:
      return phase satisfies never;
  }
}

/** Whether it is being ended already. */
export function isTerminating(live: LiveApplication): boolean {
  return live.application.operation?.phase === 'terminating';
}

/** Whether two lists of revisions, one a source, are the same. */
export function sameRevisions(a: string[], b: string[]): boolean {
  return (
    a.length === b.length &&
    a.every((revision, position) => revision === b[position])
  );
}
