import {
  FleetGroup,
  FleetGrouping,
  FleetQuery,
} from '@slipway/plugin-delivery-common';
import { ServiceState } from './serviceState';

/** What of the fleet is asked for, whichever window of it is shown. */
export type FleetFilters = Omit<FleetQuery, 'offset' | 'limit' | 'atLeast'>;

/** The services that a query found, in the order in which they are listed. */
export type FleetSelection = {
  groups: SelectedGroup[];
  totals: {
    /** Services that were found. */
    services: number;
    /** How many of them need attention. */
    attention: number;
    /** Services there are at all, that the caller may see. */
    all: number;
  };
};

/** A group of the services that were found. */
export type SelectedGroup = FleetGroup & {
  /** Ordered by title. */
  members: ServiceState[];
};

/** The options of {@link selectFleet}. */
export type SelectFleetOptions = {
  /**
   * The services that the caller may see, with the cells that the caller may
   * see, ordered by title.
   */
  services: ServiceState[];
  filters: FleetFilters;
  /** Refs that the caller owns by: itself and its groups. */
  ownership: string[];
  /** Whether what is known through an upstream can be trusted now. */
  isFresh: (upstreamId: string) => boolean;
  systemTitle: (systemRef: string) => string | undefined;
};

/**
 * Finds and groups the services that a query asks for. This looks at every
 * service, and every window on the same query shares what it finds.
 */
export function selectFleet(options: SelectFleetOptions): FleetSelection {
  const { services, filters, ownership, isFresh } = options;
  const text = filters.text?.trim().toLowerCase();
  const owners = new Set(ownership);
  const grouping = filters.groupBy ?? 'none';
  const groups = new Map<string, SelectedGroup>();
  let found = 0;
  let attention = 0;
  for (const state of services) {
    const matches =
      (filters.chain === undefined || state.chain === filters.chain) &&
      (!filters.owned ||
        state.service.owners.some(owner => owners.has(owner))) &&
      (!text || state.digest.searchText.includes(text));
    if (!matches) {
      continue;
    }
    const inNeed = asksForAttention(state, isFresh);
    if (filters.attention && !inNeed) {
      continue;
    }
    const key = groupKeyOf(state, grouping);
    let group = groups.get(key);
    if (!group) {
      const title = titleOf(key, grouping, options);
      group = { key, title, services: 0, attention: 0, members: [] };
      groups.set(key, group);
    }
    group.members.push(state);
    group.services++;
    found++;
    if (inNeed) {
      group.attention++;
      attention++;
    }
  }
  return {
    groups: [...groups.values()].sort((a, b) => compareGroups(a, b, grouping)),
    totals: { services: found, attention, all: services.length },
  };
}

/** Whether somebody should look: a cell needs it, or cannot be trusted. */
function asksForAttention(
  { digest }: ServiceState,
  isFresh: (upstreamId: string) => boolean,
): boolean {
  return digest.attention || !digest.upstreamIds.every(isFresh);
}

/** Key of the group of services that belong to none. */
const NO_GROUP = '';

function groupKeyOf(state: ServiceState, grouping: FleetGrouping): string {
  switch (grouping) {
    case 'system':
      return state.service.system ?? NO_GROUP;
    case 'namespace':
      return state.namespace;
    case 'wave':
      return state.wave === undefined ? NO_GROUP : String(state.wave);
    case 'none':
      return NO_GROUP;
    default: {
      const exhausted: never = grouping;
      throw new TypeError(`Unexpected grouping ${exhausted}`);
    }
  }
}

function titleOf(
  key: string,
  grouping: FleetGrouping,
  options: Pick<SelectFleetOptions, 'systemTitle'>,
): string {
  switch (grouping) {
    case 'system':
      return key === NO_GROUP
        ? 'No system'
        : options.systemTitle(key) ?? key.split('/').pop() ?? key;
    case 'namespace':
      return key;
    case 'wave':
      return key === NO_GROUP ? 'No sync wave' : `Wave ${key}`;
    case 'none':
      return 'All services';
    default: {
      const exhausted: never = grouping;
      throw new TypeError(`Unexpected grouping ${exhausted}`);
    }
  }
}

const byTitle = new Intl.Collator('en', { numeric: true });

function compareGroups(
  a: { key: string; title: string },
  b: { key: string; title: string },
  grouping: FleetGrouping,
): number {
  if (a.key === NO_GROUP || b.key === NO_GROUP) {
    return a.key === NO_GROUP ? 1 : -1;
  }
  return grouping === 'wave'
    ? Number(a.key) - Number(b.key)
    : byTitle.compare(a.title, b.title) || (a.key < b.key ? -1 : 1);
}
