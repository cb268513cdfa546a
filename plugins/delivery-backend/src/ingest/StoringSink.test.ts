import { mockServices } from '@backstage/backend-test-utils';
import { setTimeout as wait } from 'node:timers/promises';
import {
  application,
  image,
  sha,
  workload,
} from '../__testUtils__/applications';
import { describeOnDatabases } from '../__testUtils__/databases';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import { DatabaseLeases } from '../database/DatabaseLeases';
import { Commit, StoringSink } from './StoringSink';

jest.setTimeout(60_000);

const upstreamId = 'fake:main';

describeOnDatabases('the sink of an upstream', createDatabase => {
  async function open() {
    const knex = await createDatabase();
    const leases = DatabaseLeases.create({ knex });
    const store = DatabaseDeliveryStore.create({ knex, leases });
    const commits: Commit[] = [];

    async function takeOver(holder: string) {
      const lease = await leases.acquire({ upstreamId, holder, ttlMs: 60_000 });
      if (!lease) {
        throw new Error('The lease is held');
      }
      const controller = new AbortController();
      const { sink, known } = await StoringSink.open({
        store,
        lease,
        signal: controller.signal,
        logger: mockServices.logger.mock(),
        onCommit: commit => commits.push(commit),
        heartbeatMs: 50,
      });
      return { lease, sink, known, controller };
    }

    const history = async () =>
      (await knex('delivery_history').orderBy('id')).map(row => [
        row.source,
        JSON.parse(row.release).tag,
      ]);
    return { knex, leases, store, commits, takeOver, history };
  }

  it('writes nothing when nothing changed, whatever the order of keys', async () => {
    const { store, commits, takeOver } = await open();
    const { sink } = await takeOver('a');
    await sink.upsert([application()]);
    const version = await store.readVersion();
    const { id, ...others } = application();
    await sink.upsert([{ ...others, id }]);
    await sink.retainOnly([id]);
    expect(await store.readVersion()).toBe(version);
    expect(commits).toHaveLength(1);
  });

  it('forgets and doubles nothing when another replica takes over', async () => {
    const { store, leases, takeOver, history } = await open();
    const a = await takeOver('a');
    await a.sink.upsert([application()]);
    await leases.release(a.lease);
    const b = await takeOver('b');
    expect(b.known).toEqual([application()]);
    const version = await store.readVersion();
    await b.sink.upsert([application()]);
    expect(await store.readVersion()).toBe(version);
    expect(await history()).toEqual([['argocd-history', '1.8.2']]);
  });

  it('B17: records what a partial sync brought, once', async () => {
    const { takeOver, history } = await open();
    const { sink } = await takeOver('a');
    await sink.upsert([application()]);
    const hotfix = application({
      workloads: [workload({ wanted: image('1.8.3') })],
    });
    await sink.upsert([hotfix]);
    await sink.upsert([{ ...hotfix, images: [image('1.8.3')] }]);
    expect(await history()).toEqual([
      ['argocd-history', '1.8.2'],
      ['observed', '1.8.3'],
    ]);
  });

  it('remembers what was served through a failed rollout and a takeover', async () => {
    const { store, leases, takeOver } = await open();
    const a = await takeOver('a');
    await a.sink.upsert([application()]);
    await leases.release(a.lease);
    const b = await takeOver('b');
    await b.sink.upsert([
      application({
        sync: { state: 'synced', revisions: [sha('2')] },
        health: { state: 'degraded' },
        workloads: [workload({ wanted: image('1.9.0'), updated: 1 })],
      }),
    ]);
    expect(await store.readApplications(upstreamId)).toMatchObject([
      { serving: { release: { tag: '1.8.2' } } },
    ]);
  });

  it('takes two states of one application in one batch for a way from one to the other', async () => {
    const { store, takeOver, history } = await open();
    const { sink } = await takeOver('a');
    await sink.upsert([
      application(),
      application({ workloads: [workload({ wanted: image('1.8.3') })] }),
    ]);
    expect(await store.readApplications(upstreamId)).toMatchObject([
      { serving: { release: { tag: '1.8.3' } } },
    ]);
    expect(await history()).toHaveLength(2);
  });

  it('marks what a full list does not name as gone, and A14: takes it back', async () => {
    const { store, takeOver } = await open();
    const { sink } = await takeOver('a');
    const other = application({ name: 'order-staging' });
    await sink.upsert([application(), other]);
    await sink.retainOnly([other.id]);
    const deleted = async () =>
      (await store.readApplications(upstreamId)).map(found => found.deleted);
    expect(await deleted()).toEqual([true, false]);
    await sink.upsert([application()]);
    expect(await deleted()).toEqual([false, false]);
    await sink.remove([other.id]);
    await sink.remove([other.id]);
    expect(await deleted()).toEqual([false, true]);
  });

  it('is connecting with the last contact kept, then as reported', async () => {
    const { store, leases, commits, takeOver } = await open();
    const a = await takeOver('a');
    await a.sink.report({ state: 'live' });
    const live = await store.readUpstream(upstreamId);
    expect(live).toMatchObject({ state: 'live' });
    await leases.release(a.lease);
    const b = await takeOver('b');
    expect(await store.readUpstream(upstreamId)).toMatchObject({
      state: 'connecting',
      lastContactAt: live?.lastContactAt,
    });
    await b.sink.report({ state: 'down', reason: 'connection refused' });
    expect(await store.readUpstream(upstreamId)).toMatchObject({
      state: 'down',
      reason: 'connection refused',
      lastContactAt: live?.lastContactAt,
    });
    expect(commits.map(commit => commit.upstreamId)).toEqual([
      upstreamId,
      upstreamId,
    ]);
  });

  it('stores a sign of life now and then, and tells nobody', async () => {
    const { store, commits, takeOver } = await open();
    const { sink } = await takeOver('a');
    await sink.report({ state: 'live' });
    const first = await store.readUpstream(upstreamId);
    for (let time = 0; time < 10; time++) {
      await sink.report({ state: 'live' });
    }
    await wait(60);
    await sink.report({ state: 'live' });
    const later = await store.readUpstream(upstreamId);
    expect(later?.since).toBe(first?.since);
    expect(later?.lastContactAt).not.toBe(first?.lastContactAt);
    expect(later!.version - first!.version).toBeLessThan(5);
    expect(commits).toHaveLength(1);
  });

  it('writes nothing more once the lease is lost', async () => {
    const { store, leases, takeOver } = await open();
    const a = await takeOver('a');
    await leases.release(a.lease);
    await takeOver('b');
    const lost = { name: 'LeaseLostError' };
    await expect(a.sink.upsert([application()])).rejects.toMatchObject(lost);
    await expect(a.sink.report({ state: 'live' })).rejects.toMatchObject(lost);
    a.controller.abort();
    await expect(a.sink.upsert([application()])).rejects.toMatchObject(lost);
    expect(await store.readApplications(upstreamId)).toEqual([]);
  });
});
