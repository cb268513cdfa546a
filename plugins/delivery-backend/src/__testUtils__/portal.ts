import {
  BackendFeature,
  coreServices,
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { permissionsServiceFactory } from '@backstage/backend-defaults/permissions';
import { permissionsRegistryServiceFactory } from '@backstage/backend-defaults/permissionsRegistry';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import permissionPlugin from '@backstage/plugin-permission-backend';
import { JsonObject } from '@backstage/types';
import {
  ApplicationUpstream,
  deliveryUpstreamsExtensionPoint,
} from '@slipway/plugin-delivery-node';
import deliveryPlugin from '..';
import { fastTimes } from './backend';

/** A machine with a token of its own, and the permissions that it may use. */
export type Machine = { subject: string; permissionNames: string[] };

/**
 * Says of each user's request that a plugin makes it for the user, which the
 * tokens of the mocks do not tell: conditions are a matter of plugins only. And
 * restricts machines, which those tokens do not tell either. As in a real
 * backend, restrictions hold in the plugin that a machine asks, which then asks
 * others for itself.
 */
function callersOf(machines: Machine[]) {
  return createServiceFactory({
    service: coreServices.httpAuth,
    deps: { plugin: coreServices.pluginMetadata },
    factory: ({ plugin }) => {
      const httpAuth = mockServices.httpAuth({ pluginId: plugin.getId() });
      return {
        issueUserCookie: (...args) => httpAuth.issueUserCookie(...args),
        credentials: (req, options) =>
          httpAuth.credentials(req, options).then(credentials => {
            const principal: unknown = credentials.principal;
            if (!(principal instanceof Object)) {
              return credentials;
            }
            const machine = machines.find(
              ({ subject }) =>
                'subject' in principal && principal.subject === subject,
            );
            if (!machine) {
              Object.assign(principal, {
                actor: { type: 'service', subject: 'plugin:test' },
              });
            } else if (plugin.getId() === 'delivery') {
              Object.assign(principal, {
                accessRestrictions: {
                  permissionNames: machine.permissionNames,
                },
              });
            }
            return credentials;
          }),
      };
    },
  });
}

/** The header with which a machine asks the delivery backend. */
export function headerOf(machine: Machine): string {
  return mockCredentials.service.header({
    onBehalfOf: mockCredentials.service(machine.subject),
    targetPluginId: 'delivery',
  });
}

/**
 * The delivery backend with a real catalog, a real permission backend and the
 * given policy; only its upstreams and who people are is made up.
 */
export async function startPortal(options: {
  upstreams: ApplicationUpstream[];
  entities: Entity[];
  /** A module that sets the policy. */
  policy: BackendFeature;
  /** Refs of what people own things as, besides themselves, by their own ref. */
  groupsOf?: { [userRef: string]: string[] };
  machines?: Machine[];
  config?: JsonObject;
  features?: BackendFeature[];
}) {
  const { upstreams, entities, policy, groupsOf = {}, machines = [] } = options;
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
      catalogPlugin,
      createBackendModule({
        pluginId: 'catalog',
        moduleId: 'fake-entities',
        register(env) {
          env.registerInit({
            deps: { catalog: catalogProcessingExtensionPoint },
            async init({ catalog }) {
              catalog.addEntityProvider({
                getProviderName: () => 'fake-entities',
                async connect(connection) {
                  await connection.applyMutation({
                    type: 'full',
                    entities: entities.map(entity => ({
                      entity,
                      locationKey: 'test',
                    })),
                  });
                },
              });
            },
          });
        },
      }),
      permissionPlugin,
      policy,
      callersOf(machines),
      permissionsServiceFactory,
      permissionsRegistryServiceFactory,
      mockServices.userInfo.mock({
        getUserInfo: async ({ principal }) => {
          const userEntityRef = String(
            principal instanceof Object && 'userEntityRef' in principal
              ? principal.userEntityRef
              : '',
          );
          return {
            userEntityRef,
            ownershipEntityRefs: [
              userEntityRef,
              ...(groupsOf[userEntityRef] ?? []),
            ],
          };
        },
      }).factory,
      mockServices.rootConfig.factory({
        data: {
          backend: {
            database: { client: 'better-sqlite3', connection: ':memory:' },
          },
          permission: { enabled: true },
          delivery: fastTimes,
          ...options.config,
        },
      }),
      ...(options.features ?? []),
    ],
  });
}
