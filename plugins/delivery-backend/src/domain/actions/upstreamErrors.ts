import {
  DELIVERY_ERROR_CODES,
  DeliveryErrorCode,
} from '@slipway/plugin-delivery-common';
import { UpstreamCommandErrorKind } from '@slipway/plugin-delivery-node';

/** What an upstream's refusal is to whoever asked: code and words. */
export type Refusal = { code: DeliveryErrorCode; reason: string };

/** What went wrong with a command, as far as rules are concerned. */
export type UpstreamFault = {
  kind: UpstreamCommandErrorKind;
  /** A sentence for people. */
  message: string;
  /** Whether the command may have been taken on all the same. */
  mayHaveHappened: boolean;
};

/**
 * A2, A3: what an error of an upstream means for the person. "Not found" and
 * "forbidden" are never told as "deleted" or "not allowed to you": neither is
 * known.
 */
export function refusalOf(
  fault: Pick<UpstreamFault, 'kind' | 'message'>,
): Refusal {
  const { kind, message } = fault;
  switch (kind) {
    case 'operation-in-progress':
      return {
        code: DELIVERY_ERROR_CODES.operationInProgress,
        reason:
          'Another operation is under way on the application. Wait until it is over, or end it.',
      };
    case 'no-operation':
      return {
        code: DELIVERY_ERROR_CODES.noOperation,
        reason: 'No operation is under way, so there is nothing to end.',
      };
    case 'conflict':
      return {
        code: DELIVERY_ERROR_CODES.stateChanged,
        reason: `Its state does not allow it now: ${message}`,
      };
    case 'blocked-by-sync-window':
      return {
        code: DELIVERY_ERROR_CODES.syncWindowClosed,
        reason: 'A sync window of Argo CD forbids syncs now.',
      };
    case 'not-found':
      return {
        code: DELIVERY_ERROR_CODES.upstreamRefused,
        reason: `The application was not found, or the portal’s own account may not see it: ${message}`,
      };
    case 'forbidden':
      return {
        code: DELIVERY_ERROR_CODES.upstreamRefused,
        reason: `The portal’s own account may not do this there. Ask a platform engineer: ${message}`,
      };
    case 'unauthenticated':
      return {
        code: DELIVERY_ERROR_CODES.upstreamRefused,
        reason: `The portal’s own credential is not accepted. Ask a platform engineer: ${message}`,
      };
    case 'invalid':
      return {
        code: DELIVERY_ERROR_CODES.upstreamRefused,
        reason: `The request was not understood: ${message}`,
      };
    case 'unavailable':
    case 'unexpected':
      return {
        code: DELIVERY_ERROR_CODES.upstreamUnavailable,
        reason: message,
      };
    default:
      return kind satisfies never;
  }
}
