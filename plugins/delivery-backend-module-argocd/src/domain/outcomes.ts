import { ResourceOutcome } from '@slipway/plugin-delivery-common';
import { WireResourceResult } from '../argocd/wire';

/**
 * What an operation did to each resource, in Argo CD's order. Entries without
 * kind or name say nothing and are left out.
 */
export function toOutcomes(
  results: readonly WireResourceResult[],
): ResourceOutcome[] {
  return results.flatMap(result => {
    const { group, kind, namespace, name, message, hookType } = result;
    if (!kind || !name) {
      return [];
    }
    return {
      group: group ?? '',
      kind,
      namespace: namespace || undefined,
      name,
      outcome: outcomeOf(result),
      message: message || undefined,
      hook: hookType || undefined,
    };
  });
}

/**
 * Of a hook the phase counts: it was applied when it began, and that says nothing
 * of how it ended. Of anything else the status counts; its phase only says that
 * the operation waits for its health.
 */
function outcomeOf(result: WireResourceResult): ResourceOutcome['outcome'] {
  if (result.hookType) {
    return result.status === 'SyncFailed'
      ? 'failed'
      : outcomeOfPhase(result.hookPhase);
  }
  switch (result.status) {
    case 'Synced':
      return 'synced';
    case 'Pruned':
      return 'pruned';
    case 'PruneSkipped':
      return 'prune-skipped';
    case 'SyncFailed':
      return 'failed';
    default:
      return outcomeOfPhase(result.hookPhase);
  }
}

/** A phase that this version does not know claims no success. */
function outcomeOfPhase(phase: string | undefined): ResourceOutcome['outcome'] {
  switch (phase) {
    case 'Succeeded':
      return 'synced';
    case 'Failed':
    case 'Error':
      return 'failed';
    default:
      return 'running';
  }
}
