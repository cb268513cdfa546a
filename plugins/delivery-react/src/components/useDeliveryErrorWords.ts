import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { DeliveryErrorCode } from '@slipway/plugin-delivery-common';
import {
  deliveryErrorCode,
  deliveryErrorMessage,
  isSessionEnded,
} from '../api';
import { deliveryReactTranslationRef } from '../translation';

/**
 * An error as people read it.
 *
 * @public
 */
export type ErrorWords = {
  /** What happened, as a sentence. */
  title: string;
  /** What the backend says of it, or what to do, as sentences. */
  detail: string;
};

/**
 * Says what went wrong, in the words of the viewer's language, and what to do
 * about it. Where the backend explains itself its own sentences are the detail.
 *
 * @public
 */
export function useDeliveryErrorWords(): (error: unknown) => ErrorWords {
  const { t } = useTranslationRef(deliveryReactTranslationRef);
  return error => {
    const code = deliveryErrorCode(error);
    if (code === undefined) {
      return isSessionEnded(error)
        ? {
            title: t('error.sessionEndedTitle'),
            detail: t('error.sessionEndedDetail'),
          }
        : {
            title: t('error.noAnswerTitle'),
            detail: t('error.noAnswerDetail'),
          };
    }
    const { title, detail } = words(code);
    return { title, detail: deliveryErrorMessage(error) ?? detail };
  };

  function words(code: DeliveryErrorCode): ErrorWords {
    switch (code) {
      case 'delivery.entity-not-found':
        return {
          title: t('error.entityNotFoundTitle'),
          detail: t('error.entityNotFoundDetail'),
        };
      case 'delivery.read-not-allowed':
        return {
          title: t('error.readNotAllowedTitle'),
          detail: t('error.readNotAllowedDetail'),
        };
      case 'delivery.activity-not-allowed':
        return {
          title: t('error.activityNotAllowedTitle'),
          detail: t('error.activityNotAllowedDetail'),
        };
      case 'delivery.invalid-parameter':
      case 'delivery.invalid-cursor':
      case 'delivery.target-required':
      case 'delivery.idempotency-key-reused':
        return {
          title: t('error.badRequestTitle'),
          detail: t('error.badRequestDetail'),
        };
      case 'delivery.not-ready':
        return {
          title: t('error.notReadyTitle'),
          detail: t('error.notReadyDetail'),
        };
      case 'delivery.action-not-allowed':
        return {
          title: t('error.actionNotAllowedTitle'),
          detail: t('error.actionNotAllowedDetail'),
        };
      case 'delivery.deployment-not-found':
        return {
          title: t('error.deploymentNotFoundTitle'),
          detail: t('error.deploymentNotFoundDetail'),
        };
      case 'delivery.action-not-found':
        return {
          title: t('error.actionNotFoundTitle'),
          detail: t('error.actionNotFoundDetail'),
        };
      case 'delivery.unbound':
        return {
          title: t('error.unboundTitle'),
          detail: t('error.unboundDetail'),
        };
      case 'delivery.read-only':
        return {
          title: t('error.readOnlyTitle'),
          detail: t('error.readOnlyDetail'),
        };
      case 'delivery.state-changed':
        return {
          title: t('error.stateChangedTitle'),
          detail: t('error.stateChangedDetail'),
        };
      case 'delivery.operation-in-progress':
        return {
          title: t('error.operationInProgressTitle'),
          detail: t('error.operationInProgressDetail'),
        };
      case 'delivery.no-operation':
        return {
          title: t('error.noOperationTitle'),
          detail: t('error.noOperationDetail'),
        };
      case 'delivery.sync-window-closed':
        return {
          title: t('error.syncWindowClosedTitle'),
          detail: t('error.syncWindowClosedDetail'),
        };
      case 'delivery.nothing-to-revert':
        return {
          title: t('error.nothingToRevertTitle'),
          detail: t('error.nothingToRevertDetail'),
        };
      case 'delivery.revert-conflict':
        return {
          title: t('error.revertConflictTitle'),
          detail: t('error.revertConflictDetail'),
        };
      case 'delivery.upstream-refused':
        return {
          title: t('error.upstreamRefusedTitle'),
          detail: t('error.upstreamRefusedDetail'),
        };
      case 'delivery.upstream-unavailable':
        return {
          title: t('error.upstreamUnavailableTitle'),
          detail: t('error.upstreamUnavailableDetail'),
        };
      default:
        throw new TypeError(`Unknown code ${code satisfies never}`);
    }
  }
}
