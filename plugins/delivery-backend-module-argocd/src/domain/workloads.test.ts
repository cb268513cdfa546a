import { aDeployment, anApplication, Json } from '../__testUtils__/objects';
import { applicationSchema, managedResourcesSchema } from '../argocd/wire';
import { toWorkloads, workloadKindsOf } from './workloads';

function workloadsOf(...items: Json[]) {
  return toWorkloads(managedResourcesSchema.parse({ items }).items);
}

function withLive(kind: string, live: Json, group = 'apps') {
  return workloadsOf({
    group,
    kind,
    namespace: 'payments',
    name: 'checkout',
    targetState: 'null',
    liveState: JSON.stringify(live),
  })[0];
}

describe('toWorkloads', () => {
  it('reads what git asks for and what the cluster has', () => {
    expect(
      workloadsOf(
        aDeployment({ image: 'a:2', liveImage: 'a:1', replicas: 3, ready: 1 }),
      ),
    ).toEqual([
      {
        group: 'apps',
        kind: 'Deployment',
        namespace: 'payments',
        name: 'checkout',
        wanted: { images: { app: 'a:2' }, replicas: { wanted: 3 } },
        live: {
          images: { app: 'a:1' },
          replicas: { wanted: 3, updated: 1, ready: 1, available: 1 },
        },
        settled: true,
      },
    ]);
  });

  it('takes the text "null" for an object that is not there', () => {
    const missing = workloadsOf({
      ...aDeployment({}),
      liveState: 'null',
    })[0];
    expect(missing.live).toBeUndefined();
    expect(missing.wanted).toBeDefined();
    expect(missing.settled).toBe(false);
    const extra = workloadsOf({ ...aDeployment({}), targetState: 'null' })[0];
    expect(extra.wanted).toBeUndefined();
    expect(
      workloadsOf({
        ...aDeployment({}),
        liveState: 'null',
        targetState: 'null',
      }),
    ).toEqual([]);
  });

  it('leaves the wanted number open where git does not say it', () => {
    const [autoscaled] = workloadsOf({
      ...aDeployment({}),
      targetState: JSON.stringify({
        spec: { template: { spec: { containers: [] } } },
      }),
    });
    expect(autoscaled.wanted).toEqual({
      images: {},
      replicas: { wanted: undefined },
    });
  });

  it('counts replicas that the status leaves out as none', () => {
    expect(
      withLive('Deployment', {
        metadata: { generation: 2 },
        spec: { replicas: 2 },
        status: { observedGeneration: 2 },
      }).live?.replicas,
    ).toEqual({ wanted: 2, updated: 0, ready: 0, available: 0 });
  });

  it('D1: compares the observed generation of a Rollout, which is a string', () => {
    const rollout = (observedGeneration: string) =>
      withLive(
        'Rollout',
        {
          metadata: { generation: 10 },
          spec: { replicas: 2 },
          status: { observedGeneration },
        },
        'argoproj.io',
      ).settled;
    expect(rollout('9')).toBe(false);
    expect(rollout('10')).toBe(true);
  });

  it('C5: has no image for a Rollout whose pods are described elsewhere', () => {
    expect(
      withLive(
        'Rollout',
        {
          metadata: { generation: 1 },
          spec: { replicas: 2, workloadRef: { kind: 'Deployment', name: 'x' } },
          status: { observedGeneration: '1' },
        },
        'argoproj.io',
      ).live?.images,
    ).toEqual({});
  });

  it('reads the counts of a DaemonSet, which have other names', () => {
    expect(
      withLive('DaemonSet', {
        metadata: { generation: 1 },
        status: {
          observedGeneration: 1,
          desiredNumberScheduled: 5,
          updatedNumberScheduled: 4,
          numberReady: 3,
          numberAvailable: 2,
        },
      }).live?.replicas,
    ).toEqual({ wanted: 5, updated: 4, ready: 3, available: 2 });
  });

  it('leaves out hooks, other kinds and what cannot be read', () => {
    expect(
      workloadsOf(
        { ...aDeployment({ name: 'hook' }), hook: true },
        { ...aDeployment({ name: 'job' }), group: 'batch', kind: 'Job' },
        { ...aDeployment({ name: 'x' }), targetState: '{', liveState: '[1' },
      ),
    ).toEqual([]);
  });

  it('gives the same for the same in another order', () => {
    const a = aDeployment({ name: 'a' });
    const b = aDeployment({ name: 'b' });
    expect(workloadsOf(b, a)).toEqual(workloadsOf(a, b));
  });
});

describe('workloadKindsOf', () => {
  it('names each kind of workload once, and no other kind', () => {
    const resources = [
      { kind: 'Service', name: 'a' },
      { group: 'argoproj.io', kind: 'Rollout', name: 'a' },
      { group: 'apps', kind: 'Deployment', name: 'a' },
      { group: 'apps', kind: 'Deployment', name: 'b' },
      { group: 'batch', kind: 'Job', name: 'c' },
    ];
    expect(
      workloadKindsOf(
        applicationSchema.parse(anApplication({ status: { resources } })),
      ),
    ).toEqual([
      { group: 'apps', kind: 'Deployment' },
      { group: 'argoproj.io', kind: 'Rollout' },
    ]);
  });
});
