import { application } from '../__testUtils__/applications';
import { Service } from '../domain/matching/types';
import { DeliveryIndex, IndexedApplication } from './DeliveryIndex';
import { ConfigReader } from '@backstage/config';
import { readDeliveryConfig } from '../config/readDeliveryConfig';

function service(name: string, part: Partial<Service> = {}): Service {
  return {
    entityRef: `component:default/${name}`,
    name,
    namespace: 'default',
    title: name,
    owners: [],
    annotations: {},
    ...part,
  };
}

function create() {
  return DeliveryIndex.create({
    config: readDeliveryConfig(new ConfigReader({})).matching,
  });
}

function indexed(
  id: number,
  part: Parameters<typeof application>[0] & { deleted?: boolean } = {},
): IndexedApplication {
  const { deleted = false, ...others } = part;
  return {
    id,
    upstreamId: 'fake:main',
    application: application({ annotations: {}, labels: {}, ...others }),
    deleted,
  };
}

// Thousands of services, on a machine that may be busy.
jest.setTimeout(60_000);

const systems = new Map<string, string>();
const whereOf = (index: DeliveryIndex, name: string) => [
  ...(index.service(`component:default/${name}`)?.cells.keys() ?? []),
];

describe('the index of the read model', () => {
  it('gives applications to a service that comes after them', async () => {
    const index = create();
    await index.setApplications([
      indexed(1, { name: 'checkout-staging' }),
      indexed(2, {
        name: 'a',
        labels: { app: 'web' },
        destination: { namespace: 'x-prod' },
      }),
      indexed(3, {
        name: 'b',
        annotations: { 'backstage.io/entity-ref': 'Component:Checkout' },
        destination: { namespace: 'shop-prod' },
      }),
    ]);
    expect(index.unmatchedApplications).toBe(3);
    await index.setCatalog({
      services: [
        service('checkout'),
        service('web', {
          annotations: { 'argocd/app-selector': 'app in (web)' },
        }),
      ],
      systems,
    });
    expect(index.unmatchedApplications).toBe(0);
    expect(whereOf(index, 'checkout')).toEqual(['staging', 'production']);
    expect(whereOf(index, 'web')).toEqual(['production']);
  });

  it('takes applications from a service that goes, or claims them no more', async () => {
    const index = create();
    const web = service('web', {
      annotations: { 'argocd/app-selector': 'app=web' },
    });
    await index.setCatalog({ services: [web, service('checkout')], systems });
    await index.setApplications([
      indexed(1, { name: 'x-staging', labels: { app: 'web' } }),
      indexed(2, { name: 'checkout-staging' }),
    ]);
    expect(whereOf(index, 'web')).toEqual(['staging']);
    await index.setCatalog({ services: [service('web')], systems });
    expect(whereOf(index, 'web')).toEqual([]);
    expect(index.service('component:default/checkout')).toBeUndefined();
    expect(index.unmatchedApplications).toBe(2);
    await index.setCatalog({ services: [web, service('checkout')], systems });
    expect(whereOf(index, 'web')).toEqual(['staging']);
    expect(whereOf(index, 'checkout')).toEqual(['staging']);
  });

  it('hands an application over when a guess becomes a claim', async () => {
    const index = create();
    await index.setApplications([indexed(1, { name: 'checkout-staging' })]);
    await index.setCatalog({ services: [service('checkout')], systems });
    expect(index.entityRefsOf([1])).toEqual(
      new Set(['component:default/checkout']),
    );
    await index.setCatalog({
      services: [
        service('checkout'),
        service('shop', {
          annotations: { 'argocd/app-name': 'checkout-staging' },
        }),
      ],
      systems,
    });
    expect(index.entityRefsOf([1])).toEqual(
      new Set(['component:default/shop']),
    );
    expect(whereOf(index, 'checkout')).toEqual([]);
  });

  it('forgets where a deleted application ran, and remembers whose it was', async () => {
    const index = create();
    await index.setCatalog({ services: [service('checkout')], systems });
    await index.setApplications([indexed(1)]);
    await index.setApplications([indexed(1, { deleted: true })]);
    expect(whereOf(index, 'checkout')).toEqual([]);
    expect(index.applicationsOf('component:default/checkout')).toMatchObject([
      { id: 1, environment: 'staging' },
    ]);
  });

  it('does not change for a catalog that did not', async () => {
    const index = create();
    await index.setCatalog({ services: [service('a'), service('b')], systems });
    const { generation } = index;
    await index.setCatalog({ services: [service('b'), service('a')], systems });
    expect(index.generation).toBe(generation);
    await index.setCatalog({
      services: [service('a', { title: 'z' }), service('b')],
      systems,
    });
    expect(index.generation).toBeGreaterThan(generation);
    expect(index.services().map(({ service: { title } }) => title)).toEqual([
      'b',
      'z',
    ]);
  });

  it('shows an environment that the chain does not have, rather than drop it', async () => {
    const index = create();
    await index.setCatalog({ services: [service('checkout')], systems });
    await index.setApplications([
      indexed(1, { name: 'checkout', destination: { namespace: 'shop' } }),
    ]);
    expect(whereOf(index, 'checkout')).toEqual(['unassigned']);
    expect(
      index.chainsOf(index.services())[0].environments.map(({ id }) => id),
    ).toEqual([
      'development',
      'staging',
      'production',
      'recovery',
      'unassigned',
    ]);
  });

  it('compares a standby environment with the one that it mirrors', async () => {
    const index = create();
    await index.setCatalog({ services: [service('checkout')], systems });
    await index.setApplications([
      indexed(1, { name: 'checkout-prod', destination: {} }),
      indexed(2, { name: 'checkout-dr', destination: {} }),
    ]);
    const state = index.service('component:default/checkout');
    expect(
      state?.environments.find(({ environment }) => environment.standby)
        ?.difference,
    ).toMatchObject({ from: 'production' });
  });

  it('maps 20,000 applications of 5,000 services in a moment, and one change at once', async () => {
    const index = create();
    const services = Array.from({ length: 5_000 }, (_, number) =>
      service(`svc-${number}`, {
        annotations: { 'argocd/app-selector': `app=svc-${number}` },
      }),
    );
    const applications = ['dev', 'staging', 'prod', 'dr'].flatMap(
      (environment, offset) =>
        services.map(({ name }, number) =>
          indexed(offset * 5_000 + number, {
            name: `${name}-${environment}`,
            labels: { app: name },
            destination: { namespace: `shop-${environment}` },
          }),
        ),
    );
    await index.setApplications(applications);
    const before = process.cpuUsage();
    await index.setCatalog({ services, systems });
    // Of processor time, for the machine may be busy. It takes about a second;
    // comparing every pair takes minutes.
    expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
    expect(index.unmatchedApplications).toBe(0);

    const changed = services.map((one, number) =>
      number === 0 ? { ...one, annotations: {} } : one,
    );
    const start = process.cpuUsage();
    await index.setCatalog({ services: changed, systems });
    expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
    expect(whereOf(index, 'svc-0')).toHaveLength(4);
  });

  it('lets others have their turn while it maps, and shows nothing half done', async () => {
    const index = create();
    const services = Array.from({ length: 1_000 }, (_, number) =>
      service(`svc-${number}`),
    );
    await index.setApplications(
      services.flatMap(({ name }, number) => [
        indexed(number * 2, { name: `${name}-staging`, destination: {} }),
        indexed(number * 2 + 1, { name: `${name}-prod`, destination: {} }),
      ]),
    );
    const { generation } = index;
    const seen: { services: number; unmatched: number }[] = [];
    let over = false;
    const look = () => {
      seen.push({
        services: index.services().length,
        unmatched: index.unmatchedApplications,
      });
      if (!over) {
        setImmediate(look);
      }
    };
    setImmediate(look);
    const mapped = index.setCatalog({ services, systems });
    // What comes meanwhile waits until the catalog is in.
    const changed = index.setApplications([indexed(0, { name: 'other' })]);
    await mapped;
    over = true;
    expect(index.generation).toBe(generation + 1);
    expect(seen.length).toBeGreaterThan(1);
    expect(
      seen.filter(
        found =>
          found.services !== 0 || found.unmatched !== services.length * 2,
      ),
    ).toEqual([]);
    expect(index.services()).toHaveLength(services.length);
    await changed;
    expect(index.unmatchedApplications).toBe(1);
    expect(whereOf(index, 'svc-0')).toEqual(['production']);
  });
});
