import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { ActionAvailability } from '@slipway/plugin-delivery-common';
import knexFactory, { Knex } from 'knex';
import request from 'supertest';
import {
  application,
  image,
  sha,
  workload,
} from './__testUtils__/applications';
import { serviceEntity, startDelivery } from './__testUtils__/backend';
import { hasPostgres } from './__testUtils__/databases';
import { eventually } from './__testUtils__/eventually';
import { FakeUpstream, FakeWorld } from './__testUtils__/FakeUpstream';

jest.setTimeout(120_000);

const path = '/api/delivery/entities/component/default/checkout';

/** A replica of the backend, on connections of its own. */
async function startReplica(world: FakeWorld, base: Knex) {
  const upstream = new FakeUpstream(world);
  const knex = knexFactory({
    client: 'pg',
    connection: base.client.config.connection,
    pool: { min: 0, max: 4 },
    acquireConnectionTimeout: 500,
    // knex writes to the console by itself.
    log: { warn() {}, error() {} },
  });
  const backend = await startDelivery({
    upstreams: [upstream],
    entities: [serviceEntity({ name: 'checkout' })],
    features: [
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => ({ getClient: async () => knex }),
      }),
    ],
  });
  return {
    upstream,
    knex,
    stop: () => backend.stop(),
    get: (url: string) => request(backend.server).get(url),
  };
}

type Replica = Awaited<ReturnType<typeof startReplica>>;

function release(version: number) {
  const tag = `1.${version}.0`;
  const digit = String(version % 10);
  return application({
    sync: { state: 'synced', revisions: [sha(digit)] },
    history: Array.from({ length: version }, (_, index) => ({
      id: index,
      revisions: [sha(String((index + 1) % 10))],
      sources: [],
      deployedAt: `2026-11-0${index + 1}T10:00:00Z`,
    })),
    workloads: [workload({ wanted: image(tag) })],
    workloadsObservedAt: `2026-11-0${version}T11:00:00Z`,
  });
}

async function servedBy(replica: Replica): Promise<unknown> {
  const { body } = await replica.get(`${path}/deployments`);
  const [deployment] = body.environments?.find(
    (entry: { environment: { id: string } }) =>
      entry.environment.id === 'staging',
  )?.deployments ?? [undefined];
  return {
    tag: deployment?.serving?.tag,
    trust: deployment?.observation.state,
  };
}

// Reported as skipped, under a name that says what is missing.
// eslint-disable-next-line jest/no-disabled-tests
const onPostgres = hasPostgres ? describe : describe.skip;

onPostgres(
  'two replicas on one PostgreSQL (BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING names it)',
  () => {
    const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

    async function start() {
      const base = await databases.init('POSTGRES_15');
      const world = new FakeWorld();
      world.applications = [release(1)];
      const a = await startReplica(world, base);
      await eventually(() => expect(a.upstream.runs).toBe(1));
      const b = await startReplica(world, base);
      for (const replica of [a, b]) {
        await eventually(async () =>
          expect(await servedBy(replica)).toEqual({
            tag: '1.1.0',
            trust: 'fresh',
          }),
        );
      }
      return { base, world, a, b };
    }

    it('read the upstream once, and give the same answer', async () => {
      const { world, a, b } = await start();
      expect([a.upstream.runs, b.upstream.runs]).toEqual([1, 0]);
      world.change(it => {
        it.applications = [release(2)];
      });
      for (const replica of [a, b]) {
        await eventually(async () =>
          expect(await servedBy(replica)).toMatchObject({ tag: '1.2.0' }),
        );
      }
      const [one, other] = await Promise.all([
        a.get('/api/delivery/fleet'),
        b.get('/api/delivery/fleet'),
      ]);
      expect(other.body.rows[0].cells.staging.serving).toEqual(
        one.body.rows[0].cells.staging.serving,
      );
      await a.stop();
      await b.stop();
    });

    it('lose and double nothing when the one that reads dies without a word', async () => {
      const { base, world, a, b } = await start();
      // Its connections are gone at once: it can neither write nor release.
      await a.knex.destroy();
      world.change(it => {
        it.applications = [release(2)];
      });
      // Deployed while nobody looks, or while the next one takes over.
      world.change(it => {
        it.applications = [release(3)];
      });
      await eventually(() => expect(b.upstream.runs).toBe(1), {
        withinMs: 10_000,
      });
      expect(b.upstream.known).toHaveLength(1);
      await eventually(async () =>
        expect(await servedBy(b)).toEqual({ tag: '1.3.0', trust: 'fresh' }),
      );
      expect(a.upstream.signal?.aborted).toBe(true);

      const { body } = await b.get(`${path}/history`);
      expect(
        body.entries.map((entry: { at: string; source: string }) => [
          entry.at,
          entry.source,
        ]),
      ).toEqual([
        ['2026-11-03T10:00:00.000Z', 'argocd-history'],
        ['2026-11-02T10:00:00.000Z', 'argocd-history'],
        ['2026-11-01T10:00:00.000Z', 'argocd-history'],
      ]);
      expect(await base('delivery_applications').select('*')).toHaveLength(1);
      expect(await base('delivery_leases').first('epoch')).toMatchObject({
        epoch: '2',
      });
      await b.stop();
      await a.stop();
    });

    it('hand over within a second or two when the one that reads is stopped', async () => {
      const { a, b } = await start();
      const stoppedAt = performance.now();
      await a.stop();
      expect(a.upstream.signal?.aborted).toBe(true);
      await eventually(() => expect(b.upstream.runs).toBe(1));
      expect(performance.now() - stoppedAt).toBeLessThan(3_000);
      await b.stop();
    });

    it('go on serving what they know while the database is away', async () => {
      const { a, b } = await start();
      await b.knex.destroy();
      await eventually(async () =>
        expect(await servedBy(b)).toMatchObject({ tag: '1.1.0' }),
      );
      // No sign of life comes through any more, so it is no longer fresh.
      await eventually(async () =>
        expect(await servedBy(b)).toEqual({ tag: '1.1.0', trust: 'stale' }),
      );
      // What is asked for is written down first, so nothing can be asked for.
      const { body } = await b.get(`${path}/deployments`);
      const actions = body.environments.flatMap(
        (entry: { deployments: { actions: ActionAvailability[] }[] }) =>
          entry.deployments.flatMap(deployment => deployment.actions),
      );
      expect(actions).toHaveLength(5);
      for (const action of actions) {
        expect(action).toMatchObject({
          available: false,
          reason: expect.stringContaining('its database does not answer'),
        });
      }
      await a.stop();
      await b.stop();
    });
  },
);
