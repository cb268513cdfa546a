import { Knex } from 'knex';
import { application } from '../__testUtils__/applications';
import { describeOnDatabases } from '../__testUtils__/databases';
import { canonicalJson } from '../domain/canonicalJson';
import { HistoryDraft } from '../domain/history/historyDrafts';
import {
  ApplicationWrite,
  DatabaseDeliveryStore,
} from './DatabaseDeliveryStore';
import { DatabaseHistory } from './DatabaseHistory';
import { DatabaseLeases, Lease } from './DatabaseLeases';

jest.setTimeout(60_000);

function write(
  name: string,
  part: Partial<ApplicationWrite> = {},
): ApplicationWrite {
  return {
    key: `main/argocd/${name}`,
    projection: canonicalJson(application({ name })),
    history: [],
    ...part,
  };
}

function entry(part: Partial<HistoryDraft> = {}): HistoryDraft {
  return {
    entryKey: 'argocd:uid:1',
    source: 'argocd-history',
    deployedAt: '2026-11-01T10:00:00.000Z',
    release: { revisions: [] },
    imageKnown: false,
    destination: {},
    ...part,
  };
}

async function open(knex: Knex, upstreamId = 'fake:main') {
  const leases = DatabaseLeases.create({ knex });
  const store = DatabaseDeliveryStore.create({ knex, leases });
  const lease = await leases.acquire({
    upstreamId,
    holder: 'a',
    ttlMs: 60_000,
  });
  return { leases, store, lease: lease as Lease };
}

