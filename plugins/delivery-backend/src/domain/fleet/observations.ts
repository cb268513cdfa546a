import { Observation } from '@slipway/plugin-delivery-common';
import { observeCondition } from '../status/observe';
import { KnownDeployment } from './deploymentOf';

/** How far each upstream can be trusted now. */
export type ObserveUpstream = (upstreamId: string) => Observation;

const WORST_FIRST: Observation['state'][] = ['unknown', 'stale', 'fresh'];

/** How far what is known of a deployment can be trusted now. */
export function observationOf(
  source: Pick<KnownDeployment, 'upstreamId' | 'staleCondition'>,
  observe: ObserveUpstream,
): Observation {
  return observeCondition(observe(source.upstreamId), source.staleCondition);
}

/** How far a sum of several deployments can be trusted: as the worst of them. */
export function worstObservation(
  sources: Pick<KnownDeployment, 'upstreamId' | 'staleCondition'>[],
  observe: ObserveUpstream,
): Observation {
  return sources
    .map(source => observationOf(source, observe))
    .reduce((worst, next) => {
      const order =
        WORST_FIRST.indexOf(next.state) - WORST_FIRST.indexOf(worst.state);
      const older =
        order === 0 && (next.observedAt ?? '') < (worst.observedAt ?? '');
      return order < 0 || older ? next : worst;
    });
}
