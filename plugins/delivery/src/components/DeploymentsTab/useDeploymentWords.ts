import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  HealthState,
  ReplicaCounts,
  SyncOperation,
  SyncPolicy,
  SyncState,
} from '@slipway/plugin-delivery-common';
import { deliveryTranslationRef } from '../../translation';

/** What Argo CD and the cluster say of a deployment, in words. */
export function useDeploymentWords() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return {
    sync(state: SyncState): string {
      switch (state) {
        case 'synced':
          return t('tab.syncSynced');
        case 'out-of-sync':
          return t('tab.syncOutOfSync');
        case 'unknown':
          return t('tab.syncUnknown');
        default:
          throw new TypeError(`Unknown sync ${state satisfies never}`);
      }
    },

    health(state: HealthState): string {
      switch (state) {
        case 'healthy':
          return t('tab.healthHealthy');
        case 'progressing':
          return t('tab.healthProgressing');
        case 'suspended':
          return t('tab.healthSuspended');
        case 'degraded':
          return t('tab.healthDegraded');
        case 'missing':
          return t('tab.healthMissing');
        case 'unknown':
          return t('tab.healthUnknown');
        default:
          throw new TypeError(`Unknown health ${state satisfies never}`);
      }
    },

    operation(phase: SyncOperation['phase']): string {
      switch (phase) {
        case 'queued':
          return t('tab.operationQueued');
        case 'running':
          return t('tab.operationRunning');
        case 'retrying':
          return t('tab.operationRetrying');
        case 'terminating':
          return t('tab.operationTerminating');
        case 'succeeded':
          return t('tab.operationSucceeded');
        case 'failed':
          return t('tab.operationFailed');
        default:
          throw new TypeError(`Unknown phase ${phase satisfies never}`);
      }
    },

    /** Prune and self-heal mean nothing without automation, so are not said. */
    policy(policy: SyncPolicy): string {
      if (!policy.automated) {
        return t('tab.policyManual');
      }
      return [
        t('tab.policyAutomatic'),
        policy.prune ? t('tab.policyPrune') : t('tab.policyNoPrune'),
        policy.selfHeal ? t('tab.policySelfHeal') : t('tab.policyNoSelfHeal'),
      ].join(', ');
    },

    /** A count that nobody reported is not a zero. */
    replicas(replicas: ReplicaCounts): string {
      const { wanted, ready, updated, available } = replicas;
      const unknown = '?';
      if (wanted === undefined && ready === undefined) {
        return t('tab.replicasUnknown');
      }
      const parts: string[] = [
        t('tab.replicasReady', {
          ready: String(ready ?? unknown),
          wanted: String(wanted ?? unknown),
        }),
      ];
      if (updated !== undefined && updated !== wanted) {
        parts.push(t('tab.replicasUpdated', { updated: String(updated) }));
      }
      if (available !== undefined && available !== ready) {
        parts.push(
          t('tab.replicasAvailable', { available: String(available) }),
        );
      }
      return parts.join(', ');
    },
  };
}
