import { ResourceChange } from '@slipway/plugin-delivery-common';
import { LiveApplication } from '@slipway/plugin-delivery-node';

/**
 * What the next sync would have to do, resource by resource, in a fixed order.
 * Hooks are none of it: they run again whatever is out of sync.
 */
export function resourceChanges(live: LiveApplication): ResourceChange[] {
  return live.resources
    .filter(({ hook, state }) => !hook && state === 'out-of-sync')
    .map(({ group, kind, namespace, name, requiresPruning }) => ({
      group,
      kind,
      ...(namespace !== undefined && { namespace }),
      name,
      change: requiresPruning ? ('prune' as const) : ('change' as const),
    }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ group, kind, namespace, name }: ResourceChange): string {
  return [group, kind, namespace ?? '', name].join('\n');
}
