import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { setTimeout as wait } from 'node:timers/promises';
import {
  actionOn,
  MemoryActivityLog,
  performerOn,
  uuid,
} from '../__testUtils__/actions';
import { sha } from '../__testUtils__/applications';
import { describeOnDatabases } from '../__testUtils__/databases';
import { eventually } from '../__testUtils__/eventually';
import { FakeArgoCd } from '../__testUtils__/FakeArgoCd';
import { FakeRevertWriter } from '../__testUtils__/FakeRevertWriter';
import { DatabaseActions } from '../database/DatabaseActions';
import { toNumber } from '../database/rows';
import { ActionRecord } from '../domain/actions/ActionRecord';
import { ActionReconciler } from './ActionReconciler';
import { EffectPerformer } from './EffectPerformer';

jest.setTimeout(60_000);

const outOfSync = {
  sync: { state: 'out-of-sync' as const, revisions: [sha('2')] },
  policy: { automated: false, prune: false, selfHeal: false },
};

type Performer = Pick<EffectPerformer, 'look' | 'perform'>;

describeOnDatabases('the reconciler', createDatabase => {
  const started: ActionReconciler[] = [];

  afterEach(async () => {
    await Promise.all(started.map(one => one.stop({ withinMs: 2_000 })));
    started.length = 0;
  });

  async function open() {
    const knex: Knex = await createDatabase();
    const [{ id }] = await knex('delivery_applications')
      .insert({
        upstream_id: 'fake:main',
        application_key: 'main/argocd/checkout-staging',
        projection: '{}',
        deleted: false,
        version: 1,
      })
      .returning('id');
    const argo = new FakeArgoCd(outOfSync);
    const writer = new FakeRevertWriter(argo);
    const actions = DatabaseActions.create({ knex });
    const activity = new MemoryActivityLog();
    const moved: number[] = [];
    return {
      knex,
      argo,
      writer,
      actions,
      activity,
      moved,
      applicationRow: toNumber(id),
      take: async (record: ActionRecord) => {
        await actions.admit(
          {
            record,
            applicationRow: toNumber(id),
            idempotencyKey: uuid(),
            requestDigest: 'digest',
          },
          async () => undefined,
        );
        return record;
      },
      /** A replica, with hands of its own if it is to die with them. */
      replica: (
        options: { performer?: Performer; claimTtlMs?: number } = {},
      ) => {
        const reconciler = ActionReconciler.create({
          actions: DatabaseActions.create({ knex }),
          performer: options.performer ?? performerOn(argo, { writer }),
          activity,
          logger: mockServices.logger.mock(),
          holder: uuid(),
          times: {
            paceMs: 20,
            pollMs: 20,
            claimTtlMs: options.claimTtlMs ?? 1_000,
            giveUpMs: 600_000,
            graceMs: 30_000,
          },
          concurrency: 5,
          // The clock of the fake world, so that no test waits for a grace.
          clock: () => argo.time,
          onMoved: applicationRow => moved.push(applicationRow),
        });
        started.push(reconciler);
        reconciler.start();
        return reconciler;
      },
      phaseOf: async (record: ActionRecord) =>
        (await actions.find(record.id))?.phase,
    };
  }

  it('carries an action out, tells of each move, and records its end once', async () => {
    const it = await open();
    const record = await it.take(actionOn(it.argo, 'sync'));
    it.replica();
    await eventually(() => expect(it.argo.syncs).toHaveLength(1));
    it.argo.moveOn();
    it.argo.moveOn();
    await eventually(async () =>
      expect(await it.phaseOf(record)).toBe('succeeded'),
    );
    await eventually(() =>
      expect(it.activity.entries).toMatchObject([
        {
          event: 'succeeded',
          actionId: record.id,
          actor: { ref: 'user:default/ada', kind: 'user' },
          reason: 'the canary looks bad',
          stateSeen: 'Git and the cluster differed.',
          result: expect.stringContaining('Argo CD applied 2222222.'),
        },
      ]),
    );
    expect(it.moved.length).toBeGreaterThanOrEqual(2);
    expect(new Set(it.moved)).toEqual(new Set([it.applicationRow]));
    const { reads } = it.argo;
    await wait(100);
    // Nothing is under way any more, so nobody is asked for anything.
    expect(it.argo.reads).toBe(reads);
  });

  it('goes on with what a killed replica intended and did not do, once', async () => {
    const it = await open();
    const record = await it.take(actionOn(it.argo, 'sync'));
    const real = performerOn(it.argo);
    const killed = it.replica({
      claimTtlMs: 200,
      performer: {
        look: options => real.look(options),
        // It never comes back from this, and never asked.
        perform: () => new Promise(() => undefined),
      },
    });
    await eventually(async () =>
      expect(
        (
          await it.actions.find(record.id)
        )?.progress.effects.sync,
      ).toMatchObject({ outcome: 'intended' }),
    );
    // Like a kill: it neither renews nor gives back. Its stop gives up waiting.
    await killed.stop({ withinMs: 10 });
    expect(it.argo.syncs).toHaveLength(0);

    it.replica();
    await wait(300);
    // Its request might still be on its way.
    expect(it.argo.syncs).toHaveLength(0);
    it.argo.tick(31);
    await eventually(() => expect(it.argo.syncs).toHaveLength(1));
    it.argo.moveOn();
    it.argo.moveOn();
    await eventually(async () =>
      expect(await it.phaseOf(record)).toBe('succeeded'),
    );
    expect(it.argo.syncs).toHaveLength(1);
  });

  it('recognises what a killed replica did and did not write down', async () => {
    const it = await open();
    const record = await it.take(actionOn(it.argo, 'sync'));
    const real = performerOn(it.argo);
    const killed = it.replica({
      claimTtlMs: 200,
      performer: {
        look: options => real.look(options),
        async perform(options) {
          await real.perform(options);
          return new Promise(() => undefined);
        },
      },
    });
    await eventually(() => expect(it.argo.syncs).toHaveLength(1));
    await killed.stop({ withinMs: 10 });

    it.replica();
    it.argo.tick(100);
    it.argo.moveOn();
    it.argo.moveOn();
    await eventually(async () =>
      expect(await it.phaseOf(record)).toBe('succeeded'),
    );
    expect(it.argo.syncs).toHaveLength(1);
  });

  it('asks for nothing with a claim that it may have lost while it slept', async () => {
    const it = await open();
    await it.take(actionOn(it.argo, 'sync'));
    const real = performerOn(it.argo);
    let looks = 0;
    it.replica({
      claimTtlMs: 50,
      performer: {
        async look(options) {
          const world = await real.look(options);
          if (looks++ === 0) {
            // Holds up the whole process, renewing included, as a pause would.
            const until = performance.now() + 200;
            while (performance.now() < until);
          }
          return world;
        },
        perform: options => real.perform(options),
      },
    });
    await eventually(() => expect(looks).toBeGreaterThan(1));
    expect(it.argo.syncs).toHaveLength(0);
  });

  it('makes one commit of two replicas, one of which dies after it', async () => {
    const it = await open();
    const record = await it.take(actionOn(it.argo, 'revert'));
    const real = performerOn(it.argo, { writer: it.writer });
    const killed = it.replica({
      claimTtlMs: 200,
      performer: {
        look: options => real.look(options),
        async perform(options) {
          await real.perform(options);
          return new Promise(() => undefined);
        },
      },
    });
    await eventually(() => expect(it.writer.commits).toHaveLength(1));
    await killed.stop({ withinMs: 10 });
    it.replica();
    await eventually(() => expect(it.argo.syncs).toHaveLength(1));
    it.argo.moveOn();
    it.argo.moveOn();
    await eventually(async () =>
      expect(await it.phaseOf(record)).toBe('succeeded'),
    );
    expect(it.writer.commits).toHaveLength(1);
    expect(await it.actions.find(record.id)).toMatchObject({
      commit: { sha: sha('c') },
    });
  });

  it('lets what it has begun come to its next stop when the backend stops', async () => {
    const it = await open();
    const record = await it.take(actionOn(it.argo, 'sync'));
    const real = performerOn(it.argo);
    const reconciler = it.replica({
      performer: {
        look: options => real.look(options),
        async perform(options) {
          const result = await real.perform(options);
          await wait(200);
          return result;
        },
      },
    });
    await eventually(() => expect(it.argo.syncs).toHaveLength(1));
    await reconciler.stop({ withinMs: 5_000 });
    expect(
      (await it.actions.find(record.id))?.progress.effects.sync,
    ).toMatchObject({ outcome: 'taken' });
  });

  it('looks at once when the read model says that something happened', async () => {
    const it = await open();
    const record = await it.take(actionOn(it.argo, 'sync'));
    const reconciler = it.replica();
    await eventually(() => expect(it.argo.syncs).toHaveLength(1));
    // Nothing has moved for long, so that it looks every 15 seconds only.
    it.argo.tick(3_600);
    await eventually(async () => {
      const row = await it.knex('delivery_actions').first('due_at');
      expect(toNumber(row.due_at) - Date.now()).toBeGreaterThan(5_000);
    });
    it.argo.moveOn();
    it.argo.moveOn();
    await reconciler.applicationsChanged([it.applicationRow]);
    await eventually(async () => {
      await reconciler.applicationsChanged([it.applicationRow]);
      expect(await it.phaseOf(record)).toBe('succeeded');
    });
  });

  it('keeps going when the audit cannot be written, and records the end later', async () => {
    const it = await open();
    const record = await it.take(actionOn(it.argo, 'refresh'));
    const append = it.activity.append.bind(it.activity);
    let failures = 0;
    it.activity.append = async (...args) => {
      if (failures++ < 2) {
        throw new Error('the disk is full');
      }
      return append(...args);
    };
    it.replica();
    await eventually(async () =>
      expect(await it.phaseOf(record)).toBe('succeeded'),
    );
    await eventually(() => expect(it.activity.entries).toHaveLength(1));
  });
});
