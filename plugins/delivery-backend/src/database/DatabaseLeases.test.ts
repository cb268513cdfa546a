import { setTimeout as wait } from 'node:timers/promises';
import { describeOnDatabases } from '../__testUtils__/databases';
import { DatabaseLeases } from './DatabaseLeases';

jest.setTimeout(60_000);

const upstreamId = 'fake:main';

describeOnDatabases('the lease of an upstream', createDatabase => {
  it('is held by one replica alone', async () => {
    const leases = DatabaseLeases.create({ knex: await createDatabase() });
    const taken = await Promise.all(
      ['a', 'b', 'c', 'd'].map(holder =>
        leases.acquire({ upstreamId, holder, ttlMs: 10_000 }),
      ),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('is not given a second time to the replica that holds it', async () => {
    const leases = DatabaseLeases.create({ knex: await createDatabase() });
    const options = { upstreamId, holder: 'a', ttlMs: 10_000 };
    expect(await leases.acquire(options)).toMatchObject({ epoch: 1 });
    expect(await leases.acquire(options)).toBeUndefined();
  });

  it('passes on at once when it is released', async () => {
    const leases = DatabaseLeases.create({ knex: await createDatabase() });
    const a = await leases.acquire({ upstreamId, holder: 'a', ttlMs: 10_000 });
    await leases.release(a!);
    expect(
      await leases.acquire({ upstreamId, holder: 'b', ttlMs: 10_000 }),
    ).toEqual({ upstreamId, holder: 'b', epoch: 2 });
  });

  it('passes on when it was not renewed, and its holder is told', async () => {
    const leases = DatabaseLeases.create({ knex: await createDatabase() });
    const a = await leases.acquire({ upstreamId, holder: 'a', ttlMs: 50 });
    await wait(80);
    const b = await leases.acquire({ upstreamId, holder: 'b', ttlMs: 10_000 });
    expect(b).toMatchObject({ holder: 'b', epoch: 2 });
    await expect(leases.renew(a!, { ttlMs: 10_000 })).rejects.toMatchObject({
      name: 'LeaseLostError',
    });
    // A late release by the old holder takes nothing from the new one.
    await leases.release(a!);
    await expect(leases.renew(b!, { ttlMs: 10_000 })).resolves.toBeUndefined();
  });

  it('stays with whoever renews it', async () => {
    const leases = DatabaseLeases.create({ knex: await createDatabase() });
    const a = await leases.acquire({ upstreamId, holder: 'a', ttlMs: 200 });
    await leases.renew(a!, { ttlMs: 10_000 });
    await wait(250);
    expect(
      await leases.acquire({ upstreamId, holder: 'b', ttlMs: 10_000 }),
    ).toBeUndefined();
  });

  it('tells apart two times that the same replica held it', async () => {
    const knex = await createDatabase();
    const leases = DatabaseLeases.create({ knex });
    const first = await leases.acquire({ upstreamId, holder: 'a', ttlMs: 1 });
    await wait(20);
    await leases.acquire({ upstreamId, holder: 'a', ttlMs: 10_000 });
    await expect(
      knex.transaction(tx => leases.assertHeld(tx, first!)),
    ).rejects.toMatchObject({ name: 'LeaseLostError' });
  });
});
