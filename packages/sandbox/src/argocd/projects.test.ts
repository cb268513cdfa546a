import {
  applicationManifest,
  Harness,
  REPO,
  startHarness,
  tree,
  until,
} from './__testUtils__/harness';
import { MemoryRepositories } from './__testUtils__/memoryRepositories';

// A busy machine takes its time.
jest.setTimeout(30_000);

const ELSEWHERE = 'https://elsewhere.example/x.git';

const tidy = JSON.stringify({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'tidy', namespace: 'argocd' },
  spec: {
    sourceRepos: [REPO],
    destinations: [{ name: 'dev', namespace: 'shop-*' }],
    clusterResourceWhitelist: [
      { group: '', kind: 'Namespace', name: 'shop-*' },
    ],
    namespaceResourceBlacklist: [{ group: '', kind: 'ResourceQuota' }],
  },
});

const open = JSON.stringify({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'open', namespace: 'argocd' },
  spec: {
    sourceRepos: ['*'],
    destinations: [
      { server: '*', namespace: '*' },
      { server: '*', namespace: '!shop-private' },
    ],
  },
});

function object(options: {
  kind: string;
  name: string;
  namespace?: string;
}): string {
  const { kind, name, namespace } = options;
  return JSON.stringify({
    apiVersion: kind.startsWith('Cluster')
      ? 'rbac.authorization.k8s.io/v1'
      : 'v1',
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}) },
  });
}

function app(name: string, options: Record<string, unknown> = {}): string {
  return applicationManifest({
    name,
    project: 'tidy',
    path: `apps/${name}`,
    destination: { name: 'dev', namespace: 'shop-a' },
    ...options,
  });
}

const files = {
  ...tree({
    tidy,
    open,
    good: app('good'),
    cluster: app('cluster'),
    quota: app('quota'),
    abroad: app('abroad'),
    repo: app('repo', {
      path: 'apps/good',
      source: { repoURL: ELSEWHERE },
    }),
    place: app('place', {
      path: 'apps/good',
      destination: { name: 'dev', namespace: 'kube-system' },
    }),
    private: app('private', {
      project: 'open',
      path: 'apps/good',
      destination: { name: 'dev', namespace: 'shop-private' },
    }),
    url: app('url', {
      path: 'apps/good',
      destination: { server: 'https://kubernetes.default.svc', namespace: 'x' },
    }),
  }),
  'apps/good/all.yaml': [
    object({ kind: 'Namespace', name: 'shop-a' }),
    object({ kind: 'ConfigMap', name: 'good' }),
  ].join('\n---\n'),
  'apps/cluster/all.yaml': [
    object({ kind: 'Namespace', name: 'other' }),
    object({ kind: 'ClusterRole', name: 'everything' }),
    object({ kind: 'ConfigMap', name: 'fine' }),
  ].join('\n---\n'),
  'apps/quota/all.yaml': object({ kind: 'ResourceQuota', name: 'mine' }),
  'apps/abroad/all.yaml': object({
    kind: 'ConfigMap',
    name: 'abroad',
    namespace: 'kube-system',
  }),
};

describe('an AppProject', () => {
  let harness: Harness;
  beforeAll(async () => {
    const repositories = new MemoryRepositories();
    repositories.commit({ repoUrl: REPO, files });
    repositories.commit({ repoUrl: ELSEWHERE, files });
    harness = await startHarness({ files, repositories });
  });
  afterAll(() => harness.close());

  async function sync(name: string) {
    const path = `/api/v1/applications/${name}`;
    await harness.call(`${path}/sync`, { method: 'POST', body: {} });
    const { body } = await until(
      () => harness.call(path),
      seen =>
        seen.body.operation === undefined &&
        seen.body.status.operationState?.finishedAt !== undefined,
    );
    return body.status;
  }

  it('lets through what it allows, of the cluster too', async () => {
    const { operationState } = await sync('good');
    expect(operationState).toMatchObject({
      phase: 'Succeeded',
      message: 'successfully synced (all tasks run)',
    });
  });

  it.each([
    [
      'repo',
      "application repo https://elsewhere.example/x.git is not permitted in project 'tidy'",
    ],
    [
      'place',
      "application destination server 'dev' and namespace 'kube-system' do not match any of the allowed destinations in project 'tidy'",
    ],
    [
      'private',
      "application destination server 'dev' and namespace 'shop-private' do not match any of the allowed destinations in project 'open'",
    ],
    [
      'url',
      "application destination server 'https://kubernetes.default.svc' and namespace 'x' do not match any of the allowed destinations in project 'tidy'",
    ],
  ])(
    'makes the spec of %s invalid, and ends its sync at once',
    async (name, message) => {
      const { body } = await harness.call(`/api/v1/applications/${name}`);
      expect(body.status).toMatchObject({
        sync: { status: 'Unknown' },
        health: { status: 'Unknown' },
        conditions: [{ type: 'InvalidSpecError', message }],
      });
      const { operationState } = await sync(name);
      expect(operationState).toMatchObject({
        phase: 'Error',
        message: `InvalidSpecError: ${message}`,
      });
      expect(operationState.syncResult).toBeUndefined();
    },
  );

  it.each([
    [
      'cluster',
      [
        ['Namespace', 'resource :Namespace is not permitted in project tidy'],
        [
          'ClusterRole',
          'resource rbac.authorization.k8s.io:ClusterRole is not permitted in project tidy',
        ],
      ],
    ],
    [
      'quota',
      [
        [
          'ResourceQuota',
          'resource :ResourceQuota is not permitted in project tidy',
        ],
      ],
    ],
    [
      'abroad',
      [
        [
          'ConfigMap',
          "namespace kube-system is not permitted in project 'tidy'",
        ],
      ],
    ],
  ])('refuses what %s would apply, and applies nothing', async (name, why) => {
    const { operationState, sync: compared, history } = await sync(name);
    expect(operationState).toMatchObject({
      phase: 'Failed',
      message: 'one or more synchronization tasks are not valid',
    });
    const { resources } = operationState.syncResult;
    expect(
      resources.map((item: { kind: string; message: string }) => [
        item.kind,
        item.message,
      ]),
    ).toEqual(expect.arrayContaining(why));
    expect(resources).toHaveLength(why.length);
    for (const item of resources) expect(item.status).toBe('SyncFailed');
    // The first deployment was made up with the past; no other one counts.
    expect(compared.status).toBeDefined();
    expect(history).toHaveLength(1);
  });
});
