import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { DiscoveryApi, FetchApi } from '@backstage/frontend-plugin-api';
import {
  ActionPlan,
  ActionRequest,
  ActivityPage,
  ActivityQuery,
  DeploymentAction,
  FleetPage,
  FleetQuery,
  HistoryPage,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import {
  ActionSubject,
  DeliveryApi,
  GetActionOptions,
  GetActivityOptions,
  GetDeploymentsOptions,
  GetFleetOptions,
  GetHistoryOptions,
  PlanActionOptions,
  RequestActionOptions,
} from './DeliveryApi';

/**
 * Options of {@link DeliveryClient}.
 *
 * @public
 */
export type DeliveryClientOptions = {
  fetchApi: Pick<FetchApi, 'fetch'>;
  /**
   * Finds the backend. Needed only where the `fetchApi` does not resolve
   * `plugin://` addresses, as a custom one in an app on the old frontend system
   * may not.
   */
  discoveryApi?: Pick<DiscoveryApi, 'getBaseUrl'>;
};

type QueryValue = string | number | boolean | undefined;

/**
 * {@link DeliveryApi} over HTTP.
 *
 * @public
 */
export class DeliveryClient implements DeliveryApi {
  readonly #fetchApi: Pick<FetchApi, 'fetch'>;
  readonly #discoveryApi?: Pick<DiscoveryApi, 'getBaseUrl'>;

  static create(options: DeliveryClientOptions): DeliveryClient {
    return new DeliveryClient(options);
  }

  private constructor(options: DeliveryClientOptions) {
    this.#fetchApi = options.fetchApi;
    this.#discoveryApi = options.discoveryApi;
  }

  async getFleet(
    query: FleetQuery,
    options: GetFleetOptions = {},
  ): Promise<FleetPage> {
    return this.#get<FleetPage>('/fleet', { ...query }, options.signal);
  }

  async getDeployments(
    entityRef: string,
    options: GetDeploymentsOptions = {},
  ): Promise<ServiceDeployments> {
    const { signal, ...query } = options;
    return this.#get<ServiceDeployments>(
      `${entityPath(entityRef)}/deployments`,
      query,
      signal,
    );
  }

  async getHistory(
    entityRef: string,
    options: GetHistoryOptions = {},
  ): Promise<HistoryPage> {
    const { signal, ...query } = options;
    return this.#get<HistoryPage>(
      `${entityPath(entityRef)}/history`,
      query,
      signal,
    );
  }

  async planAction(
    subject: ActionSubject,
    options: PlanActionOptions = {},
  ): Promise<ActionPlan> {
    const action = encodeURIComponent(subject.action);
    return this.#get<ActionPlan>(
      `${environmentPath(subject)}/plans/${action}`,
      { target: subject.target },
      options.signal,
    );
  }

  async requestAction(
    subject: ActionSubject,
    request: Omit<ActionRequest, 'target'>,
    options: RequestActionOptions = {},
  ): Promise<DeploymentAction> {
    const action = encodeURIComponent(subject.action);
    const body: ActionRequest = { target: subject.target, ...request };
    return this.#fetch<DeploymentAction>(
      `${environmentPath(subject)}/actions/${action}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: options.signal,
      },
    );
  }

  async getAction(
    entityRef: string,
    id: string,
    options: GetActionOptions = {},
  ): Promise<DeploymentAction> {
    return this.#get<DeploymentAction>(
      `${entityPath(entityRef)}/actions/${encodeURIComponent(id)}`,
      {},
      options.signal,
    );
  }

  async getActivity(
    query: ActivityQuery,
    options: GetActivityOptions = {},
  ): Promise<ActivityPage> {
    return this.#get<ActivityPage>('/activity', { ...query }, options.signal);
  }

  async #get<TAnswer>(
    path: string,
    query: { [key: string]: QueryValue },
    signal: AbortSignal | undefined,
  ): Promise<TAnswer> {
    return this.#fetch<TAnswer>(`${path}${queryString(query)}`, { signal });
  }

  // The answer's shape is what the backend's OpenAPI document promises and its
  // conformance tests check, so it is not validated a second time here.
  async #fetch<TAnswer>(path: string, init: RequestInit): Promise<TAnswer> {
    const baseUrl = this.#discoveryApi
      ? await this.#discoveryApi.getBaseUrl('delivery')
      : 'plugin://delivery';
    const response = await this.#fetchApi.fetch(`${baseUrl}${path}`, init);
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.json();
  }
}

function entityPath(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  const parts = [kind, namespace, name].map(part => encodeURIComponent(part));
  return `/entities/${parts.join('/')}`;
}

function environmentPath(subject: ActionSubject): string {
  const environment = encodeURIComponent(subject.environment);
  return `${entityPath(subject.entityRef)}/environments/${environment}`;
}

function queryString(query: { [key: string]: QueryValue }): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) {
      params.set(key, String(value));
    }
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}
