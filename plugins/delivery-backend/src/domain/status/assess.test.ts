import { ObservedApplication } from '@slipway/plugin-delivery-node';
import {
  application,
  image,
  sha,
  workload,
} from '../../__testUtils__/applications';
import { assess, staleByOwnAccount } from './assess';
import { wantedRelease } from './releases';

const serving = {
  image: 'registry.example/checkout',
  tag: '1.8.2',
  revisions: [],
};

function judge(part: Partial<ObservedApplication>) {
  const observed = application(part);
  return assess({
    application: observed,
    wanted: wantedRelease(observed),
    serving,
  });
}

const operation = {
  phase: 'succeeded' as const,
  automated: false,
  dryRun: false,
  partial: false,
  revisions: [sha('1')],
};
const byHand = { automated: false, prune: false, selfHeal: true };
const wants190 = [workload({ wanted: image('1.9.0'), live: image('1.8.2') })];

describe('the assessment of a deployment', () => {
  it('is healthy when it serves what git asks for', () => {
    expect(judge({})).toEqual({
      status: 'healthy',
      reason: 'healthy',
      summary: 'It serves 1.8.2, as git asks.',
      since: '2026-11-01T10:01:00.000Z',
    });
  });

  it('never changes the letters of a tag, not even to begin a sentence', () => {
    const v190 = [workload({ wanted: image('v1.9.0'), updated: 1 })];
    expect(
      judge({ health: { state: 'progressing' }, workloads: v190 }).summary,
    ).toBe('v1.9.0 is rolling out: 1 of 2 replicas are updated.');
    expect(judge({ verified: false, workloads: v190 }).summary).toMatch(
      /^v1\.9\.0 was applied/,
    );
    expect(
      judge({
        verified: false,
        workloads: [],
        sync: { state: 'synced', revisions: [] },
      }).summary,
    ).toMatch(/^The new revision was applied/);
  });

  it('B1: is verifying, not healthy, while Argo CD has not looked since the sync', () => {
    expect(
      judge({
        verified: false,
        operation: { ...operation, finishedAt: '2026-11-02T10:00:00Z' },
      }),
    ).toEqual({
      status: 'progressing',
      reason: 'verifying',
      summary:
        '1.8.2 was applied; Argo CD has not looked yet whether it is well.',
      since: '2026-11-02T10:00:00.000Z',
    });
  });

  it('B4: is waiting during a pause, although the sync still runs', () => {
    expect(
      judge({
        operation: { ...operation, phase: 'running' },
        health: { state: 'suspended', message: 'CanaryPauseStep' },
      }),
    ).toMatchObject({ status: 'waiting', reason: 'suspended' });
  });

  it('B5: is not over when a failed sync will be tried again', () => {
    expect(
      judge({
        operation: { ...operation, phase: 'retrying', message: 'denied' },
      }),
    ).toMatchObject({
      status: 'progressing',
      reason: 'sync-retrying',
      summary: 'The sync to 1.8.2 failed and Argo CD will try again: denied.',
    });
  });

  it('B6: is on its way when a sync is queued', () => {
    expect(
      judge({ operation: { ...operation, phase: 'queued' } }),
    ).toMatchObject({
      status: 'progressing',
      reason: 'sync-queued',
      summary: 'A sync to 1.8.2 is waiting to start.',
    });
  });

  it('B7: has drifted, not failed, when out of sync after a sync that succeeded', () => {
    expect(
      judge({
        sync: { state: 'out-of-sync', revisions: [sha('1')] },
        operation,
      }),
    ).toMatchObject({ status: 'waiting', reason: 'drift' });
  });

  it('B8: is waiting when suspended: no error, and no success', () => {
    expect(
      judge({ health: { state: 'suspended' }, workloads: wants190 }),
    ).toMatchObject({
      status: 'waiting',
      summary: 'It is paused. Git asks for 1.9.0; 1.8.2 still serves.',
    });
  });

  it('B9: says that the old release still serves when the new one failed', () => {
    expect(
      judge({
        health: { state: 'degraded', message: 'ProgressDeadlineExceeded' },
        workloads: wants190,
      }),
    ).toMatchObject({
      status: 'degraded',
      summary:
        'It is degraded: ProgressDeadlineExceeded. Git asks for 1.9.0; 1.8.2 still serves.',
    });
  });

  it('B12: is not healthy while some resources are missing, which shows as out of sync', () => {
    expect(
      judge({
        health: { state: 'healthy' },
        sync: { state: 'out-of-sync', revisions: [sha('1')] },
        policy: byHand,
      }),
    ).toMatchObject({ status: 'waiting', reason: 'out-of-sync' });
  });

  it('B14: is unknown after a comparison error, though the last sync state says synced', () => {
    expect(
      judge({
        conditions: [
          {
            type: 'ComparisonError',
            severity: 'error',
            message: 'no such overlay',
            since: '2026-11-02T10:00:00Z',
          },
        ],
      }),
    ).toMatchObject({
      status: 'unknown',
      reason: 'comparison-error',
      summary: 'Argo CD cannot compare it with git: no such overlay.',
      since: '2026-11-02T10:00:00.000Z',
    });
  });

  it('B14: is unknown when its health is, with what Argo CD says of it', () => {
    expect(
      judge({ health: { state: 'unknown', message: 'Lua error' } }),
    ).toMatchObject({
      status: 'unknown',
      summary: expect.stringMatching(/Lua error\.$/),
    });
  });

  it('B15: is not judged by a condition that only calls the status stale', () => {
    const stale = {
      type: 'UnknownError',
      severity: 'error' as const,
      message: 'status may be stale',
    };
    const observed = application({ conditions: [stale] });
    expect(judge({ conditions: [stale] })).toMatchObject({ status: 'healthy' });
    expect(staleByOwnAccount(observed)).toEqual(stale);
  });

  it('waits for a person where git is not applied by itself', () => {
    expect(
      judge({
        sync: { state: 'out-of-sync', revisions: [sha('2')] },
        policy: byHand,
        workloads: wants190,
      }),
    ).toMatchObject({
      status: 'waiting',
      reason: 'sync-awaited',
      summary: 'Git asks for 1.9.0 and 1.8.2 serves; sync it.',
    });
  });

  it('is on its way where git is applied by itself', () => {
    expect(
      judge({
        sync: { state: 'out-of-sync', revisions: [sha('2')] },
        workloads: wants190,
      }),
    ).toMatchObject({ status: 'progressing', reason: 'sync-due' });
  });

  it('is degraded when the last sync failed, with its message', () => {
    expect(
      judge({
        operation: {
          ...operation,
          phase: 'failed',
          message: 'hook failed',
          finishedAt: '2026-11-02T10:00:00Z',
        },
      }),
    ).toMatchObject({
      status: 'degraded',
      reason: 'sync-failed',
      summary: 'The last sync to 1.8.2 failed: hook failed.',
    });
  });

  it('is well again when git moved on after a failed sync and all agrees', () => {
    expect(
      judge({
        operation: { ...operation, phase: 'failed', revisions: [sha('0')] },
      }),
    ).toMatchObject({ status: 'healthy' });
  });

  it('is not judged by a dry run', () => {
    expect(
      judge({ operation: { ...operation, phase: 'failed', dryRun: true } }),
    ).toMatchObject({ status: 'healthy' });
  });

  it('waits for the first sync, but is degraded when what was there is gone', () => {
    const missing = { health: { state: 'missing' as const } };
    expect(judge({ ...missing, history: [], policy: byHand })).toMatchObject({
      status: 'waiting',
      reason: 'never-synced',
    });
    expect(judge(missing)).toMatchObject({
      status: 'degraded',
      reason: 'missing',
    });
  });

  it('shortens what Argo CD says at length', () => {
    const { summary } = judge({
      health: { state: 'degraded', message: 'x\n'.repeat(5_000) },
    });
    expect(summary.length).toBeLessThan(400);
    expect(summary).not.toContain('\n');
  });
});