describeOnDatabases('the store of the read model', createDatabase => {
  it('follows by version: what was written since, and only that', async () => {
    const { store, lease } = await open(await createDatabase());
    const first = await store.writeApplications({
      lease,
      writes: [write('a'), write('b')],
    });
    const second = await store.writeApplications({
      lease,
      writes: [write('b', { serving: '{"release":{"revisions":[]}}' })],
    });
    expect(second.version).toBe(first.version + 1);

    const all = await store.readChanges(-1);
    expect(all).toMatchObject({
      version: second.version,
      applications: [
        { key: 'main/argocd/a', version: first.version },
        { key: 'main/argocd/b', version: second.version },
      ],
    });
    const since = await store.readChanges(first.version);
    expect(since?.applications.map(({ key }) => key)).toEqual([
      'main/argocd/b',
    ]);
    expect(await store.readChanges(second.version)).toBeUndefined();
  });

  it('keeps the id of an application for good, and its last state when gone', async () => {
    const { store, lease } = await open(await createDatabase());
    const { ids } = await store.writeApplications({
      lease,
      writes: [write('a')],
    });
    const gone = await store.deleteApplications({
      lease,
      keys: ['main/argocd/a'],
    });
    expect(gone.ids).toEqual(ids);
    expect((await store.readChanges(-1))?.applications).toMatchObject([
      { id: ids[0], deleted: true, application: { id: { name: 'a' } } },
    ]);
    const back = await store.writeApplications({ lease, writes: [write('a')] });
    expect(back.ids).toEqual(ids);
    expect((await store.readChanges(-1))?.applications).toMatchObject([
      { deleted: false },
    ]);
  });

  it('reads more changes than fit into one page, and none twice', async () => {
    const { store, lease } = await open(await createDatabase());
    const writes = Array.from({ length: 2_500 }, (_, index) =>
      write(`app-${index}`),
    );
    await store.writeApplications({ lease, writes: writes.slice(0, 700) });
    await store.writeApplications({ lease, writes: writes.slice(700) });
    const changes = await store.readChanges(-1);
    expect(changes?.applications).toHaveLength(2_500);
    expect(new Set(changes?.applications.map(({ key }) => key)).size).toBe(
      2_500,
    );
  });

  it('refuses a write by a holder that has lost the lease, and keeps nothing of it', async () => {
    const knex = await createDatabase();
    const { store, leases, lease } = await open(knex);
    await leases.release(lease);
    await leases.acquire({
      upstreamId: lease.upstreamId,
      holder: 'b',
      ttlMs: 60_000,
    });
    const version = await store.readVersion();
    const lost = { name: 'LeaseLostError' };
    await expect(
      store.writeApplications({ lease, writes: [write('a')] }),
    ).rejects.toMatchObject(lost);
    await expect(
      store.deleteApplications({ lease, keys: ['main/argocd/a'] }),
    ).rejects.toMatchObject(lost);
    await expect(
      store.writeUpstream({
        lease,
        upstream: { state: 'live', since: '2026-11-01T10:00:00.000Z' },
      }),
    ).rejects.toMatchObject(lost);
    expect(await store.readVersion()).toBe(version);
    expect(await store.readApplications(lease.upstreamId)).toEqual([]);
  });

  it('never lets a follower skip a version while many write at once', async () => {
    const knex = await createDatabase();
    const writers = await Promise.all(
      ['fake:a', 'fake:b', 'fake:c'].map(id => open(knex, id)),
    );
    const { store } = writers[0];
    let writing = true;
    const seen = new Set<number>();
    let version = -1;
    const follow = async () => {
      const changes = await store.readChanges(version);
      changes?.applications.forEach(found => seen.add(found.version));
      version = changes?.version ?? version;
    };
    const following = (async () => {
      while (writing) {
        await follow();
      }
    })();
    const written = await Promise.all(
      writers.map(async ({ store: own, lease }, writer) => {
        const versions: number[] = [];
        for (let index = 0; index < 15; index++) {
          const { version: one } = await own.writeApplications({
            lease,
            writes: [write(`app-${writer}-${index}`)],
          });
          versions.push(one);
        }
        return versions;
      }),
    );
    writing = false;
    await following;
    await follow();
    const all = written.flat();
    expect(new Set(all).size).toBe(45);
    expect([...seen].sort((a, b) => a - b)).toEqual(all.sort((a, b) => a - b));
  });

  it('writes an entry of history once, however often it is seen', async () => {
    const knex = await createDatabase();
    const { store, lease } = await open(knex);
    for (let time = 0; time < 3; time++) {
      await store.writeApplications({
        lease,
        writes: [
          write('a', { history: [entry(), entry({ entryKey: 'observed:x' })] }),
        ],
      });
    }
    expect(await knex('delivery_history').select('*')).toHaveLength(2);
  });

  it('adds the image to an entry once, and never puts another in its place', async () => {
    const knex = await createDatabase();
    const { store, lease } = await open(knex);
    const release = (tag: string) => ({ image: 'r/a', tag, revisions: [] });
    const historyOf = async () => {
      const [{ id }] = await store.readApplications(lease.upstreamId);
      return DatabaseHistory.create({ knex }).read({
        applicationIds: [id],
        limit: 10,
      });
    };
    for (const draft of [
      entry(),
      entry({ release: release('1.0.0'), imageKnown: true }),
      entry({ release: release('2.0.0'), imageKnown: true }),
    ]) {
      await store.writeApplications({
        lease,
        writes: [write('a', { history: [draft] })],
      });
    }
    expect(await historyOf()).toMatchObject([{ release: { tag: '1.0.0' } }]);
  });

  it('keeps the history of an application that disappears', async () => {
    const knex = await createDatabase();
    const { store, lease } = await open(knex);
    const { ids } = await store.writeApplications({
      lease,
      writes: [write('a', { history: [entry({ initiatedBy: 'ada' })] })],
    });
    await store.deleteApplications({ lease, keys: ['main/argocd/a'] });
    expect(
      await DatabaseHistory.create({ knex }).read({
        applicationIds: ids,
        limit: 10,
      }),
    ).toMatchObject([{ initiatedBy: 'ada' }]);
  });

  it('pages through the history of several applications, newest first, without gaps', async () => {
    const knex = await createDatabase();
    const { store, lease } = await open(knex);
    const history = (offset: number) =>
      Array.from({ length: 20 }, (_, index) =>
        entry({
          entryKey: `argocd:uid:${index}`,
          // Some of them at the very same moment.
          deployedAt: `2026-11-01T10:${String(
            Math.floor((index + offset) / 3),
          ).padStart(2, '0')}:00.000Z`,
        }),
      );
    const { ids } = await store.writeApplications({
      lease,
      writes: [
        write('a', { history: history(0) }),
        write('b', { history: history(1) }),
      ],
    });
    const reader = DatabaseHistory.create({ knex });
    const all = await reader.read({ applicationIds: ids, limit: 100 });
    const paged = [];
    for (;;) {
      const last = paged[paged.length - 1];
      const page = await reader.read({
        applicationIds: ids,
        limit: 7,
        ...(last && { after: last }),
      });
      if (page.length === 0) {
        break;
      }
      paged.push(...page);
    }
    expect(all).toHaveLength(40);
    expect(paged.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    const times = all.map(({ deployedAt }) => deployedAt);
    expect(times).toEqual([...times].sort().reverse());
  });
});
