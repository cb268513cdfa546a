import { DeliveryErrorCode } from '@slipway/plugin-delivery-common';

/**
 * What a failed request means to the person in front of the page.
 *
 * - `starting`: the backend is loading; it will answer soon.
 * - `not-allowed`: they may not see this.
 * - `not-found`: there is no such service, or they may not know of it.
 * - `bad-address`: the address of the page asks for something impossible.
 * - `unreachable`: no answer that the delivery backend gave.
 */
export type ErrorKind =
  | 'starting'
  | 'not-allowed'
  | 'not-found'
  | 'bad-address'
  | 'unreachable';

/** What an error code means to people; no code means no answer. */
export function errorKind(code: DeliveryErrorCode | undefined): ErrorKind {
  switch (code) {
    case 'delivery.not-ready':
      return 'starting';
    case 'delivery.read-not-allowed':
    case 'delivery.activity-not-allowed':
      return 'not-allowed';
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
