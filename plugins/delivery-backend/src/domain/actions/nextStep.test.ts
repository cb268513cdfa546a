import {
  actionOn,
  actionTimes,
  performerOn,
} from '../../__testUtils__/actions';
import { sha } from '../../__testUtils__/applications';
import { FakeArgoCd } from '../../__testUtils__/FakeArgoCd';
import { FakeRevertWriter } from '../../__testUtils__/FakeRevertWriter';
import { ActionRecord } from './ActionRecord';
import { nextStep } from './nextStep';
import { settleEffect } from './settleEffect';

const outOfSync = {
  sync: { state: 'out-of-sync' as const, revisions: [sha('2')] },
  policy: { automated: false, prune: false, selfHeal: false },
};

/** Carries an action out step by step, as one replica that nothing befalls. */
function carry(
  argo: FakeArgoCd,
  first: ActionRecord,
  writer = new FakeRevertWriter(argo),
) {
  const performer = performerOn(argo, { writer });
  const signal = new AbortController().signal;
  const it = {
    record: first,
    async look(): Promise<ActionRecord> {
      const { record } = it;
      const now = argo.time;
      const world = await performer.look({ record, now, signal });
      let step = nextStep({ record, world, times: actionTimes });
      if (step.kind === 'perform') {
        const result = await performer.perform({ ...step, now, signal });
        step = settleEffect({ ...step, result, now, times: actionTimes });
      }
      it.record = step.record;
      return step.record;
    },
    stepsOf: () =>
      Object.fromEntries(it.record.steps.map(({ id, state }) => [id, state])),
  };
  return it;
}

