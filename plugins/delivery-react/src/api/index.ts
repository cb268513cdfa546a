export {
  deliveryApiRef,
  type ActionSubject,
  type DeliveryApi,
  type GetActionOptions,
  type GetActivityOptions,
  type GetDeploymentsOptions,
  type GetFleetOptions,
  type GetHistoryOptions,
  type PlanActionOptions,
  type RequestActionOptions,
} from './DeliveryApi';
export { DeliveryClient, type DeliveryClientOptions } from './DeliveryClient';
export { deliveryErrorCode } from './deliveryErrorCode';
export { deliveryErrorMessage, isSessionEnded } from './deliveryErrors';
