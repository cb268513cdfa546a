import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  DeploymentActionKind,
  SyncOptions,
} from '@slipway/plugin-delivery-common';
import { deliveryTranslationRef } from '../../translation';

/** What the button of a confirmation says, and how it looks. */
export function useConfirmWords() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return {
    /** Exactly what the press does, and where. */
    confirm(
      action: DeploymentActionKind,
      options: SyncOptions,
      environment: string,
    ): string {
      switch (action) {
        case 'sync':
          if (options.force) {
            return options.prune
              ? t('confirm.doSyncForcePrune', { environment })
              : t('confirm.doSyncForce', { environment });
          }
          return options.prune
            ? t('confirm.doSyncPrune', { environment })
            : t('confirm.doSync', { environment });
        case 'refresh':
          return t('confirm.doRefresh', { environment });
        case 'hard-refresh':
          return t('confirm.doHardRefresh', { environment });
        case 'terminate':
          return t('confirm.doTerminate');
        case 'revert':
          return t('confirm.doRevert', { environment });
        default:
          throw new TypeError(`Unknown action ${action satisfies never}`);
      }
    },

    /** Whether it takes something away: then it looks like that. */
    destructive(action: DeploymentActionKind, options: SyncOptions): boolean {
      switch (action) {
        case 'terminate':
        case 'revert':
          return true;
        case 'sync':
          return Boolean(options.prune || options.force);
        case 'refresh':
        case 'hard-refresh':
          return false;
        default:
          throw new TypeError(`Unknown action ${action satisfies never}`);
      }
    },
  };
}