describe('a sync', () => {
  it('B1, B2, B3: is over when our own operation is, and Argo CD has looked again since', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    await action.look();
    expect(argo.syncs).toEqual([
      {
        dryRun: false,
        prune: false,
        force: false,
        extraSyncOptions: [],
        infos: {
          'slipway.dev/action': action.record.id,
          'slipway.dev/requested-by': 'user:default/ada',
          'slipway.dev/reason': 'the canary looks bad',
        },
      },
    ]);
    expect(action.stepsOf()).toEqual({
      request: 'done',
      follow: 'running',
      verify: 'pending',
    });
    expect(await action.look()).toMatchObject({
      phase: 'running',
      summary: 'The sync waits to begin.',
    });
    argo.moveOn();
    expect(await action.look()).toMatchObject({
      phase: 'running',
      summary: 'The sync is under way.',
    });
    argo.moveOn();
    argo.application = {
      ...argo.application,
      health: { state: 'suspended' },
    };
    // B1: it calls itself synced, and has not looked since its own sync.
    expect(argo.application).toMatchObject({
      sync: { state: 'synced' },
      verified: false,
    });
    expect(await action.look()).toMatchObject({ phase: 'running' });
    expect(argo.refreshes).toBe(1);
    expect(await action.look()).toMatchObject({
      phase: 'succeeded',
      summary:
        'Argo CD applied 2222222. Git and the cluster agree. The release is not out: it is paused.',
    });
    expect(action.stepsOf()).toEqual({
      request: 'done',
      follow: 'done',
      verify: 'done',
    });
    expect(argo.syncs).toHaveLength(1);
  });

  it('B2: of another commit than the one that was confirmed is no success', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    await action.look();
    argo.push(sha('3'));
    argo.moveOn();
    argo.moveOn();
    expect(await action.look()).toMatchObject({
      phase: 'failed',
      summary: expect.stringContaining('applied 3333333 and not 2222222'),
    });
  });

  it('B2: is not believed to be over because somebody else’s operation is', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    argo.mishaps = ['request-lost'];
    await action.look();
    argo.beginOther({ automated: false });
    argo.moveOn();
    argo.moveOn();
    expect(await action.look()).toMatchObject({
      phase: 'unknown',
      summary: expect.stringContaining('nobody can say whether this sync'),
    });
    expect(argo.syncs).toHaveLength(0);
  });

  it('B4: stays under way for as long as a paused canary does, and says what it waits for', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    await action.look();
    argo.moveOn();
    argo.operation = {
      ...argo.operation!,
      message: 'waiting for healthy state of argoproj.io/Rollout/checkout',
    };
    for (let hour = 0; hour < 5; hour++) {
      argo.tick(3_600);
      expect(await action.look()).toMatchObject({
        phase: 'running',
        summary:
          'The sync is under way. It says: waiting for healthy state of argoproj.io/Rollout/checkout. Until then no other sync can begin, a revert’s included; it can be ended.',
      });
    }
  });

  it('B5: that failed and will be tried again by itself is not over, whatever its end says', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    await action.look();
    argo.moveOn();
    argo.operation = {
      ...argo.operation!,
      finishedAt: argo.time,
      retries: 2,
      message: 'one resource failed',
    };
    expect(await action.look()).toMatchObject({
      phase: 'running',
      summary:
        'The sync failed and will be tried again by itself (2 retries so far). It says: one resource failed.',
    });
  });

  it('B6: is not asked for while another one waits to begin', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    argo.beginOther({ automated: true });
    expect(argo.operation?.queued).toBe(true);
    expect(await action.look()).toMatchObject({
      phase: 'refused',
      summary: expect.stringContaining('Nothing was done.'),
    });
    expect(argo.syncs).toHaveLength(0);
  });

  it('B7: that leaves something out of sync has succeeded, and says what it left', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    await action.look();
    argo.moveOn();
    argo.moveOn();
    argo.application = {
      ...argo.application,
      sync: { state: 'out-of-sync', revisions: [sha('2')] },
    };
    argo.operation = {
      ...argo.operation!,
      outcomes: [
        {
          group: '',
          kind: 'ConfigMap',
          name: 'old',
          outcome: 'prune-skipped',
        },
      ],
    };
    await action.look();
    expect(await action.look()).toMatchObject({
      phase: 'succeeded',
      summary:
        'Argo CD applied 2222222. Git and the cluster still differ. ConfigMap old was left, because the sync did not prune. Argo CD calls it healthy; a rollout may still be going on.',
      outcomes: [{ outcome: 'prune-skipped' }],
    });
  });

  it('B17: that is a dry run is told by its own result, and changes nothing', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(
      argo,
      actionOn(argo, 'sync', { options: { dryRun: true } }),
    );
    await action.look();
    expect(argo.syncs).toMatchObject([{ dryRun: true }]);
    argo.moveOn();
    argo.operation = {
      ...argo.operation!,
      outcomes: [
        { group: 'apps', kind: 'Deployment', name: 'a', outcome: 'synced' },
        { group: '', kind: 'ConfigMap', name: 'old', outcome: 'pruned' },
      ],
    };
    argo.moveOn();
    expect(await action.look()).toMatchObject({
      phase: 'succeeded',
      summary:
        'This was a dry run: nothing was changed. A sync would apply 1 resource. It would delete ConfigMap old.',
    });
    expect(argo.application.history).toHaveLength(1);
  });

  it('B20: sends what was chosen on top of the application’s own sync options', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(
      argo,
      actionOn(argo, 'sync', {
        options: {
          prune: true,
          force: true,
          serverSideApply: true,
          outOfSyncOnly: true,
        },
      }),
    );
    await action.look();
    expect(argo.syncs).toMatchObject([
      {
        prune: true,
        force: true,
        extraSyncOptions: ['ServerSideApply=true', 'ApplyOutOfSyncOnly=true'],
      },
    ]);
  });

  it('is asked for once when the answer was lost after it was taken on', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    argo.mishaps = ['answer-lost'];
    await action.look();
    for (const _ of [1, 2, 3]) {
      argo.tick(60);
      argo.moveOn();
      await action.look();
    }
    expect(action.record.phase).toBe('succeeded');
    expect(argo.syncs).toHaveLength(1);
  });

  it('is asked for again when the request was lost, but only once it cannot arrive any more', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    argo.mishaps = ['request-lost'];
    await action.look();
    argo.tick(29);
    await action.look();
    expect(argo.syncs).toHaveLength(0);
    argo.tick(2);
    await action.look();
    expect(argo.syncs).toHaveLength(1);
  });

  it('is given up when every answer is lost', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    argo.mishaps = ['request-lost', 'request-lost', 'request-lost'];
    for (let look = 0; look < 10; look++) {
      await action.look();
      argo.tick(31);
    }
    expect(action.record).toMatchObject({
      phase: 'unknown',
      summary: expect.stringContaining('every answer was lost'),
    });
  });

  it('is refused when the application is not as it was confirmed', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    argo.push(sha('4'));
    argo.look();
    expect(await action.look()).toMatchObject({
      phase: 'refused',
      summary: expect.stringContaining('had changed'),
    });
    expect(argo.syncs).toHaveLength(0);
  });

  it('A4: is refused with the window and its end when one is closed by then', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    argo.windows = {
      allowed: false,
      opensAt: '2026-11-23T06:00:00.000Z',
      windows: [
        {
          kind: 'deny',
          schedule: '0 0 * * *',
          duration: '6h',
          timeZone: 'Europe/Lisbon',
          manualSync: false,
          description: 'Black Friday',
          active: true,
        },
      ],
    };
    expect(await action.look()).toMatchObject({
      phase: 'refused',
      summary:
        'Nothing was done. Argo CD forbids syncs now: “Black Friday” (deny, 0 0 * * * Europe/Lisbon for 6h) is open. Syncs are possible again from 23 Nov 2026, 06:00 UTC.',
    });
  });

  it('fails with the words of Argo CD and the resources that failed', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    await action.look();
    argo.moveOn();
    argo.operation = {
      ...argo.operation!,
      outcomes: [
        {
          group: 'apps',
          kind: 'Deployment',
          name: 'checkout',
          outcome: 'failed',
          message: 'field is immutable',
        },
      ],
    };
    argo.moveOn({ succeed: false });
    expect(await action.look()).toMatchObject({
      phase: 'failed',
      summary:
        'The sync failed. Argo CD says: one resource failed. Failed: Deployment checkout; field is immutable.',
    });
  });

  it('A2: is lost track of when the application is gone in the middle, and never called deleted', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    await action.look();
    argo.fault = { kind: 'not-found', message: 'No such application.' };
    argo.tick(10);
    expect(await action.look()).toMatchObject({ phase: 'running' });
    argo.tick(30);
    expect(await action.look()).toMatchObject({
      phase: 'unknown',
      summary: expect.stringContaining(
        'was not found, or the portal’s own account may not see it',
      ),
    });
  });

  it('is lost track of when the application was made again in the middle', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    await action.look();
    argo.recreate();
    expect(await action.look()).toMatchObject({
      phase: 'unknown',
      summary: expect.stringContaining('deleted and made again'),
    });
  });

  it('goes on through an outage, and ends when it lasts for too long', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    await action.look();
    argo.fault = { kind: 'unavailable', message: 'connection refused.' };
    argo.tick(500);
    expect(await action.look()).toMatchObject({
      phase: 'running',
      summary:
        'Argo CD cannot be asked now, and will be asked again. connection refused.',
    });
    argo.tick(200);
    expect(await action.look()).toMatchObject({ phase: 'unknown' });
  });

  it('fails, with nothing done, when Argo CD could not be asked at all', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    argo.fault = { kind: 'unavailable', message: 'connection refused.' };
    await action.look();
    argo.tick(601);
    expect(await action.look()).toMatchObject({
      phase: 'failed',
      summary:
        'Nothing was done: Argo CD could not be asked. connection refused.',
    });
  });

  it('B1: is not called done while Argo CD does not look again', async () => {
    const argo = new FakeArgoCd(outOfSync);
    const action = carry(argo, actionOn(argo, 'sync'));
    await action.look();
    argo.moveOn();
    argo.moveOn();
    argo.look = () => undefined;
    await action.look();
    argo.tick(300);
    expect(await action.look()).toMatchObject({ phase: 'running' });
    argo.tick(301);
    expect(await action.look()).toMatchObject({
      phase: 'unknown',
      summary: expect.stringContaining('has not looked again since'),
    });
  });
});

