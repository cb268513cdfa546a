import { FleetPage } from '@slipway/plugin-delivery-common';

/**
 * Whether some service serves, or is asked to serve, another release than
 * before. Such a change comes from an upstream and so has a signal. Services
 * and environments that come or go do not count: the catalog may have said so,
 * which nobody signals.
 */
export function servesAnother(
  before: Pick<FleetPage, 'rows'>,
  after: Pick<FleetPage, 'rows'>,
): boolean {
  const rows = new Map(before.rows.map(row => [row.entityRef, row.cells]));
  return after.rows.some(({ entityRef, cells }) =>
    Object.entries(cells).some(([environment, cell]) => {
      const old = rows.get(entityRef)?.[environment];
      return (
        old !== undefined &&
        (old.serving?.label !== cell.serving?.label ||
          old.wanted?.label !== cell.wanted?.label)
      );
    }),
  );
}
