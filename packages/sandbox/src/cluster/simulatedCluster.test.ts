import { SteppedClock } from '../__testUtils__/steppedClock';
import { KubernetesObject, valueAt } from '../kustomize';
import { assessHealth } from './health';
import { LiveObject, ObjectEvent } from './objectStore';
import { SimulatedCluster } from './simulatedCluster';

const namespace = 'shop';

function workload(
  kind: 'Deployment' | 'StatefulSet',
  options: { tag: string; replicas?: number; spec?: object },
): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'cart', namespace },
    spec: {
      ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
      progressDeadlineSeconds: 60,
      selector: { matchLabels: { app: 'cart' } },
      template: {
        metadata: { labels: { app: 'cart' } },
        spec: {
          containers: [{ name: 'cart', image: `shop/cart:${options.tag}` }],
        },
      },
      ...options.spec,
    },
  };
}

function setup(kind: 'Deployment' | 'StatefulSet') {
  const clock = new SteppedClock();
  const cluster = SimulatedCluster.create({
    name: 'dev',
    clock,
    podReadySeconds: 10,
  });
  const events: ObjectEvent[] = [];
  cluster.store.onEvent(event => events.push(event));
  const key = { group: 'apps', kind, namespace, name: 'cart' };
  const pods = () => [...cluster.store.list({ group: '', kind: 'Pod' })];
  const live = () => cluster.store.get(key)!;
  return {
    clock,
    cluster,
    key,
    pods,
    live,
    apply: (options: Parameters<typeof workload>[1]) =>
      cluster.apply(workload(kind, options)).outcome,
    status: (...path: string[]) => valueAt(live(), 'status', ...path),
    health: () => assessHealth(live(), { applicationHealth: false })?.status,
    /** Tags of the pods, an unready one in brackets. */
    tags: () =>
      pods()
        .map(pod => (isReady(pod) ? tagOf(pod) : `(${tagOf(pod)})`))
        .sort(),
    /** Names of the pods that came and went since the last call. */
    podEvents: () =>
      events
        .splice(0)
        .filter(
          ({ type, object }) => object.kind === 'Pod' && type !== 'MODIFIED',
        )
        .map(({ type, object }) => `${type} ${object.metadata.name}`),
  };
}

function tagOf(pod: LiveObject): string {
  const image = valueAt(pod, 'spec', 'containers', 0, 'image');
  return String(image).split(':')[1];
}

function isReady(pod: LiveObject): boolean {
  return valueAt(pod, 'status', 'conditions', 0, 'status') === 'True';
}

describe('a Deployment', () => {
  it('is progressing until its pods are ready, then healthy', () => {
    const { apply, clock, health, status, tags } = setup('Deployment');
    expect(apply({ tag: '1', replicas: 2 })).toBe('created');
    expect(tags()).toEqual(['(1)', '(1)']);
    expect(health()).toBe('Progressing');
    expect(status('readyReplicas')).toBe(0);
    clock.advance(13);
    expect(tags()).toEqual(['1', '1']);
    expect(health()).toBe('Healthy');
    expect(status('readyReplicas')).toBe(2);
  });

  it('keeps old pods until new ones serve', () => {
    const { apply, clock, health, tags } = setup('Deployment');
    const spec = {
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    };
    apply({ tag: '1', replicas: 2, spec });
    clock.advance(13);
    apply({ tag: '2', replicas: 2, spec });
    expect(tags()).toEqual(['(2)', '1', '1']);
    for (let second = 0; second < 30; second++) {
      clock.advance(1);
      const serving = tags().filter(tag => !tag.startsWith('('));
      expect(serving.length).toBeGreaterThanOrEqual(2);
      expect(tags().length).toBeLessThanOrEqual(3);
    }
    expect(tags()).toEqual(['2', '2']);
    expect(health()).toBe('Healthy');
  });

  it('with a bad image serves the old one, and is degraded at the deadline', () => {
    const { apply, clock, health, status, tags } = setup('Deployment');
    apply({ tag: '1', replicas: 1 });
    clock.advance(13);
    apply({ tag: 'bad', replicas: 1 });
    clock.advance(59);
    expect(tags()).toEqual(['(bad)', '1']);
    expect(health()).toBe('Progressing');
    clock.advance(1);
    expect(health()).toBe('Degraded');
    expect(status('conditions')).toContainEqual(
      expect.objectContaining({
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
      }),
    );
    expect(status('readyReplicas')).toBe(1);
    apply({ tag: '1', replicas: 1 });
    clock.advance(13);
    expect(tags()).toEqual(['1']);
    expect(health()).toBe('Healthy');
  });

  it('scaled to 0 has no pods and is healthy', () => {
    const { apply, clock, health, status, tags } = setup('Deployment');
    apply({ tag: '1', replicas: 2 });
    clock.advance(13);
    expect(apply({ tag: '1', replicas: 0 })).toBe('configured');
    expect(tags()).toEqual([]);
    expect(health()).toBe('Healthy');
    expect(status('replicas')).toBe(0);
    apply({ tag: '1', replicas: 1 });
    clock.advance(13);
    expect(tags()).toEqual(['1']);
  });

  it('paused keeps its pods as they are', () => {
    const { apply, clock, health, tags } = setup('Deployment');
    apply({ tag: '1', replicas: 1 });
    clock.advance(13);
    apply({ tag: '2', replicas: 1, spec: { paused: true } });
    clock.advance(60);
    expect(tags()).toEqual(['1']);
    expect(health()).toBe('Suspended');
  });

  it('keeps what others wrote when a manifest does not speak of it', () => {
    const { apply, clock, cluster, key, pods } = setup('Deployment');
    apply({ tag: '1' });
    cluster.patch(key, { spec: { replicas: 3 } });
    clock.advance(13);
    expect(apply({ tag: '1' })).toBe('unchanged');
    expect(pods()).toHaveLength(3);
  });

  it('continues a rollout that was under way before a restart', () => {
    const before = setup('Deployment');
    before.apply({ tag: '1', replicas: 1 });
    before.clock.advance(5);
    const after = setup('Deployment');
    for (const object of before.cluster.store.list()) {
      after.cluster.store.restore({ object, lastApplied: undefined });
    }
    after.cluster.resume();
    expect(after.tags()).toEqual(['(1)']);
    after.clock.advance(13);
    expect(after.tags()).toEqual(['1']);
    expect(after.health()).toBe('Healthy');
  });

  it('that is done is not touched by a restart', () => {
    const before = setup('Deployment');
    before.apply({ tag: '1', replicas: 1 });
    before.clock.advance(13);
    const after = setup('Deployment');
    for (const object of before.cluster.store.list()) {
      after.cluster.store.restore({ object, lastApplied: undefined });
    }
    const { resourceVersion } = after.cluster.store;
    after.cluster.resume();
    after.clock.advance(60);
    expect(after.cluster.store.resourceVersion).toBe(resourceVersion);
    expect(after.cluster.busy).toBe(false);
  });
});

