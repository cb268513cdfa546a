import { DeploymentStatus, Observation } from '@slipway/plugin-delivery-common';

/** The colour roles of the status language. */
export type StatusRole =
  | 'positive'
  | 'info'
  | 'attention'
  | 'negative'
  | 'neutral';

/** How a status is shown. */
export type StatusLook = {
  /** The status that is shown, which names glyph and word. */
  status: DeploymentStatus;
  role: StatusRole;
  /** Last known, not present: faded, with its age beside it. */
  faded: boolean;
  /** The platform does not confirm that it belongs here: dashed outline. */
  dashed: boolean;
  /** Moves, unless the viewer prefers reduced motion. */
  moving: boolean;
};

const ROLES: { [S in DeploymentStatus]: StatusRole } = {
  healthy: 'positive',
  progressing: 'info',
  waiting: 'attention',
  degraded: 'negative',
  unknown: 'neutral',
};

/**
 * How a status is shown, given how far it can be trusted and whether the
 * platform confirms where it belongs. What was never seen is unknown, whatever
 * the status beside it says, so that nothing unseen can look healthy.
 */
export function statusLook(options: {
  status: DeploymentStatus;
  observation?: Pick<Observation, 'state'>;
  bound?: boolean;
}): StatusLook {
  const { observation, bound = true } = options;
  const status = observation?.state === 'unknown' ? 'unknown' : options.status;
  const faded = observation?.state === 'stale';
  return {
    status,
    role: ROLES[status],
    faded,
    dashed: !bound,
    // What is known from before does not move now.
    moving: status === 'progressing' && !faded,
  };
}
