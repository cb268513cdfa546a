import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { DateTime } from 'luxon';

/**
 * Whether Argo CD has looked at an application again since its last sync (B1).
 * Right after a sync it may still say "Synced and Healthy" of what was there
 * before.
 *
 * Kargo has the same rule and asks Argo CD to look; we wait, because reading
 * must not change anything.
 */
export function isVerified(options: {
  operation: ObservedApplication['operation'];
  reconciledAt: string | undefined;
}): boolean {
  const { operation, reconciledAt } = options;
  if (!operation) {
    return reconciledAt !== undefined;
  }
  switch (operation.phase) {
    case 'queued':
    case 'running':
    case 'retrying':
    case 'terminating':
      return false;
    case 'succeeded':
    case 'failed':
      return (
        reconciledAt !== undefined &&
        operation.finishedAt !== undefined &&
        DateTime.fromISO(reconciledAt) >= DateTime.fromISO(operation.finishedAt)
      );
    default:
      return operation.phase satisfies never;
  }
}

/** Whether two operations are one and the same, over at the same moment. */
export function sameOutcome(
  a: ObservedApplication['operation'],
  b: ObservedApplication['operation'],
): boolean {
  return (
    a?.phase === b?.phase &&
    a?.startedAt === b?.startedAt &&
    a?.finishedAt === b?.finishedAt
  );
}
