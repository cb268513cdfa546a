import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { ApplicationUpstream } from './source';

/**
 * Takes the systems that deployments are read from.
 *
 * @public
 */
export interface DeliveryUpstreamsExtensionPoint {
  /**
   * Adds an upstream.
   *
   * @throws an error naming the id when there is one of that id already.
   */
  addUpstream(upstream: ApplicationUpstream): void;
}

/**
 * See {@link DeliveryUpstreamsExtensionPoint}.
 *
 * @public
 */
export const deliveryUpstreamsExtensionPoint =
  createExtensionPoint<DeliveryUpstreamsExtensionPoint>({
    id: 'delivery.upstreams',
  });