describe('a StatefulSet', () => {
  it('makes its pods in order, each when the one before is ready', () => {
    const { apply, clock, health, pods, podEvents } = setup('StatefulSet');
    apply({ tag: '1', replicas: 3 });
    expect(podEvents()).toEqual(['ADDED cart-0']);
    expect(health()).toBe('Progressing');
    clock.advance(13);
    expect(podEvents()).toEqual(['ADDED cart-1']);
    clock.advance(26);
    expect(pods()).toHaveLength(3);
    expect(health()).toBe('Healthy');
  });

  it('makes them all at once when it may', () => {
    const { apply, podEvents } = setup('StatefulSet');
    apply({
      tag: '1',
      replicas: 3,
      spec: { podManagementPolicy: 'Parallel' },
    });
    expect(podEvents()).toEqual([
      'ADDED cart-0',
      'ADDED cart-1',
      'ADDED cart-2',
    ]);
  });

  it('replaces them from the last to the first, one at a time', () => {
    const { apply, clock, health, podEvents } = setup('StatefulSet');
    apply({ tag: '1', replicas: 2 });
    clock.advance(30);
    podEvents();
    apply({ tag: '2', replicas: 2 });
    expect(podEvents()).toEqual(['DELETED cart-1', 'ADDED cart-1']);
    expect(health()).toBe('Progressing');
    clock.advance(13);
    expect(podEvents()).toEqual(['DELETED cart-0', 'ADDED cart-0']);
    clock.advance(13);
    expect(health()).toBe('Healthy');
  });

  it('leaves pods below its partition alone', () => {
    const { apply, clock, tags } = setup('StatefulSet');
    const spec = { updateStrategy: { rollingUpdate: { partition: 1 } } };
    apply({ tag: '1', replicas: 2, spec });
    clock.advance(30);
    apply({ tag: '2', replicas: 2, spec });
    clock.advance(60);
    expect(tags()).toEqual(['1', '2']);
  });

  it('removes the last pods first when it is scaled down, to 0 as well', () => {
    const { apply, clock, health, podEvents } = setup('StatefulSet');
    apply({ tag: '1', replicas: 3 });
    clock.advance(60);
    podEvents();
    apply({ tag: '1', replicas: 0 });
    expect(podEvents()).toEqual([
      'DELETED cart-2',
      'DELETED cart-1',
      'DELETED cart-0',
    ]);
    expect(health()).toBe('Healthy');
  });

  it('stops at a bad image, and goes on when it is fixed', () => {
    const { apply, clock, health, tags } = setup('StatefulSet');
    apply({ tag: '1', replicas: 2 });
    clock.advance(30);
    apply({ tag: 'bad', replicas: 2 });
    clock.advance(120);
    expect(tags()).toEqual(['(bad)', '1']);
    expect(health()).toBe('Progressing');
    apply({ tag: '2', replicas: 2 });
    clock.advance(60);
    expect(tags()).toEqual(['2', '2']);
  });
});
