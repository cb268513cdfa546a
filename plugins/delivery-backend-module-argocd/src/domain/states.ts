import {
  HealthState,
  SyncPolicy,
  SyncState,
} from '@slipway/plugin-delivery-common';
import { WireApplication } from '../argocd/wire';

/** Argo CD's sync status. What is absent or new is `unknown`, never `synced`. */
export function toSyncState(status: string | undefined): SyncState {
  switch (status) {
    case 'Synced':
      return 'synced';
    case 'OutOfSync':
      return 'out-of-sync';
    default:
      return 'unknown';
  }
}

/** Argo CD's health. What is absent or new is `unknown`, never `healthy`. */
export function toHealthState(status: string | undefined): HealthState {
  switch (status) {
    case 'Healthy':
      return 'healthy';
    case 'Progressing':
      return 'progressing';
    case 'Suspended':
      return 'suspended';
    case 'Degraded':
      return 'degraded';
    case 'Missing':
      return 'missing';
    default:
      return 'unknown';
  }
}

/**
 * How Argo CD may act on its own. The block is enough to switch automation on,
 * unless it says `enabled: false`.
 */
export function toSyncPolicy(application: WireApplication): SyncPolicy {
  const automated = application.spec?.syncPolicy?.automated;
  return {
    automated: automated !== undefined && automated.enabled !== false,
    prune: automated?.prune === true,
    selfHeal: automated?.selfHeal === true,
  };
}
