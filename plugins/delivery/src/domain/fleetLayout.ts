import { FleetGroup, FleetGrouping } from '@slipway/plugin-delivery-common';

/** One line of the fleet. */
export type FleetItem =
  | { kind: 'group'; group: FleetGroup }
  | { kind: 'service'; service: number };

/**
 * The lines of the fleet, known from the counts of its groups alone, so that
 * line 4,000 has its place before any of the services above it was loaded.
 */
export type FleetLayout = {
  /** How many lines there are. */
  count: number;
  /** What stands on a line; `undefined` outside the fleet. */
  itemAt: (line: number) => FleetItem | undefined;
};

/**
 * Lays the fleet out: for each group its heading and then its services, in the
 * order of the groups; without grouping there are no headings.
 */
export function layoutFleet(
  groups: FleetGroup[],
  grouping: FleetGrouping,
): FleetLayout {
  if (grouping === 'none') {
    const services = groups.reduce((sum, group) => sum + group.services, 0);
    return {
      count: services,
      itemAt: line =>
        line >= 0 && line < services
          ? { kind: 'service', service: line }
          : undefined,
    };
  }

  const filled = groups.filter(group => group.services > 0);
  const headings: number[] = [];
  let count = 0;
  for (const group of filled) {
    headings.push(count);
    count += 1 + group.services;
  }
  return {
    count,
    itemAt(line) {
      if (line < 0 || line >= count) {
        return undefined;
      }
      const index = lastAtOrBefore(headings, line);
      return line === headings[index]
        ? { kind: 'group', group: filled[index] }
        : // Each heading so far takes a line that is no service.
          { kind: 'service', service: line - index - 1 };
    },
  };
}

/** The services that lie on a range of lines, or `undefined` if none does. */
export function servicesBetween(
  layout: FleetLayout,
  firstLine: number,
  lastLine: number,
): { first: number; last: number } | undefined {
  let first: number | undefined;
  let last: number | undefined;
  for (let line = firstLine; line <= lastLine; line++) {
    const item = layout.itemAt(line);
    if (item?.kind === 'service') {
      first ??= item.service;
      last = item.service;
    }
  }
  return first === undefined || last === undefined
    ? undefined
    : { first, last };
}

/** Index of the last number that is not greater than `value`, in a sorted list. */
function lastAtOrBefore(sorted: number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sorted[middle] <= value) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
