import {
  ActivityEntry,
  DeploymentAction,
  DeploymentStatus,
  ResourceOutcome,
} from '@slipway/plugin-delivery-common';

/** The status whose glyph and colour an action's phase has. */
export function phaseLook(phase: DeploymentAction['phase']): DeploymentStatus {
  switch (phase) {
    case 'running':
      return 'progressing';
    case 'succeeded':
      return 'healthy';
    case 'failed':
    case 'refused':
      return 'degraded';
    case 'unknown':
      return 'unknown';
    default:
      throw new TypeError(`Unknown phase ${phase satisfies never}`);
  }
}

/** The status whose glyph and colour a line of the audit has. */
export function eventLook(event: ActivityEntry['event']): DeploymentStatus {
  return event === 'requested' ? 'progressing' : phaseLook(event);
}

/** The status whose glyph and colour a resource's outcome has. */
export function outcomeLook(
  outcome: ResourceOutcome['outcome'],
): DeploymentStatus {
  switch (outcome) {
    case 'synced':
    case 'pruned':
      return 'healthy';
    case 'prune-skipped':
      return 'waiting';
    case 'failed':
      return 'degraded';
    case 'running':
      return 'progressing';
    default:
      throw new TypeError(`Unknown outcome ${outcome satisfies never}`);
  }
}

const OUTCOMES: readonly ResourceOutcome['outcome'][] = [
  'failed',
  'running',
  'prune-skipped',
  'pruned',
  'synced',
];

/** Outcomes, what failed first: that is what people look for. */
export function sortOutcomes(outcomes: ResourceOutcome[]): ResourceOutcome[] {
  return [...outcomes].sort(
    (a, b) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome),
  );
}

/**
 * Whether an action went so well that nobody needs to read what happened to each
 * resource: all was done that could be. A dry run is made to be read.
 */
export function isPlainSuccess(action: DeploymentAction): boolean {
  return (
    action.phase === 'succeeded' &&
    !action.options.dryRun &&
    (action.outcomes ?? []).every(
      ({ outcome }) => outcomeLook(outcome) === 'healthy',
    )
  );
}
