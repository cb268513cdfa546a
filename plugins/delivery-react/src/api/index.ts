export {
  deliveryApiRef,
  type DeliveryApi,
  type GetDeploymentsOptions,
  type GetFleetOptions,
  type GetHistoryOptions,
} from './DeliveryApi';
export { DeliveryClient, type DeliveryClientOptions } from './DeliveryClient';
export { deliveryErrorCode } from './deliveryErrorCode';
