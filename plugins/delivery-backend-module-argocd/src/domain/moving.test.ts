import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { movementOf, secondsToNextLook } from './moving';

const still: ObservedApplication = {
  id: { instance: 'main', namespace: 'argocd', name: 'checkout' },
  project: 'payments',
  labels: {},
  annotations: {},
  destination: {},
  sources: [],
  policy: { automated: true, prune: true, selfHeal: true },
  sync: { state: 'synced', revisions: [] },
  health: { state: 'healthy' },
  verified: true,
  operation: {
    phase: 'succeeded',
    automated: true,
    dryRun: false,
    partial: false,
    revisions: [],
  },
  conditions: [],
  history: [],
  images: [],
  workloads: [
    {
      group: 'apps',
      kind: 'Deployment',
      namespace: 'payments',
      name: 'checkout',
      live: { images: {}, replicas: {} },
      settled: true,
    },
  ],
  commits: {},
  appOfApps: false,
  deleting: false,
};

describe('movementOf', () => {
  it('sees none where all is done, and none in what is broken or paused', () => {
    expect(movementOf(still)).toBeUndefined();
    for (const state of ['degraded', 'suspended', 'missing'] as const) {
      expect(movementOf({ ...still, health: { state } })).toBeUndefined();
    }
  });

  it('sees replicas move while health is progressing', () => {
    expect(movementOf({ ...still, health: { state: 'progressing' } })).toEqual({
      object: false,
      workloads: true,
    });
  });

  it('sees nothing to look at in what progresses without workloads', () => {
    expect(
      movementOf({ ...still, health: { state: 'progressing' }, workloads: [] }),
    ).toBeUndefined();
  });

  it('B1: looks at the object until Argo CD has looked', () => {
    expect(movementOf({ ...still, verified: false })).toEqual({
      object: true,
      workloads: false,
    });
  });

  it('waits for a controller that has not caught up', () => {
    const workloads = still.workloads?.map(workload => ({
      ...workload,
      settled: false,
    }));
    expect(movementOf({ ...still, workloads })?.workloads).toBe(true);
  });
});

describe('secondsToNextLook', () => {
  it('looks often at first, then less, and not for ever', () => {
    const pauses: number[] = [];
    for (
      let seconds = secondsToNextLook(0);
      seconds !== undefined && pauses.length < 1_000;
      seconds = secondsToNextLook(pauses.length)
    ) {
      pauses.push(seconds);
    }
    expect(pauses[0]).toBe(3);
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
    const minutes = pauses.reduce((sum, pause) => sum + pause, 0) / 60;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThan(16);
  });
});
