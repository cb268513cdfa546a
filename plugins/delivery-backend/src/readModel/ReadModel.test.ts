import { ConfigReader } from '@backstage/config';
import { mockServices } from '@backstage/backend-test-utils';
import { application } from '../__testUtils__/applications';
import { readDeliveryConfig } from '../config/readDeliveryConfig';
import { Changes } from '../database/DatabaseDeliveryStore';
import { DeliveryIndex } from './DeliveryIndex';
import { ReadModel } from './ReadModel';

const stored: Changes = {
  version: 1,
  upstreams: [],
  applications: [
    {
      id: 1,
      upstreamId: 'fake:main',
      key: 'main/argocd/checkout-staging',
      application: application(),
      deleted: false,
      version: 1,
    },
  ],
};

function create() {
  const index = DeliveryIndex.create({
    config: readDeliveryConfig(new ConfigReader({})).matching,
  });
  const readModel = ReadModel.create({
    store: { readChanges: async () => stored },
    index,
    upstreams: [],
    logger: mockServices.logger.mock(),
    pollMs: 1_000,
    freshForMs: 1_000,
    startedAt: '2026-11-01T10:00:00.000Z',
  });
  return { index, readModel };
}

describe('the read model', () => {
  it('does not answer before it has the catalog, lest services seem to run nowhere', async () => {
    const { index, readModel } = create();
    await readModel.catchUp();
    expect(readModel.ready).toBe(false);
    await index.setCatalog({ services: [], systems: new Map() });
    expect(readModel.ready).toBe(true);
  });

  it('does not answer before it has what is stored', async () => {
    const { index, readModel } = create();
    await index.setCatalog({ services: [], systems: new Map() });
    expect(readModel.ready).toBe(false);
    await readModel.catchUp();
    expect(readModel.ready).toBe(true);
  });
});
