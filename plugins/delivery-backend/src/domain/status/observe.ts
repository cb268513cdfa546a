import {
  DeploymentCondition,
  Observation,
  UpstreamStatus,
} from '@slipway/plugin-delivery-common';
import { UNREADABLE_CONDITION } from '@slipway/plugin-delivery-node';
import { DateTime } from 'luxon';

/**
 * How far what is known through an upstream can be trusted now.
 *
 * `live` alone does not make it fresh: the replica that wrote `live` may be
 * gone. Only a sign of life that is younger than `freshFor` does.
 */
export function observe(options: {
  upstream: UpstreamStatus | undefined;
  /** Id of the upstream, for one of which nothing is stored. */
  source: string;
  /** Now, ISO 8601. */
  now: string;
  /** How long a sign of life counts: milliseconds. */
  freshForMs: number;
}): Observation {
  const { upstream, source, now, freshForMs } = options;
  if (!upstream) {
    return {
      source,
      state: 'unknown',
      reason: `Nothing is known of ${source}: it is not configured any more.`,
    };
  }
  const { lastContactAt, title, state } = upstream;
  if (lastContactAt === undefined) {
    return {
      source,
      state: 'unknown',
      reason: upstream.reason ?? `${title} has not been reached yet.`,
    };
  }
  const age = DateTime.fromISO(now)
    .diff(DateTime.fromISO(lastContactAt))
    .toMillis();
  if (state === 'live' && age <= freshForMs) {
    return { source, state: 'fresh', observedAt: lastContactAt };
  }
  return {
    source,
    state: 'stale',
    observedAt: lastContactAt,
    reason: staleReason(upstream),
  };
}

function staleReason({ state, title, reason }: UpstreamStatus): string {
  switch (state) {
    case 'live':
      return `No replica of the portal has heard from ${title} lately.`;
    case 'connecting':
      return reason ?? `${title} is being reached again.`;
    case 'down':
      return reason ?? `${title} cannot be reached.`;
    case 'refused':
      return reason ?? `${title} refuses the portal's credential.`;
    default: {
      const exhausted: never = state;
      throw new TypeError(`Unexpected state ${exhausted}`);
    }
  }
}

/**
 * B15: what Argo CD itself calls stale is stale, however well it is connected;
 * and so is what cannot be read any more.
 */
export function observeCondition(
  observation: Observation,
  condition: DeploymentCondition | undefined,
): Observation {
  if (!condition || observation.state !== 'fresh') {
    return observation;
  }
  return {
    ...observation,
    state: 'stale',
    reason:
      condition.type === UNREADABLE_CONDITION
        ? condition.message
        : `Argo CD says so itself: ${condition.message}`,
  };
}