describe('ending a sync', () => {
  function running() {
    const argo = new FakeArgoCd(outOfSync);
    argo.beginOther({ automated: false });
    argo.moveOn();
    return argo;
  }

  it('is done when the operation that was seen is over', async () => {
    const argo = running();
    const action = carry(argo, actionOn(argo, 'terminate'));
    await action.look();
    expect(await action.look()).toMatchObject({
      phase: 'running',
      summary: expect.stringContaining('is ending the sync'),
    });
    argo.moveOn();
    expect(await action.look()).toMatchObject({
      phase: 'succeeded',
      summary:
        'The sync was ended. Argo CD says: Operation terminated. What it had applied by then stays.',
    });
    expect(argo.terminations).toBe(1);
  });

  it('does not end another operation than the one that was seen', async () => {
    const argo = running();
    const action = carry(argo, actionOn(argo, 'terminate'));
    argo.moveOn();
    argo.beginOther({ automated: true });
    argo.moveOn();
    expect(await action.look()).toMatchObject({ phase: 'refused' });
    expect(argo.terminations).toBe(0);
  });

  it('is not asked for twice when the answer was lost', async () => {
    const argo = running();
    const action = carry(argo, actionOn(argo, 'terminate'));
    argo.mishaps = ['answer-lost'];
    await action.look();
    argo.tick(100);
    await action.look();
    argo.moveOn();
    expect(await action.look()).toMatchObject({ phase: 'succeeded' });
    expect(argo.terminations).toBe(1);
  });

  it('has failed when the sync came to its own end first', async () => {
    const argo = running();
    const action = carry(argo, actionOn(argo, 'terminate'));
    argo.mishaps = ['request-lost'];
    await action.look();
    argo.moveOn();
    expect(await action.look()).toMatchObject({
      phase: 'failed',
      summary: expect.stringContaining('came to its end before'),
    });
  });

  it('says so when Argo CD does not end it', async () => {
    const argo = running();
    const action = carry(argo, actionOn(argo, 'terminate'));
    await action.look();
    argo.tick(601);
    expect(await action.look()).toMatchObject({ phase: 'unknown' });
  });
});

