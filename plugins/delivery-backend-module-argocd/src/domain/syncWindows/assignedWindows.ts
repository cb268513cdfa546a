import { SyncWindow } from '@slipway/plugin-delivery-node';
import { DateTime } from 'luxon';
import { WireProjectWindow, WireSyncWindow } from '../../argocd/wire';
import { isActive } from './opensAt';

/**
 * The sync windows that concern an application.
 *
 * Argo CD says of an application which windows concern it and which of them are
 * active, but neither their time zone nor what they are for: that is in its
 * project. The two are matched by all that both say. Where that is ambiguous,
 * or the project could not be read, zone and description stay unknown rather
 * than guessed.
 */
export function assignedWindows(options: {
  /** Those that concern the application. */
  assigned: readonly WireSyncWindow[];
  /** Those of them that are active. */
  active: readonly WireSyncWindow[];
  /** All windows of its project; `undefined` when it could not be read. */
  ofProject: readonly WireProjectWindow[] | undefined;
  now: DateTime;
}): SyncWindow[] {
  const { assigned, active, ofProject, now } = options;
  return assigned.map(window => {
    const key = keyOf(window);
    const alike = assigned.filter(other => keyOf(other) === key);
    const described = {
      kind: kindOf(window),
      schedule: window.schedule ?? '',
      duration: window.duration ?? '',
      manualSync: window.manualSync === true,
      ...detailsOf({
        candidates: ofProject?.filter(other => keyOf(other) === key) ?? [],
        alike: alike.length,
        position: alike.indexOf(window),
      }),
    };
    const activeAlike = active.filter(other => keyOf(other) === key).length;
    return {
      ...described,
      active:
        activeAlike === 0 || activeAlike === alike.length
          ? activeAlike > 0
          : isActive(described, now) ?? true,
    };
  });
}

/** What the project adds to a window, as far as it is the same for all alike. */
function detailsOf(options: {
  candidates: readonly WireProjectWindow[];
  /** How many of the application's windows look the same. */
  alike: number;
  position: number;
}): Pick<SyncWindow, 'timeZone' | 'description'> {
  const { candidates, alike, position } = options;
  const zones = candidates.map(window => window.timeZone || 'UTC');
  const descriptions = candidates.map(
    window => window.description || undefined,
  );
  // All that look the same concern the application, in the project's order.
  const byPosition = candidates.length === alike;
  const pick = <T>(values: readonly T[]): T | undefined => {
    if (byPosition) {
      return values[position];
    }
    return new Set(values).size === 1 ? values[0] : undefined;
  };
  return { timeZone: pick(zones), description: pick(descriptions) };
}

/** Anything but `deny` allows: the other kind is the one that Argo CD knows. */
function kindOf(window: WireSyncWindow): SyncWindow['kind'] {
  return window.kind === 'deny' ? 'deny' : 'allow';
}

function keyOf(window: WireSyncWindow): string {
  const { kind, schedule, duration, manualSync } = window;
  return JSON.stringify([kind, schedule, duration, manualSync === true]);
}
