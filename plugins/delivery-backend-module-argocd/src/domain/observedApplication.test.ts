import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { anApplication, Json, sha } from '../__testUtils__/objects';
import { applicationSchema } from '../argocd/wire';
import { toApplicationSummary } from './applicationSummary';
import { applyCommit, applySummary } from './observedApplication';

/** As an event of the stream: it never says when Argo CD last looked. */
function eventOf(parts: Json = {}) {
  const summary = toApplicationSummary(
    applicationSchema.parse(anApplication(parts)),
    { instance: 'main', pageUrl: 'https://argocd.example.com' },
  );
  return { ...summary, reconciledAt: undefined };
}

const read: ObservedApplication = {
  ...applySummary({
    previous: undefined,
    summary: { ...eventOf(), reconciledAt: '2026-11-20T10:00:20Z' },
    outdated: false,
  }),
  history: [
    { id: 7, revisions: [], sources: [], deployedAt: '2026-11-20T10:00:10Z' },
  ],
  workloads: [],
  workloadsObservedAt: '2026-11-20T10:01:00Z',
  commits: { [sha('a')]: { sha: sha('a') } },
};

describe('applySummary', () => {
  it('keeps what the stream does not carry', () => {
    expect(
      applySummary({ previous: read, summary: eventOf(), outdated: false }),
    ).toEqual(read);
  });

  it('takes the time from details that are outdated, and not the details', () => {
    const outdated = applySummary({
      previous: read,
      summary: eventOf({ status: { health: { status: 'Degraded' } } }),
      outdated: true,
    });
    expect(outdated.workloadsObservedAt).toBeUndefined();
    expect(outdated.workloads).toEqual([]);
    expect(outdated.history).toHaveLength(1);
  });

  describe('with workloads that were read before', () => {
    const side = { images: { app: 'checkout:1.9.0' }, replicas: {} };
    const known: ObservedApplication = {
      ...read,
      workloads: [
        {
          group: 'apps',
          kind: 'Deployment',
          namespace: 'payments',
          name: 'checkout',
          wanted: side,
          live: side,
          settled: true,
        },
      ],
    };
    const wantedAfter = (status: Json) =>
      applySummary({
        previous: known,
        summary: eventOf({ status }),
        outdated: true,
      }).workloads?.[0].wanted;

    it('does not take the image of before for what a new commit asks for', () => {
      expect(
        wantedAfter({ sync: { status: 'OutOfSync', revision: sha('b') } }),
      ).toBeUndefined();
      // Synced so fast that the event of the commit was never sent.
      expect(
        wantedAfter({
          sync: { revision: sha('b') },
          health: { status: 'Progressing' },
          history: [{ id: 8 }],
        }),
      ).toBeUndefined();
    });

    it('keeps what git asks for while git did not move, or moved elsewhere', () => {
      expect(wantedAfter({ health: { status: 'Degraded' } })).toEqual(side);
      expect(wantedAfter({ sync: { status: 'OutOfSync' } })).toEqual(side);
      expect(
        wantedAfter({
          sync: { revision: sha('b') },
          health: { status: 'Degraded' },
        }),
      ).toEqual(side);
    });
  });

  it('B1: stays verified until the next sync ends', () => {
    expect(read.verified).toBe(true);
    const after = applySummary({
      previous: read,
      summary: eventOf({
        status: { operationState: { finishedAt: '2026-11-20T11:00:00Z' } },
      }),
      outdated: true,
    });
    expect(after.verified).toBe(false);
  });

  it('forgets commits that it is no longer at', () => {
    const moved = applySummary({
      previous: read,
      summary: eventOf({ status: { sync: { revision: sha('b') } } }),
      outdated: false,
    });
    expect(moved.commits).toEqual({});
  });

  it('B16: keeps knowing that it is an app of apps, which older streams do not say', () => {
    expect(
      applySummary({
        previous: { ...read, appOfApps: true },
        summary: eventOf(),
        outdated: false,
      }).appOfApps,
    ).toBe(true);
  });

  it('takes nothing over from a namesake that was deleted', () => {
    expect(
      applySummary({
        previous: { ...read, appOfApps: true },
        summary: eventOf({ metadata: { uid: 'uid-new' } }),
        outdated: true,
      }),
    ).toMatchObject({
      history: [],
      workloads: undefined,
      verified: false,
      appOfApps: false,
    });
  });
});

describe('applyCommit', () => {
  it('A20: takes commits of its own revisions only', () => {
    expect(applyCommit(read, { sha: sha('z') })).toBe(read);
    expect(
      applyCommit(read, { sha: sha('a'), author: 'Ada' }).commits[sha('a')],
    ).toEqual({ sha: sha('a'), author: 'Ada' });
  });
});
