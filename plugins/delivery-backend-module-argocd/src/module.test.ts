import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  ApplicationUpstream,
  deliveryUpstreamsExtensionPoint,
} from '@slipway/plugin-delivery-node';
import module from './index';

async function start(data: object) {
  const upstreams: ApplicationUpstream[] = [];
  const logger = mockServices.logger.mock();
  logger.child.mockReturnValue(logger);
  const backend = await startTestBackend({
    features: [
      createBackendPlugin({
        pluginId: 'delivery',
        register(env) {
          env.registerExtensionPoint(deliveryUpstreamsExtensionPoint, {
            addUpstream: upstream => upstreams.push(upstream),
          });
          env.registerInit({ deps: {}, async init() {} });
        },
      }),
      module,
      mockServices.rootConfig.factory({ data }),
      createServiceFactory({
        service: coreServices.logger,
        deps: {},
        factory: () => logger,
      }),
    ],
  });
  await backend.stop();
  return { upstreams, logger };
}

describe('the Argo CD module', () => {
  it('adds every configured instance', async () => {
    const { upstreams } = await start({
      argocd: {
        appLocatorMethods: [
          {
            type: 'config',
            instances: [
              { name: 'n9', url: 'https://n9', token: 'a', title: 'N9' },
              { name: 'eu west', url: 'https://eu', token: 'b' },
            ],
          },
        ],
      },
    });
    expect(
      upstreams.map(({ id, kind, title, instance }) => ({
        id,
        kind,
        title,
        instance,
      })),
    ).toEqual([
      { id: 'argocd:n9', kind: 'argocd', title: 'N9', instance: 'n9' },
      {
        id: 'argocd:eu west',
        kind: 'argocd',
        title: 'eu west',
        instance: 'eu west',
      },
    ]);
  });

  it('starts without any instance, and says how to add one', async () => {
    const { upstreams, logger } = await start({});
    expect(upstreams).toEqual([]);
    expect(logger.info).toHaveBeenCalledWith(
      expect.stringContaining('argocd.appLocatorMethods[]'),
    );
  });

  it('does not start with a configuration that is wrong', async () => {
    await expect(
      start({
        argocd: {
          appLocatorMethods: [
            { type: 'config', instances: [{ name: 'a', url: 'a' }] },
          ],
        },
      }),
    ).rejects.toThrow('argocd.appLocatorMethods[0].instances[0].url');
  });

  it('says which locator it ignores', async () => {
    const { logger } = await start({
      argocd: { appLocatorMethods: [{ type: 'catalog' }] },
    });
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('argocd.appLocatorMethods[0].type'),
    );
  });
});
