import {
  deliveryErrorCode,
  isSessionEnded,
} from '@slipway/plugin-delivery-react';

/**
 * What a failed request means to the person in front of the page.
 *
 * - `starting`: the backend is loading; it will answer soon.
 * - `session-ended`: the backend no longer knows who asks.
 * - `not-allowed`: they may not see these deployments.
 * - `activity-not-allowed`: they may not read this activity.
 * - `not-found`: there is no such service, or they may not know of it.
 * - `bad-address`: the address of the page asks for something impossible.
 * - `unreachable`: no answer that the delivery backend gave.
 */
export type ErrorKind =
  | 'starting'
  | 'session-ended'
  | 'not-allowed'
  | 'activity-not-allowed'
  | 'not-found'
  | 'bad-address'
  | 'unreachable';

/** What an error means to people; one without a code means no answer. */
export function errorKind(error: unknown): ErrorKind {
  if (isSessionEnded(error)) {
    return 'session-ended';
  }
  switch (deliveryErrorCode(error)) {
    case 'delivery.not-ready':
      return 'starting';
    case 'delivery.read-not-allowed':
      return 'not-allowed';
    case 'delivery.activity-not-allowed':
      return 'activity-not-allowed';
    case 'delivery.entity-not-found':
      return 'not-found';
    case 'delivery.invalid-parameter':
    case 'delivery.invalid-cursor':
      return 'bad-address';
    // The other codes answer to actions, and say in place what stands in the way
    default:
      return 'unreachable';
  }
}
