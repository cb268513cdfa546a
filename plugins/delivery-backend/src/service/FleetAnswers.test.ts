import { AddressInfo } from 'node:net';
import { mockCredentials } from '@backstage/backend-test-utils';
import { FleetPage } from '@slipway/plugin-delivery-common';
import { application, image, workload } from '../__testUtils__/applications';
import { serviceEntity, startDelivery } from '../__testUtils__/backend';
import { eventually } from '../__testUtils__/eventually';
import { FakeUpstream, FakeWorld } from '../__testUtils__/FakeUpstream';

jest.setTimeout(60_000);

const NAMES = ['cart', 'checkout', 'ledger', 'order', 'payment', 'search'];

function applicationOf(name: string, tag: string) {
  return application({
    name: `${name}-staging`,
    annotations: { 'backstage.io/entity-ref': `component:default/${name}` },
    workloads: [workload({ wanted: image(tag) })],
  });
}

describe('answers about the fleet', () => {
  const world = new FakeWorld();
  let ask: (
    query: string,
    encoding?: string,
  ) => Promise<{ headers: Headers; page: FleetPage }>;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    world.applications = NAMES.map(name => applicationOf(name, '1.0.0'));
    const backend = await startDelivery({
      upstreams: [new FakeUpstream(world)],
      entities: NAMES.map((name, number) =>
        serviceEntity({ name, system: number % 2 ? 'odd' : 'even' }),
      ),
    });
    stop = () => backend.stop();
    const { port } = backend.server.address() as AddressInfo;
    ask = async (query, encoding = 'identity') => {
      const response = await fetch(
        `http://localhost:${port}/api/delivery/fleet?${query}`,
        {
          headers: {
            authorization: mockCredentials.user.header(),
            'accept-encoding': encoding,
          },
        },
      );
      return { headers: response.headers, page: await response.json() };
    };
    await eventually(
      async () => {
        const { page } = await ask('');
        const complete = page.rows?.filter(({ cells }) => cells.staging);
        if (complete?.length !== NAMES.length) {
          throw new Error('Not every service is there yet');
        }
      },
      { withinMs: 30_000 },
    );
  });

  afterAll(() => stop());

  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', null],
  ])('to a caller that takes %j are sent as %j', async (accepted, sent) => {
    const { headers, page } = await ask('limit=500', accepted);
    expect(headers.get('content-encoding')).toBe(sent);
    expect(headers.get('vary')).toContain('Accept-Encoding');
    // The same rows however they are sent.
    expect(page.rows.map(({ title }) => title)).toEqual(NAMES);
  });

  it('put a row into the group that each question asks for', async () => {
    const groupOf = async (query: string) =>
      (await ask(query)).page.rows.map(({ title, group }) => [title, group]);
    expect(await groupOf('groupBy=system&limit=2&offset=2')).toEqual([
      ['payment', 'system:default/even'],
      ['checkout', 'system:default/odd'],
    ]);
    expect(await groupOf('limit=2&offset=4')).toEqual([
      ['payment', ''],
      ['search', ''],
    ]);
  });

  it('tell of a change in every window, whatever was answered before', async () => {
    const windows = ['', 'offset=1&limit=1', 'text=checkout', 'groupBy=system'];
    for (const query of windows) {
      await ask(query);
    }
    world.change(it => {
      it.applications = NAMES.map(name =>
        applicationOf(name, name === 'checkout' ? '2.0.0' : '1.0.0'),
      );
    });
    await Promise.all(
      windows.map(query =>
        eventually(async () => {
          const { page } = await ask(query);
          const row = page.rows.find(({ title }) => title === 'checkout');
          expect(row?.cells.staging.serving?.label).toBe('2.0.0');
        }),
      ),
    );
  });

  it('tell of an upstream that is lost in every row and count, and of its return', async () => {
    const states = async () => {
      const { page } = await ask('');
      return {
        attention: page.totals.attention,
        states: [
          ...new Set(
            page.rows.map(({ cells }) => cells.staging.observation.state),
          ),
        ],
      };
    };
    await eventually(async () =>
      expect(await states()).toEqual({ attention: 0, states: ['fresh'] }),
    );
    world.change(it => {
      it.report = { state: 'down', reason: 'connection refused' };
    });
    await eventually(async () =>
      expect(await states()).toEqual({
        attention: NAMES.length,
        states: ['stale'],
      }),
    );
    world.change(it => {
      it.report = { state: 'live' };
    });
    await eventually(async () =>
      expect(await states()).toEqual({ attention: 0, states: ['fresh'] }),
    );
  });
});
