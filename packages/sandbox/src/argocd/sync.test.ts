import {
  applicationManifest,
  Harness,
  REPO,
  service,
  startHarness,
  tree,
  until,
} from './__testUtils__/harness';

// A busy machine takes its time.
jest.setTimeout(30_000);

/** A service whose ConfigMap, Deployment and Job sync in three steps. */
function waved(tag: string): Record<string, string> {
  return {
    'apps/waved/all.yaml': [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'late',
          annotations: { 'argocd.argoproj.io/sync-wave': '2' },
        },
        data: { tag },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'waved' },
        spec: {
          progressDeadlineSeconds: 60,
          replicas: 1,
          selector: { matchLabels: { app: 'waved' } },
          template: {
            metadata: { labels: { app: 'waved' } },
            spec: { containers: [{ name: 'a', image: `shop/waved:${tag}` }] },
          },
        },
      },
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name: 'migrate',
          annotations: { 'argocd.argoproj.io/hook': 'PreSync' },
        },
        spec: { template: { spec: { containers: [] } } },
      },
    ]
      .map(object => JSON.stringify(object))
      .join('\n---\n'),
  };
}

const files = {
  ...tree({
    waved: applicationManifest({ name: 'waved', path: 'apps/waved' }),
    plain: applicationManifest({
      name: 'plain',
      path: 'apps/plain/overlays/dev',
    }),
  }),
  ...waved('1.0.0'),
  ...service({ name: 'plain', tag: '1.0.0' }),
};

describe('a sync', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness({ files });
  });
  afterEach(() => harness.close());

  const waves = '/api/v1/applications/waved';

  async function sync(path = waves, body: unknown = {}) {
    return harness.call(`${path}/sync`, { method: 'POST', body });
  }

  async function messages(while_: () => Promise<unknown>): Promise<string[]> {
    const seen = new Set<string>();
    let over = false;
    const done = while_().then(() => {
      over = true;
    });
    while (!over) {
      const { body } = await harness.call(waves);
      seen.add(body.status?.operationState?.message ?? '');
    }
    await done;
    const { body } = await harness.call(waves);
    seen.add(body.status.operationState.message);
    return [...seen];
  }

  it('B4: runs hooks, then waves, each waiting for the health before', async () => {
    harness.clock.setSpeed(40);
    harness.repositories.commit({ repoUrl: REPO, files: waved('2.0.0') });
    await harness.argocd.settled();
    await sync();
    const seen = await messages(() => harness.argocd.settled());
    expect(seen).toEqual(
      expect.arrayContaining([
        'waiting for completion of hook batch/Job/migrate',
        'waiting for healthy state of apps/Deployment/waved',
        'successfully synced (all tasks run)',
      ]),
    );
    const { body } = await harness.call(waves);
    const results = body.status.operationState.syncResult.resources;
    expect(
      results.map((item: { kind: string; syncPhase: string }) => [
        item.kind,
        item.syncPhase,
      ]),
    ).toEqual([
      ['Job', 'PreSync'],
      ['Deployment', 'Sync'],
      ['ConfigMap', 'Sync'],
    ]);
    expect(results[0]).toMatchObject({
      hookType: 'PreSync',
      hookPhase: 'Succeeded',
    });
    expect(
      body.status.resources.map((item: { kind: string }) => item.kind),
    ).not.toContain('Job');
  });

  it('B3: of one wave without hooks ends before the pods are ready', async () => {
    harness.repositories.commit({
      repoUrl: REPO,
      files: service({ name: 'plain', tag: '2.0.0' }),
    });
    await harness.argocd.settled();
    harness.clock.setSpeed(5);
    const path = '/api/v1/applications/plain';
    await sync(path);
    const { body } = await until(
      () => harness.call(path),
      seen => seen.body.status.operationState?.phase === 'Succeeded',
    );
    expect(body.status.health.status).not.toBe('Degraded');
    await until(
      () => harness.call(path),
      seen => seen.body.status.health.status === 'Progressing',
    );
  });

  it('fails when a wave degrades, and leaves the later ones alone', async () => {
    harness.repositories.commit({ repoUrl: REPO, files: waved('bad-3') });
    await harness.argocd.settled();
    await sync();
    const { body } = await until(
      () => harness.call(waves),
      seen => seen.body.status.operationState?.phase === 'Failed',
    );
    expect(body.status.operationState.message).toBe(
      'one or more synchronization tasks completed unsuccessfully',
    );
    expect(
      body.status.operationState.syncResult.resources.map(
        (item: { kind: string }) => item.kind,
      ),
    ).toEqual(['Job', 'Deployment']);
    expect(body.status.history).toHaveLength(1);
  });

  it('can be terminated while it waits', async () => {
    harness.clock.setSpeed(20);
    await sync();
    await until(
      () => harness.call(waves),
      seen => seen.body.status.operationState?.phase === 'Running',
    );
    const { status } = await harness.call(`${waves}/operation`, {
      method: 'DELETE',
    });
    expect(status).toBe(200);
    const { body } = await until(
      () => harness.call(waves),
      seen => seen.body.status.operationState?.phase === 'Failed',
    );
    expect(body.status.operationState.message).toBe('Operation terminated');
    expect(body.operation).toBeUndefined();
  });

  it('B7: skips pruning unless it is asked for', async () => {
    harness.repositories.commit({
      repoUrl: REPO,
      files: {
        'apps/plain/base/all.yaml': files['apps/plain/base/all.yaml']
          .split('\n---\n')
          .slice(0, 2)
          .join('\n---\n'),
      },
    });
    await harness.argocd.settled();
    const path = '/api/v1/applications/plain';
    await sync(path);
    await harness.argocd.settled();
    const kept = (await harness.call(path)).body;
    expect(kept.status.operationState.phase).toBe('Succeeded');
    expect(kept.status.sync.status).toBe('OutOfSync');
    expect(kept.status.operationState.syncResult.resources).toContainEqual(
      expect.objectContaining({
        kind: 'ConfigMap',
        status: 'PruneSkipped',
        message: 'ignored (requires pruning)',
      }),
    );
    await sync(path, { prune: true });
    await harness.argocd.settled();
    expect((await harness.call(path)).body.status.sync.status).toBe('Synced');
  });
});
