import {
  application,
  image,
  sha,
  workload,
} from '../../__testUtils__/applications';
import { isComplete, nextServing } from './serving';

const now = '2026-11-05T00:00:00.000Z';
const previous = {
  release: { image: 'registry.example/checkout', tag: '1.8.2', revisions: [] },
  since: '2026-10-01T00:00:00.000Z',
  historyEntry: 'uid:0',
};
const serve = (part: Parameters<typeof application>[0]) =>
  nextServing({ application: application(part), previous, now });

describe('what an application serves', () => {
  it('is what is live when it is healthy and rolled out, since it became so', () => {
    expect(
      serve({ workloads: [workload({ wanted: image('1.9.0') })] }),
    ).toEqual({
      release: {
        image: 'registry.example/checkout',
        tag: '1.9.0',
        revisions: [
          {
            kind: 'git',
            revision: sha('1'),
            repoUrl: 'https://git.example/gitops.git',
          },
        ],
      },
      since: '2026-11-01T10:01:00.000Z',
      historyEntry: 'uid-of-checkout-staging:1',
    });
  });

  it.each([
    ['progressing', { health: { state: 'progressing' as const } }],
    ['degraded (B9)', { health: { state: 'degraded' as const } }],
    ['suspended', { health: { state: 'suspended' as const } }],
    ['unknown', { health: { state: 'unknown' as const } }],
    ['not verified (B1)', { verified: false }],
    ['being deleted (A18)', { deleting: true }],
  ])('is what was last seen while it is %s', (_what, part) => {
    expect(
      serve({ workloads: [workload({ wanted: image('1.9.0') })], ...part }),
    ).toEqual(previous);
  });

  it.each([
    ['not every replica is updated', { updated: 1 }],
    ['not every replica is available', { available: 1 }],
    ['its controller has not caught up', { settled: false }],
  ])('C2: is what was last seen while %s, healthy or not', (_what, part) => {
    expect(
      serve({ workloads: [workload({ wanted: image('1.9.0'), ...part })] }),
    ).toEqual(previous);
  });

  it('is unknown when it was never seen to serve anything', () => {
    expect(
      nextServing({
        application: application({ health: { state: 'progressing' } }),
        previous: undefined,
        now,
      }),
    ).toBeUndefined();
  });

  it('is nothing when nothing of it is there, or it is scaled to none', () => {
    expect(serve({ health: { state: 'missing' } })).toBeUndefined();
    expect(
      serve({ workloads: [workload({ replicas: 0, available: 0 })] }),
    ).toBeUndefined();
  });

  it('C3: goes on since when it was, after a commit that changes no image', () => {
    expect(
      serve({
        history: [
          {
            id: 2,
            revisions: [sha('2')],
            sources: [],
            deployedAt: '2026-11-04T00:00:00Z',
          },
        ],
      }),
    ).toMatchObject({
      since: previous.since,
      release: { tag: '1.8.2', revisions: [{ revision: sha('2') }] },
      historyEntry: 'uid-of-checkout-staging:2',
    });
  });

  it('is the live image, not the one in git that was not applied yet', () => {
    expect(
      serve({
        sync: { state: 'out-of-sync', revisions: [sha('2')] },
        workloads: [workload({ wanted: image('1.9.0'), live: image('1.8.3') })],
      }),
    ).toMatchObject({ release: { tag: '1.8.3' } });
  });

  it('C1: is never read from the images of all pods', () => {
    const unread = nextServing({
      application: application({
        workloads: undefined,
        images: [image('6.6.6')],
      }),
      previous: undefined,
      now,
    });
    expect(unread?.release.revisions).toMatchObject([{ revision: sha('1') }]);
    expect(unread?.release).not.toHaveProperty('tag');
  });

  it('is the same whoever computes it: no clock in it when the upstream has times', () => {
    const observed = application({
      workloads: [workload({ wanted: image('1.9.0') })],
    });
    expect(
      nextServing({
        application: observed,
        previous,
        now: '2030-01-01T00:00:00.000Z',
      }),
    ).toEqual(nextServing({ application: observed, previous, now }));
  });
});

describe('a workload is rolled out completely', () => {
  it('when as many as wanted are updated and available, and at least one', () => {
    expect(isComplete(workload())).toBe(true);
    expect(isComplete({ ...workload(), live: undefined })).toBe(false);
    expect(
      isComplete({
        ...workload(),
        live: { images: {}, replicas: { ready: 3 } },
      }),
    ).toBe(true);
    expect(
      isComplete({ ...workload(), live: { images: {}, replicas: {} } }),
    ).toBe(false);
  });
});
