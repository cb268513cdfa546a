import { FleetCell, FleetRow } from '@slipway/plugin-delivery-common';
import { KnownCell } from './cellOf';
import { ObserveUpstream, worstObservation } from './observations';
import { ServiceState } from './serviceState';

/** A service as the fleet lists it, whichever group it stands in. */
export function fleetRow(
  state: ServiceState,
  observe: ObserveUpstream,
): Omit<FleetRow, 'group'> {
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
    cells,
  };
}

function fleetCellOf(cell: KnownCell, observe: ObserveUpstream): FleetCell {
  const { sources, ...shown } = cell;
  return { ...shown, observation: worstObservation(sources, observe) };
}
