import {
  ChainDescription,
  FleetCell,
  FleetGroup,
  FleetGrouping,
  FleetPage,
  FleetQuery,
  FleetRow,
  UpstreamStatus,
} from '@slipway/plugin-delivery-common';
import { KnownCell } from './cellOf';
import { ObserveUpstream, worstObservation } from './observations';
import { ServiceState } from './serviceState';

/** How many services a page holds unless asked otherwise, and at most. */
export const FLEET_LIMIT = { default: 100, most: 500 } as const;

/** The options of {@link queryFleet}. */
export type QueryFleetOptions = {
  version: number;
  /**
   * The services that the caller may see, with the cells that the caller may
   * see, ordered by title.
   */
  services: ServiceState[];
  query: FleetQuery;
  /** Refs that the caller owns by: itself and its groups. */
  ownership: string[];
  observe: ObserveUpstream;
  chains: ChainDescription[];
  systemTitle: (systemRef: string) => string | undefined;
  upstreams: UpstreamStatus[];
  unmatchedApplications: number;
};

/** Answers a query of the fleet. */
export function queryFleet(options: QueryFleetOptions): FleetPage {
  const { services, query, ownership, observe } = options;
  const text = query.text?.trim().toLowerCase();
  const owners = new Set(ownership);
  const grouping = query.groupBy ?? 'none';
  const groups = new Map<string, GroupInProgress>();
  let found = 0;
  let attention = 0;
  for (const state of services) {
    const matches =
      (query.chain === undefined || state.chain === query.chain) &&
      (!query.owned || state.service.owners.some(owner => owners.has(owner))) &&
      (!text || state.digest.searchText.includes(text));
    if (!matches) {
      continue;
    }
    const inNeed = asksForAttention(state, observe);
    if (query.attention && !inNeed) {
      continue;
    }
    found++;
    attention += inNeed ? 1 : 0;
    const key = groupKeyOf(state, grouping);
    const group = groups.get(key);
    if (group) {
      group.members.push(state);
      group.attention += inNeed ? 1 : 0;
    } else {
      groups.set(key, { key, members: [state], attention: inNeed ? 1 : 0 });
    }
  }
  const ordered = [...groups.values()]
    .map(group => ({ ...group, title: titleOf(group.key, grouping, options) }))
    .sort((a, b) => compareGroups(a, b, grouping));
  const offset = query.offset ?? 0;
  const limit = query.limit ?? FLEET_LIMIT.default;
  return {
    version: options.version,
    chains: options.chains,
    groups: ordered.map(
      ({ key, title, members, attention: inGroup }): FleetGroup => ({
        key,
        title,
        services: members.length,
        attention: inGroup,
      }),
    ),
    rows: windowOf(ordered, offset, limit).map(({ state, group }) =>
      rowOf({ state, group, observe }),
    ),
    offset,
    totals: {
      services: found,
      attention,
      all: services.length,
      unmatchedApplications: options.unmatchedApplications,
    },
    upstreams: options.upstreams,
  };
}

type GroupInProgress = {
  key: string;
  members: ServiceState[];
  attention: number;
};

/** Whether somebody should look: a cell needs it, or cannot be trusted. */
function asksForAttention(
  { digest }: ServiceState,
  observe: ObserveUpstream,
): boolean {
  return (
    digest.attention ||
    digest.upstreamIds.some(id => observe(id).state !== 'fresh')
  );
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
  options: Pick<QueryFleetOptions, 'systemTitle'>,
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

function windowOf(
  groups: GroupInProgress[],
  offset: number,
  limit: number,
): { state: ServiceState; group: string }[] {
  const window: { state: ServiceState; group: string }[] = [];
  let start = 0;
  for (const { key, members } of groups) {
    const from = Math.max(0, offset - start);
    const room = limit - window.length;
    for (const state of members.slice(from, from + room)) {
      window.push({ state, group: key });
    }
    start += members.length;
    if (window.length >= limit) {
      break;
    }
  }
  return window;
}

function rowOf(options: {
  state: ServiceState;
  group: string;
  observe: ObserveUpstream;
}): FleetRow {
  const { state, group, observe } = options;
  const { service } = state;
  const cells: { [environment: string]: FleetCell } = {};
  for (const [environment, cell] of state.cells) {
    cells[environment] = fleetCellOf(cell, observe);
  }
  return {
    entityRef: service.entityRef,
    title: service.title,
    ...(service.owners[0] !== undefined && { owner: service.owners[0] }),
    chain: state.chain,
    group,
    cells,
  };
}

function fleetCellOf(cell: KnownCell, observe: ObserveUpstream): FleetCell {
  const { sources, ...shown } = cell;
  return { ...shown, observation: worstObservation(sources, observe) };
}
