import { ObservedApplication } from '@slipway/plugin-delivery-node';

/** What of a moving application has to be read to see it settle. */
export type Movement = {
  /** Its object: Argo CD has not looked again since the last sync. */
  object: boolean;
  /** Its workloads: replicas come and go. */
  workloads: boolean;
};

/**
 * Whether an application is on its way somewhere that the event stream does not
 * tell of: it sends no replica counts, and not when Argo CD last looked.
 */
export function movementOf(
  application: ObservedApplication,
): Movement | undefined {
  const { operation, workloads = [] } = application;
  const isOver =
    operation?.phase === 'succeeded' || operation?.phase === 'failed';
  const object = isOver && !application.verified;
  const isProgressing = application.health.state === 'progressing';
  const isUnsettled =
    application.health.state === 'healthy' &&
    workloads.some(workload => workload.live && !workload.settled);
  const replicasMove = (isProgressing && workloads.length > 0) || isUnsettled;
  return object || replicasMove
    ? { object, workloads: replicasMove }
    : undefined;
}

/**
 * Seconds until a moving application is read the next time, or `undefined` when
 * that was tried for a quarter of an hour: then only an event starts it again.
 *
 * @param attempt - how many times it was read since it last changed
 */
export function secondsToNextLook(attempt: number): number | undefined {
  if (attempt < 40) {
    return 3;
  }
  if (attempt < 56) {
    return 15;
  }
  return attempt < 65 ? 60 : undefined;
}
