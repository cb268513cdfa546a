import {
  ObservedApplication,
  ObservedWorkload,
} from '@slipway/plugin-delivery-node';

/** A commit id made of one repeated digit, easy to tell in a failure. */
export function sha(digit: string): string {
  return digit.repeat(40);
}

/** An image of the checkout service. */
export function image(tag: string): string {
  return `registry.example/checkout:${tag}`;
}

/** A Deployment that is rolled out completely, unless told otherwise. */
export function workload(part?: {
  name?: string;
  wanted?: string;
  live?: string;
  replicas?: number;
  updated?: number;
  available?: number;
  settled?: boolean;
}): ObservedWorkload {
  const { name = 'checkout', replicas = 2 } = part ?? {};
  const wanted = part?.wanted ?? image('1.8.2');
  return {
    group: 'apps',
    kind: 'Deployment',
    namespace: 'shop-staging',
    name,
    wanted: { images: { [name]: wanted }, replicas: { wanted: replicas } },
    live: {
      images: { [name]: part?.live ?? wanted },
      replicas: {
        wanted: replicas,
        updated: part?.updated ?? replicas,
        ready: part?.available ?? replicas,
        available: part?.available ?? replicas,
      },
    },
    settled: part?.settled ?? true,
  };
}

/** A healthy, synced application `checkout-staging`, with parts replaced. */
export function application(
  part: Partial<ObservedApplication> & {
    name?: string;
    instance?: string;
  } = {},
): ObservedApplication {
  const { name = 'checkout-staging', instance = 'main', ...others } = part;
  return {
    id: { instance, namespace: 'argocd', name },
    uid: `uid-of-${name}`,
    project: 'shop',
    labels: { 'app.kubernetes.io/name': 'checkout' },
    annotations: { 'backstage.io/entity-ref': 'component:default/checkout' },
    destination: { name: 'eks-staging', namespace: 'shop-staging' },
    sources: [
      { repoUrl: 'https://git.example/gitops.git', path: 'apps/checkout' },
    ],
    policy: { automated: true, prune: true, selfHeal: true },
    sync: { state: 'synced', revisions: [sha('1')] },
    health: { state: 'healthy', since: '2026-11-01T10:01:00Z' },
    verified: true,
    conditions: [],
    history: [
      {
        id: 1,
        revisions: [sha('1')],
        sources: [],
        deployedAt: '2026-11-01T10:00:00Z',
        initiatedBy: 'ada',
        automated: false,
      },
    ],
    images: [image('1.8.2')],
    workloads: [workload()],
    workloadsObservedAt: '2026-11-01T10:02:00Z',
    commits: {},
    appOfApps: false,
    deleting: false,
    ...others,
  };
}
