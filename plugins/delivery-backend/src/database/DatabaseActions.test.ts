import { Knex } from 'knex';
import { actionOn, uuid } from '../__testUtils__/actions';
import { describeOnDatabases } from '../__testUtils__/databases';
import { FakeArgoCd } from '../__testUtils__/FakeArgoCd';
import { ActionRecord } from '../domain/actions/ActionRecord';
import { finished } from '../domain/actions/progress';
import { ClaimLostError } from './ClaimLostError';
import { DatabaseActions } from './DatabaseActions';
import { toNumber } from './rows';

jest.setTimeout(60_000);

async function nothing(): Promise<void> {}

async function open(createDatabase: () => Promise<Knex>) {
  const knex = await createDatabase();
  const [{ id }] = await knex('delivery_applications')
    .insert({
      upstream_id: 'fake:main',
      application_key: 'main/argocd/checkout-staging',
      projection: '{}',
      deleted: false,
      version: 1,
    })
    .returning('id');
  const applicationRow = toNumber(id);
  const actions = DatabaseActions.create({ knex });
  return {
    knex,
    actions,
    admit: (record: ActionRecord, idempotencyKey = uuid()) =>
      actions.admit(
        { record, applicationRow, idempotencyKey, requestDigest: 'digest' },
        nothing,
      ),
    claim: (holder: string, ttlMs = 60_000) =>
      actions.claimDue({ holder, ttlMs, limit: 10 }),
  };
}

