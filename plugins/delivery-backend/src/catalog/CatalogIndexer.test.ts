import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { serviceEntity } from '../__testUtils__/backend';
import { eventually } from '../__testUtils__/eventually';
import { CatalogIndexer, CatalogSnapshot } from './CatalogIndexer';

describe('the copy of the catalog', () => {
  it('is read with the credentials of the plugin, and kept while the catalog fails', async () => {
    const catalog = catalogServiceMock({
      entities: [
        serviceEntity({ name: 'checkout', system: 'shop' }),
        serviceEntity({ name: 'lib', type: 'library' }),
        {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'System',
          metadata: { name: 'shop', namespace: 'default', title: 'The Shop' },
        },
      ],
    });
    let failing = false;
    const stream = catalog.streamEntities.bind(catalog);
    const principals: unknown[] = [];
    const logger = mockServices.logger.mock();
    const snapshots: CatalogSnapshot[] = [];
    const indexer = CatalogIndexer.create({
      catalog: Object.assign(catalog, {
        streamEntities: (...args: Parameters<typeof stream>) => {
          const [, options] = args;
          principals.push(
            options &&
              'credentials' in options &&
              options.credentials.principal,
          );
          if (failing) {
            throw new Error('the catalog is away');
          }
          return stream(...args);
        },
      }),
      auth: mockServices.auth(),
      logger,
      filter: { kind: 'component', 'spec.type': { $in: ['service'] } },
      refreshMs: 20,
      onSnapshot: async snapshot => {
        snapshots.push(snapshot);
      },
    });
    indexer.start();
    await eventually(() => expect(snapshots.length).toBeGreaterThan(1));
    expect(snapshots[0].services).toEqual([
      {
        entityRef: 'component:default/checkout',
        name: 'checkout',
        namespace: 'default',
        title: 'checkout',
        owners: ['group:default/checkout-team'],
        system: 'system:default/shop',
        annotations: {},
      },
    ]);
    expect([...snapshots[0].systems]).toEqual([
      ['system:default/shop', 'The Shop'],
    ]);
    expect(principals[0]).toMatchObject({ type: 'service' });

    failing = true;
    await eventually(() => expect(logger.warn).toHaveBeenCalled());
    const before = snapshots.length;
    const asked = principals.length;
    await eventually(() =>
      expect(principals.length).toBeGreaterThan(asked + 2),
    );
    expect(snapshots).toHaveLength(before);
    expect(logger.warn).toHaveBeenCalledTimes(1);

    failing = false;
    await eventually(() => expect(snapshots.length).toBeGreaterThan(before));
    expect(logger.info).toHaveBeenCalledWith('The catalog answers again');
    await indexer.stop();
  });
});
