import { createApiRef } from '@backstage/frontend-plugin-api';
import {
  FleetPage,
  FleetQuery,
  HistoryPage,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';

/**
 * Options of {@link DeliveryApi.getFleet}.
 *
 * @public
 */
export type GetFleetOptions = {
  /** Aborts the request. */
  signal?: AbortSignal;
};

/**
 * Options of {@link DeliveryApi.getDeployments}.
 *
 * @public
 */
export type GetDeploymentsOptions = {
  /**
   * The answer must be at least this version of the read model: the `version`
   * of a signal.
   */
  atLeast?: number;
  /** Aborts the request. */
  signal?: AbortSignal;
};

/**
 * Options of {@link DeliveryApi.getHistory}.
 *
 * @public
 */
export type GetHistoryOptions = {
  /** Id of an environment; every environment when absent. */
  environment?: string;
  /** `nextCursor` of the page before; the first page when absent. */
  cursor?: string;
  /** How many entries to return, from 1. */
  limit?: number;
  /** Aborts the request. */
  signal?: AbortSignal;
};

/**
 * Reads what runs where. Every method throws a `ResponseError` when the backend
 * refuses; {@link deliveryErrorCode} tells why.
 *
 * @public
 */
export interface DeliveryApi {
  /** A window on the fleet: services × environments. */
  getFleet(query: FleetQuery, options?: GetFleetOptions): Promise<FleetPage>;

  /** Everything that is known of where one service runs. */
  getDeployments(
    entityRef: string,
    options?: GetDeploymentsOptions,
  ): Promise<ServiceDeployments>;

  /** What was deployed of one service, newest first. */
  getHistory(
    entityRef: string,
    options?: GetHistoryOptions,
  ): Promise<HistoryPage>;
}

/**
 * Reference of the {@link DeliveryApi}.
 *
 * @public
 */
export const deliveryApiRef = createApiRef<DeliveryApi>().with({
  id: 'plugin.delivery.api',
  pluginId: 'delivery',
});
