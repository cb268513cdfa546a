export { useFleet, type FleetWindow, type UseFleetOptions } from './useFleet';
export {
  useServiceDeployments,
  type ServiceDeploymentsState,
} from './useServiceDeployments';
export {
  useHistory,
  type HistoryState,
  type UseHistoryOptions,
} from './useHistory';
export { useNow } from './useNow';
export { useSignalsAvailable } from './useDeliverySignal';
