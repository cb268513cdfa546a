import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ActivityEntry,
  DeploymentAction,
  DeploymentActionKind,
  ResourceOutcome,
} from '@slipway/plugin-delivery-common';
import { deliveryTranslationRef } from '../../translation';

/** Actions, and what comes of them, in words. */
export function useActionWords() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return {
    /** As it stands on a button. */
    name(action: DeploymentActionKind): string {
      switch (action) {
        case 'sync':
          return t('action.sync');
        case 'refresh':
          return t('action.refresh');
        case 'hard-refresh':
          return t('action.hardRefresh');
        case 'terminate':
          return t('action.terminate');
        case 'revert':
          return t('action.revert');
        default:
          throw new TypeError(`Unknown action ${action satisfies never}`);
      }
    },

    /** What it does, as a sentence. */
    help(action: DeploymentActionKind): string {
      switch (action) {
        case 'sync':
          return t('action.syncHelp');
        case 'refresh':
          return t('action.refreshHelp');
        case 'hard-refresh':
          return t('action.hardRefreshHelp');
        case 'terminate':
          return t('action.terminateHelp');
        case 'revert':
          return t('action.revertHelp');
        default:
          throw new TypeError(`Unknown action ${action satisfies never}`);
      }
    },

    /** How somebody asked to sync, such as "Prune, Force". */
    chosen(options: DeploymentAction['options'] = {}): string {
      return [
        options.prune && t('confirm.prune'),
        options.force && t('confirm.force'),
        options.serverSideApply && t('confirm.serverSideApply'),
        options.outOfSyncOnly && t('confirm.outOfSyncOnly'),
      ]
        .filter(Boolean)
        .join(', ');
    },

    /** What somebody asked for, such as "Dry run of a sync". */
    asked(
      action: DeploymentActionKind,
      options?: DeploymentAction['options'],
    ): string {
      switch (action) {
        case 'sync':
          return options?.dryRun
            ? t('action.asksDryRun')
            : t('action.asksSync');
        case 'refresh':
          return t('action.asksRefresh');
        case 'hard-refresh':
          return t('action.asksHardRefresh');
        case 'terminate':
          return t('action.asksTerminate');
        case 'revert':
          return t('action.asksRevert');
        default:
          throw new TypeError(`Unknown action ${action satisfies never}`);
      }
    },

    phase(phase: DeploymentAction['phase']): string {
      switch (phase) {
        case 'running':
          return t('action.phaseRunning');
        case 'succeeded':
          return t('action.phaseSucceeded');
        case 'failed':
          return t('action.phaseFailed');
        case 'refused':
          return t('action.phaseRefused');
        case 'unknown':
          return t('action.phaseUnknown');
        default:
          throw new TypeError(`Unknown phase ${phase satisfies never}`);
      }
    },

    event(event: ActivityEntry['event']): string {
      switch (event) {
        case 'requested':
          return t('activity.requested');
        case 'refused':
          return t('activity.refused');
        case 'succeeded':
          return t('activity.succeeded');
        case 'failed':
          return t('activity.failed');
        case 'unknown':
          return t('activity.unknown');
        default:
          throw new TypeError(`Unknown event ${event satisfies never}`);
      }
    },

    outcome(outcome: ResourceOutcome['outcome'], dryRun: boolean): string {
      switch (outcome) {
        case 'synced':
          return dryRun
            ? t('action.outcomeSyncedDryRun')
            : t('action.outcomeSynced');
        case 'pruned':
          return dryRun
            ? t('action.outcomePrunedDryRun')
            : t('action.outcomePruned');
        case 'prune-skipped':
          return t('action.outcomePruneSkipped');
        case 'failed':
          return t('action.outcomeFailed');
        case 'running':
          return t('action.outcomeRunning');
        default:
          throw new TypeError(`Unknown outcome ${outcome satisfies never}`);
      }
    },
  };
}
