import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { DiscoveryApi, FetchApi } from '@backstage/frontend-plugin-api';
import {
  FleetPage,
  FleetQuery,
  HistoryPage,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import {
  DeliveryApi,
  GetDeploymentsOptions,
  GetFleetOptions,
  GetHistoryOptions,
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

  // The answer's shape is what the backend's OpenAPI document promises and its
  // conformance tests check, so it is not validated a second time here.
  async #get<TAnswer>(
    path: string,
    query: { [key: string]: QueryValue },
    signal: AbortSignal | undefined,
  ): Promise<TAnswer> {
    const baseUrl = this.#discoveryApi
      ? await this.#discoveryApi.getBaseUrl('delivery')
      : 'plugin://delivery';
    const response = await this.#fetchApi.fetch(
      `${baseUrl}${path}${queryString(query)}`,
      { signal },
    );
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
