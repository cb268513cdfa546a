import {
  BackendFeature,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { JsonObject } from '@backstage/types';
import {
  ApplicationUpstream,
  deliveryUpstreamsExtensionPoint,
} from '@slipway/plugin-delivery-node';
import deliveryPlugin from '..';

/** Short times, so that tests need not wait. */
export const fastTimes = {
  lease: { ttl: { milliseconds: 1_500 } },
  poll: { milliseconds: 50 },
  catalogRefresh: { milliseconds: 200 },
  heartbeat: { milliseconds: 100 },
  freshFor: { milliseconds: 2_000 },
};

/** A service of the catalog. */
export function serviceEntity(options: {
  name: string;
  type?: string;
  owner?: string;
  system?: string;
  annotations?: { [name: string]: string };
}): Entity {
  const { name, owner = 'checkout-team', system, annotations } = options;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      ...(annotations && { annotations }),
    },
    spec: { type: options.type ?? 'service', owner, lifecycle: 'production' },
    relations: [
      { type: 'ownedBy', targetRef: `group:default/${owner}` },
      ...(system
        ? [{ type: 'partOf', targetRef: `system:default/${system}` }]
        : []),
    ],
  };
}

/** The delivery backend, with the given upstreams, catalog and services. */
export async function startDelivery(options: {
  upstreams: ApplicationUpstream[];
  entities: Entity[];
  config?: JsonObject;
  features?: BackendFeature[];
}) {
  const { upstreams, entities, config, features = [] } = options;
  return startTestBackend({
    features: [
      deliveryPlugin,
      createBackendModule({
        pluginId: 'delivery',
        moduleId: 'fake-upstreams',
        register(env) {
          env.registerInit({
            deps: { registry: deliveryUpstreamsExtensionPoint },
            async init({ registry }) {
              upstreams.forEach(upstream => registry.addUpstream(upstream));
            },
          });
        },
      }),
      catalogServiceMock.factory({ entities }),
      mockServices.rootConfig.factory({
        data: { delivery: { ...fastTimes, ...config } },
      }),
      ...features,
    ],
  });
}