describe('a refresh', () => {
  it('is over when Argo CD has looked', async () => {
    const argo = new FakeArgoCd();
    const action = carry(argo, actionOn(argo, 'hard-refresh'));
    expect(await action.look()).toMatchObject({
      phase: 'succeeded',
      summary: 'Argo CD has looked again.',
    });
  });

  it('is refused when the portal’s account may not', async () => {
    const argo = new FakeArgoCd();
    const action = carry(argo, actionOn(argo, 'refresh'));
    argo.fault = { kind: 'forbidden', message: 'Not allowed.' };
    expect(await action.look()).toMatchObject({
      phase: 'refused',
      summary: expect.stringContaining('own account may not'),
    });
  });
});

describe('a revert', () => {
  const synced = {
    sync: { state: 'synced' as const, revisions: [sha('2')] },
    policy: { automated: false, prune: false, selfHeal: false },
  };

  it('B21: is a commit and then a sync, and never the rollback of Argo CD', async () => {
    const argo = new FakeArgoCd(synced);
    const writer = new FakeRevertWriter(argo);
    const action = carry(argo, actionOn(argo, 'revert'), writer);
    expect(await action.look()).toMatchObject({
      commit: { sha: sha('c') },
      summary: 'The commit ccccccc is made.',
    });
    expect(writer.commits[0].message).toContain('user:default/ada');
    await action.look();
    expect(argo.refreshes).toBe(1);
    await action.look();
    expect(argo.syncs).toHaveLength(1);
    argo.moveOn();
    argo.moveOn();
    await action.look();
    expect(await action.look()).toMatchObject({
      phase: 'succeeded',
      summary: expect.stringMatching(
        /^The commit ccccccc puts it back. Argo CD applied ccccccc. Git and the cluster agree./,
      ),
    });
    expect(action.stepsOf()).toEqual({
      commit: 'done',
      refresh: 'done',
      request: 'done',
      follow: 'done',
      verify: 'done',
    });
  });

  it('B19: lets an application that syncs by itself do so, and follows that', async () => {
    const argo = new FakeArgoCd({
      ...synced,
      policy: { automated: true, prune: true, selfHeal: true },
    });
    const action = carry(argo, actionOn(argo, 'revert'));
    await action.look();
    await action.look();
    expect(await action.look()).toMatchObject({
      phase: 'running',
      summary: expect.stringContaining('has not begun yet'),
    });
    argo.beginOther({ automated: true });
    argo.moveOn();
    await action.look();
    argo.moveOn();
    await action.look();
    expect(await action.look()).toMatchObject({ phase: 'succeeded' });
    expect(argo.syncs).toHaveLength(0);
  });

  it('says that the commit stays when Argo CD cannot apply it', async () => {
    const argo = new FakeArgoCd({
      ...synced,
      policy: { automated: true, prune: true, selfHeal: true },
    });
    const action = carry(argo, actionOn(argo, 'revert'));
    await action.look();
    await action.look();
    argo.beginOther({ automated: true });
    argo.moveOn();
    argo.moveOn({ succeed: false });
    expect(await action.look()).toMatchObject({
      phase: 'failed',
      summary:
        'The commit ccccccc was made and stays. Argo CD could not apply it: one resource failed. It does not try the same commit again by itself.',
    });
  });

  it('takes a commit on top of its own for its own once Argo CD has looked', async () => {
    const argo = new FakeArgoCd(synced);
    const action = carry(argo, actionOn(argo, 'revert'));
    await action.look();
    argo.push(sha('d'));
    await action.look();
    await action.look();
    expect(argo.syncs).toHaveLength(1);
    argo.moveOn();
    argo.moveOn();
    await action.look();
    expect(await action.look()).toMatchObject({
      phase: 'succeeded',
      summary: expect.stringContaining('Argo CD applied ddddddd.'),
    });
  });

  it('makes one commit when the answer of the repository was lost', async () => {
    const argo = new FakeArgoCd(synced);
    const writer = new FakeRevertWriter(argo);
    const action = carry(argo, actionOn(argo, 'revert'), writer);
    writer.mishaps = ['answer-lost'];
    expect(await action.look()).toMatchObject({
      phase: 'running',
      summary: 'The repository did not answer.',
    });
    await action.look();
    expect(action.record.commit).toMatchObject({ sha: sha('c') });
    expect(writer.commits).toHaveLength(1);
  });

  it('is refused when somebody changed the same files since', async () => {
    const argo = new FakeArgoCd(synced);
    const writer = new FakeRevertWriter(argo);
    const action = carry(argo, actionOn(argo, 'revert'), writer);
    writer.changed = true;
    expect(await action.look()).toMatchObject({
      phase: 'refused',
      summary: 'Nothing was done. The files were changed since.',
    });
  });

  it('says where to look when the repository never answers', async () => {
    const argo = new FakeArgoCd(synced);
    const writer = new FakeRevertWriter(argo);
    const action = carry(argo, actionOn(argo, 'revert'), writer);
    writer.mishaps = ['request-lost', 'request-lost'];
    await action.look();
    argo.tick(700);
    expect(await action.look()).toMatchObject({
      phase: 'unknown',
      summary: expect.stringContaining('look at the history of main'),
    });
  });

  it('is lost track of when Argo CD never sees the commit', async () => {
    const argo = new FakeArgoCd(synced);
    const action = carry(argo, actionOn(argo, 'revert'));
    await action.look();
    argo.look = () => undefined;
    await action.look();
    argo.tick(601);
    expect(await action.look()).toMatchObject({
      phase: 'unknown',
      summary:
        'The commit ccccccc was made and stays. Argo CD has not seen it since. It may still apply it: look at what the application follows.',
    });
  });
});