describeOnDatabases('actions in the database', createDatabase => {
  it('are taken on once for a person and a key, whatever comes at the same time', async () => {
    const { knex, actions, admit } = await open(createDatabase);
    const argo = new FakeArgoCd();
    const key = uuid();
    const answers = await Promise.all(
      [1, 2, 3].map(() => admit(actionOn(argo, 'sync'), key)),
    );
    expect(answers.map(({ kind }) => kind).sort()).toEqual([
      'same-key',
      'same-key',
      'taken-on',
    ]);
    expect(await knex('delivery_actions').select('id')).toHaveLength(1);
    const other = actionOn(argo, 'refresh', {
      requestedBy: 'user:default/bob',
    });
    // A key is a person's own.
    expect(await admit(other, key)).toMatchObject({ kind: 'taken-on' });
    expect(
      await actions.findByKey({
        requestedBy: 'user:default/bob',
        idempotencyKey: key,
      }),
    ).toMatchObject({ record: { id: other.id }, requestDigest: 'digest' });
  });

  it('exclude each other where they change the same application, until they are over', async () => {
    const { actions, admit, claim } = await open(createDatabase);
    const argo = new FakeArgoCd();
    const sync = actionOn(argo, 'sync');
    expect(await admit(sync)).toMatchObject({ kind: 'taken-on' });
    expect(await admit(actionOn(argo, 'revert'))).toMatchObject({
      kind: 'busy',
      by: { id: sync.id },
    });
    expect(await actions.inFlight(sync)).toMatchObject({ id: sync.id });
    // B4: a sync that hangs can be ended, and looking is always possible.
    for (const kind of ['terminate', 'refresh', 'refresh'] as const) {
      expect(await admit(actionOn(argo, kind))).toMatchObject({
        kind: 'taken-on',
      });
    }
    expect(await admit(actionOn(argo, 'terminate'))).toMatchObject({
      kind: 'busy',
    });
    const other = new FakeArgoCd({ instance: 'other' });
    expect(await admit(actionOn(other, 'sync'))).toMatchObject({
      kind: 'taken-on',
    });

    for (const claimed of await claim('a')) {
      await actions.finish(
        claimed.claim,
        finished(claimed.record, 'succeeded', 'Done.', argo.time),
        nothing,
      );
    }
    expect(await actions.countUnderWay()).toBe(0);
    expect(await admit(actionOn(argo, 'revert'))).toMatchObject({
      kind: 'taken-on',
    });
  });

  it('are not there when what is written alongside fails, and neither is their end', async () => {
    const { knex, actions, admit, claim } = await open(createDatabase);
    const argo = new FakeArgoCd();
    const broken = async () => {
      throw new Error('the audit is full');
    };
    await expect(
      actions.admit(
        {
          record: actionOn(argo, 'sync'),
          applicationRow: 1,
          idempotencyKey: uuid(),
          requestDigest: 'digest',
        },
        broken,
      ),
    ).rejects.toThrow('the audit is full');
    expect(await knex('delivery_actions').select('id')).toEqual([]);

    await admit(actionOn(argo, 'sync'));
    const [{ claim: held, record }] = await claim('a');
    await expect(
      actions.finish(
        held,
        finished(record, 'succeeded', 'Done.', argo.time),
        broken,
      ),
    ).rejects.toThrow('the audit is full');
    expect(await actions.find(record.id)).toMatchObject({ phase: 'running' });
  });

  it('are moved on by one replica at a time', async () => {
    const { actions, admit, claim } = await open(createDatabase);
    const record = actionOn(new FakeArgoCd(), 'sync');
    await admit(record);
    const [a, b] = await Promise.all([claim('a'), claim('b')]);
    expect(a.length + b.length).toBe(1);
    const [{ claim: held }] = [...a, ...b];
    expect(await claim('c')).toEqual([]);

    await actions.release(
      held,
      { ...record, summary: 'Half way.' },
      {
        dueInMs: 0,
      },
    );
    const [next] = await claim('c');
    expect(next.record.summary).toBe('Half way.');
    // The one before was slow, and must not write over its successor.
    for (const write of [
      actions.write(held, record),
      actions.renew(held, { ttlMs: 1_000 }),
      actions.release(held, record, { dueInMs: 0 }),
      actions.finish(held, record, nothing),
    ]) {
      await expect(write).rejects.toThrow(ClaimLostError);
    }
    await actions.abandon(held);
    expect(await claim('d')).toEqual([]);
  });

  it('are taken over when the replica that had them is silent for too long', async () => {
    const { admit, claim } = await open(createDatabase);
    await admit(actionOn(new FakeArgoCd(), 'sync'));
    expect(await claim('a', -1)).toHaveLength(1);
    const [taken] = await claim('b');
    expect(taken.claim).toMatchObject({ holder: 'b', epoch: 2 });
  });

  it('are not looked at before their time, unless something happened to the application', async () => {
    const { actions, admit, claim } = await open(createDatabase);
    const record = actionOn(new FakeArgoCd(), 'sync');
    await admit(record);
    const [{ claim: held, applicationRow }] = await claim('a');
    await actions.release(held, record, { dueInMs: 60_000 });
    expect(await claim('a')).toEqual([]);
    await actions.hasten([applicationRow + 1]);
    expect(await claim('a')).toEqual([]);
    await actions.hasten([applicationRow]);
    expect(await claim('a')).toHaveLength(1);
  });

  it('are shown while they are under way, and for a while after', async () => {
    const { actions, admit, claim } = await open(createDatabase);
    const argo = new FakeArgoCd();
    await admit(actionOn(argo, 'sync'));
    const [{ claim: held, record }] = await claim('a');
    await actions.finish(
      held,
      finished(record, 'succeeded', 'Done.', '2026-11-22T12:00:00.000Z'),
      nothing,
    );
    const since = (finishedSince: string) =>
      actions.recent({ entityRef: record.entityRef, finishedSince });
    expect(await since('2026-11-22T11:59:00.000Z')).toMatchObject([
      { id: record.id, phase: 'succeeded' },
    ]);
    expect(await since('2026-11-22T12:00:01.000Z')).toEqual([]);
    const running = actionOn(argo, 'sync');
    await admit(running);
    expect(await since('2026-11-22T12:00:01.000Z')).toMatchObject([
      { id: running.id },
    ]);
  });
});
