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
export { useActionPlan, type ActionPlanState } from './useActionPlan';
export {
  useRequestAction,
  type ActionRequester,
  type ConfirmedRequest,
  type RequestState,
} from './useRequestAction';
export {
  useDeploymentAction,
  type DeploymentActionState,
} from './useDeploymentAction';
export { useActivity, type ActivityState } from './useActivity';
export { useRecordedAction } from './useRecordedAction';
