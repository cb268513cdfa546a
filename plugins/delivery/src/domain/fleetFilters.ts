import {
  FLEET_GROUPINGS,
  FleetGrouping,
} from '@slipway/plugin-delivery-common';

/** What of the fleet is shown, as it stands in the address of the page. */
export type FleetFilters = {
  /** Id of a chain; every chain when absent. */
  chain?: string;
  /** Only services that the viewer owns. */
  owned: boolean;
  /** Only services that need attention. */
  problems: boolean;
  /** Text to search for; empty when there is none. */
  text: string;
  groupBy: FleetGrouping;
};

/** The whole fleet: what an address without filters means. */
export const EVERYTHING: FleetFilters = {
  chain: undefined,
  owned: false,
  problems: false,
  text: '',
  groupBy: 'system',
};

/** Parameters of the address that are filters; others are left alone. */
const KEYS = ['chain', 'owned', 'problems', 'q', 'group'] as const;

/** Reads filters from an address. What cannot be read is as if absent. */
export function readFleetFilters(params: URLSearchParams): FleetFilters {
  const group = params.get('group');
  return {
    chain: params.get('chain') || undefined,
    owned: params.get('owned') === 'true',
    problems: params.get('problems') === 'true',
    text: params.get('q') ?? '',
    groupBy:
      FLEET_GROUPINGS.find(grouping => grouping === group) ??
      EVERYTHING.groupBy,
  };
}

/**
 * Writes filters into an address. What is as in {@link EVERYTHING} is left
 * out, so that the address of the plain page stays plain.
 */
export function writeFleetFilters(
  filters: FleetFilters,
  params: URLSearchParams,
): URLSearchParams {
  const result = new URLSearchParams(params);
  KEYS.forEach(key => result.delete(key));
  if (filters.chain) {
    result.set('chain', filters.chain);
  }
  if (filters.owned) {
    result.set('owned', 'true');
  }
  if (filters.problems) {
    result.set('problems', 'true');
  }
  if (filters.text) {
    result.set('q', filters.text);
  }
  if (filters.groupBy !== EVERYTHING.groupBy) {
    result.set('group', filters.groupBy);
  }
  return result;
}

/** Whether a filter hides services; grouping hides none. */
export function hidesServices(filters: FleetFilters): boolean {
  return (
    filters.chain !== undefined ||
    filters.owned ||
    filters.problems ||
    filters.text !== ''
  );
}
