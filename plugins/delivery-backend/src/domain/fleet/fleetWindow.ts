import { FleetSelection } from './selectFleet';
import { ServiceState } from './serviceState';

/** How many services a window holds unless asked otherwise, and at most. */
export const FLEET_LIMIT = { default: 100, most: 500 } as const;

/** A service in a window, with the key of the group that it stands in. */
export type WindowedService = { state: ServiceState; group: string };

/** Cuts a window out of what a query found, across its groups. */
export function fleetWindow(
  { groups }: Pick<FleetSelection, 'groups'>,
  window: { offset: number; limit: number },
): WindowedService[] {
  const { offset, limit } = window;
  const found: WindowedService[] = [];
  let start = 0;
  for (const { key, members } of groups) {
    if (found.length >= limit) {
      break;
    }
    const from = Math.max(0, offset - start);
    for (const state of members.slice(from, from + limit - found.length)) {
      found.push({ state, group: key });
    }
    start += members.length;
  }
  return found;
}
