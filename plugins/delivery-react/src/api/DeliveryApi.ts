import { createApiRef } from '@backstage/frontend-plugin-api';
import {
  ActionPlan,
  ActionRequest,
  ActivityPage,
  ActivityQuery,
  DeploymentAction,
  DeploymentActionKind,
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
 * Which action on which deployment: all that a page may say of an upstream. What
 * that means there is the backend's business.
 *
 * @public
 */
export type ActionSubject = {
  /** Full ref of the service. */
  entityRef: string;
  /** Id of the environment. */
  environment: string;
  action: DeploymentActionKind;
  /**
   * Id of the target; may be left out where the service has one in the
   * environment.
   */
  target?: string;
};

/**
 * Options of {@link DeliveryApi.planAction}.
 *
 * @public
 */
export type PlanActionOptions = {
  /** Aborts the request. */
  signal?: AbortSignal;
};

/**
 * Options of {@link DeliveryApi.requestAction}.
 *
 * @public
 */
export type RequestActionOptions = {
  /**
   * Stops waiting for the answer. The request may have arrived all the same;
   * the same idempotency key again tells.
   */
  signal?: AbortSignal;
};

/**
 * Options of {@link DeliveryApi.getAction}.
 *
 * @public
 */
export type GetActionOptions = {
  /** Aborts the request. */
  signal?: AbortSignal;
};

/**
 * Options of {@link DeliveryApi.getActivity}.
 *
 * @public
 */
export type GetActivityOptions = {
  /** Aborts the request. */
  signal?: AbortSignal;
};

/**
 * Reads what runs where, and asks for what is to happen there. Every method
 * throws a `ResponseError` when the backend refuses; {@link deliveryErrorCode}
 * tells why.
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

  /** What an action would do now. Changes nothing. */
  planAction(
    subject: ActionSubject,
    options?: PlanActionOptions,
  ): Promise<ActionPlan>;

  /**
   * Asks for an action. The same idempotency key again is answered with the
   * action that it made the first time, so asking twice does it once.
   */
  requestAction(
    subject: ActionSubject,
    request: Omit<ActionRequest, 'target'>,
    options?: RequestActionOptions,
  ): Promise<DeploymentAction>;

  /** How far an action has got. */
  getAction(
    entityRef: string,
    id: string,
    options?: GetActionOptions,
  ): Promise<DeploymentAction>;

  /** Who asked for what, why, and what came of it, newest first. */
  getActivity(
    query: ActivityQuery,
    options?: GetActivityOptions,
  ): Promise<ActivityPage>;
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
