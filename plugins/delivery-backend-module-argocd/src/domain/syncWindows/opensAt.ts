import { SyncWindow } from '@slipway/plugin-delivery-node';
import { DateTime, Duration, Zone } from 'luxon';
import { CronSchedule, cronSchedule } from './cronSchedule';
import { goDuration } from './goDuration';
import { syncAllowed, WindowState } from './syncAllowed';
import { reaches, wallClock, zoneOf } from './wallClock';

/** Further than this nobody plans. */
const LOOK_AHEAD: Duration = Duration.fromObject({ years: 1 });

/**
 * Looks at schedules before giving up: windows that follow one another without
 * a gap never end, and the search must.
 */
const MOST_LOOKS = 200;

/** A sync window whose schedule could be read. */
type Scheduled = Pick<WindowState, 'kind' | 'manualSync'> & {
  schedule: CronSchedule;
  duration: Duration;
  zone: Zone;
};

/**
 * When a person may sync next, from an instant on at which none may.
 *
 * Argo CD evaluates a schedule on the clock on the wall of the window's zone, at
 * the offset that the zone has at that moment (F4): a window from 22:00 begins
 * when the clock shows 22:00, in summer and in winter. At a change of the clock
 * everything is looked at anew, because a window may begin, end or come again.
 *
 * @returns `undefined` when it cannot be told: a schedule or a zone is not
 * known, a person may sync at that instant by this rule, or it is further off
 * than a year
 */
export function opensAt(options: {
  windows: readonly Omit<SyncWindow, 'active'>[];
  now: DateTime;
}): DateTime | undefined {
  const { now } = options;
  const windows: Scheduled[] = [];
  for (const window of options.windows) {
    const scheduled = readSchedule(window);
    if (!scheduled) {
      return undefined;
    }
    windows.push(scheduled);
  }
  const until = now.plus(LOOK_AHEAD);
  let at = now;
  for (let looks = 0; looks < MOST_LOOKS; looks += windows.length) {
    const states = statesAt(windows, at);
    if (syncAllowed(states)) {
      return at === now ? undefined : at;
    }
    const next = nextChance(states, at);
    if (!next || next > until) {
      return undefined;
    }
    at = next;
  }
  return undefined;
}

/** Whether a window is active; `undefined` when its schedule is not known. */
export function isActive(
  window: Omit<SyncWindow, 'active'>,
  at: DateTime,
): boolean | undefined {
  const scheduled = readSchedule(window);
  return scheduled && endOf(scheduled, at) !== undefined;
}

function readSchedule(
  window: Omit<SyncWindow, 'active'>,
): Scheduled | undefined {
  const schedule = cronSchedule(window.schedule);
  const duration = goDuration(window.duration);
  if (!schedule || !duration || window.timeZone === undefined) {
    return undefined;
  }
  const { kind, manualSync } = window;
  return {
    kind,
    manualSync,
    schedule,
    duration,
    zone: zoneOf(window.timeZone),
  };
}

function statesAt(
  windows: readonly Scheduled[],
  at: DateTime,
): Array<Scheduled & WindowState> {
  return windows.map(window => ({
    ...window,
    active: endOf(window, at) !== undefined,
  }));
}

/**
 * The earliest later instant at which the answer can be another one: when every
 * active window that keeps people out has ended, or else when one begins that
 * lets them through.
 */
function nextChance(
  windows: readonly (Scheduled & WindowState)[],
  at: DateTime,
): DateTime | undefined {
  const closing = windows.filter(
    ({ kind, active, manualSync }) => kind === 'deny' && active && !manualSync,
  );
  if (closing.length > 0) {
    return DateTime.max(...closing.flatMap(window => endOf(window, at) ?? []));
  }
  const letting = windows.filter(
    ({ kind, manualSync }) => kind === 'allow' || manualSync,
  );
  const begins = letting.flatMap(window => beginOf(window, at) ?? []);
  return begins.length > 0 ? DateTime.min(...begins) : undefined;
}

/** When an active window ends; `undefined` when it is not active. */
function endOf(window: Scheduled, at: DateTime): DateTime | undefined {
  const { schedule, duration, zone } = window;
  const wall = wallClock(at, zone);
  const end = schedule.atOrBefore(wall)?.plus(duration);
  return end && end > wall ? reaches({ wall: end, from: at, zone }) : undefined;
}

function beginOf(window: Scheduled, at: DateTime): DateTime | undefined {
  const { schedule, zone } = window;
  const wall = schedule.after(wallClock(at, zone));
  return wall && reaches({ wall, from: at, zone });
}
