import { DateTime } from 'luxon';
import { Application, AppProject, SyncWindow } from '../wire';
import { RegisteredCluster } from './destinations';
import { goDuration } from './goDuration';
import { globMatches } from '../rbac';

/** The windows of a project that concern an application. */
export function windowsOf(options: {
  application: Application;
  project: AppProject;
  cluster: RegisteredCluster;
}): SyncWindow[] {
  const { application, project, cluster } = options;
  const { name } = application.metadata;
  const namespace = application.spec.destination.namespace ?? '';
  return (project.spec?.syncWindows ?? []).filter(window => {
    const selectors = (
      [
        [window.applications, [name]],
        [window.namespaces, [namespace]],
        [window.clusters, [cluster.name, cluster.server]],
      ] as const
    ).filter(([patterns]) => patterns !== undefined && patterns.length > 0);
    const matching = selectors.filter(([patterns = [], values]) =>
      patterns.some(pattern =>
        values.some(value => globMatches(pattern, value)),
      ),
    );
    return window.andOperator
      ? selectors.length > 0 && matching.length === selectors.length
      : matching.length > 0;
  });
}

/** Whether a window is open at an instant, in the window's own time zone. */
export function isActive(window: SyncWindow, now: Date): boolean {
  const seconds = goDuration(window.duration, 0);
  const zone = window.timeZone || 'UTC';
  const matches = cronMatcher(window.schedule ?? '');
  const end = DateTime.fromJSDate(now, { zone });
  if (!matches || !end.isValid) return false;
  // The window is open when it started at most its duration ago.
  const minutes = Math.ceil(seconds / 60);
  const start = end.startOf('minute');
  for (let ago = 0; ago <= minutes; ago++) {
    const minute = start.minus({ minutes: ago });
    if (end.diff(minute).as('seconds') >= seconds) return false;
    if (matches(minute)) return true;
  }
  return false;
}

/**
 * Whether windows let an application sync now: no window at all is open, a
 * closed allow-window is closed, deny beats allow, `manualSync` lets people
 * through.
 */
export function syncIsAllowed(options: {
  windows: readonly SyncWindow[];
  now: Date;
  manual: boolean;
}): boolean {
  const { windows, now, manual } = options;
  const active = windows.filter(window => isActive(window, now));
  const denying = active.filter(window => window.kind === 'deny');
  if (denying.length > 0) {
    return manual && denying.every(window => window.manualSync === true);
  }
  const allowing = windows.filter(window => window.kind === 'allow');
  if (allowing.length === 0) return true;
  if (active.some(window => window.kind === 'allow')) return true;
  return manual && allowing.every(window => window.manualSync === true);
}

const LIMITS: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];

const NAMES = [
  'sun mon tue wed thu fri sat'.split(' '),
  'jan feb mar apr may jun jul aug sep oct nov dec'.split(' '),
];

/** Matches minutes against a cron expression of five fields. */
function cronMatcher(
  schedule: string,
): ((minute: DateTime) => boolean) | undefined {
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const sets = fields.map((field, index) => cronField(field, LIMITS[index]));
  if (sets.some(set => set === undefined)) return undefined;
  const [minutes, hours, days, months, weekdays] = sets as Set<number>[];
  const anyDay = fields[2].startsWith('*');
  const anyWeekday = fields[4].startsWith('*');
  return time => {
    const day = days.has(time.day);
    const weekday = weekdays.has(time.weekday % 7);
    // Cron's oldest rule: two restricted day fields are joined by "or".
    const byDay = anyDay || anyWeekday ? day && weekday : day || weekday;
    return (
      minutes.has(time.minute) &&
      hours.has(time.hour) &&
      months.has(time.month) &&
      byDay
    );
  };
}

function cronField(
  field: string,
  [lowest, highest]: readonly [number, number],
): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of field.toLowerCase().split(',')) {
    const match = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const [, from, to, every] = match;
    const first = from === '*' ? lowest : cronNumber(from, highest);
    let last = first;
    if (to !== undefined) last = cronNumber(to, highest);
    else if (from === '*' || every !== undefined) last = highest;
    if (Number.isNaN(first) || Number.isNaN(last)) return undefined;
    for (let value = first; value <= last; value += Number(every ?? 1)) {
      values.add(highest === 6 ? value % 7 : value);
    }
  }
  return values;
}

function cronNumber(text: string, highest: number): number {
  if (/^\d+$/.test(text)) return Number(text);
  if (highest === 6) return indexOrNaN(NAMES[0], text, 0);
  return highest === 12 ? indexOrNaN(NAMES[1], text, 1) : NaN;
}

function indexOrNaN(names: readonly string[], text: string, base: number) {
  const index = names.indexOf(text);
  return index < 0 ? NaN : index + base;
}
