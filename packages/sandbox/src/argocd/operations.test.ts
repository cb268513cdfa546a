import {
  applicationManifest,
  Harness,
  overlay,
  REPO,
  service,
  startHarness,
  tree,
  until,
} from './__testUtils__/harness';

// A busy machine takes its time.
jest.setTimeout(30_000);

const files = {
  ...tree({
    payment: applicationManifest({
      name: 'payment',
      path: 'apps/payment/overlays/dev',
      spec: { syncPolicy: { syncOptions: ['ServerSideApply=true'] } },
    }),
    auto: applicationManifest({
      name: 'auto',
      path: 'apps/auto/overlays/dev',
      automated: { prune: true, selfHeal: true },
      project: 'windowed',
      destination: { name: 'dev', namespace: 'auto' },
    }),
    windowed: windowed([]),
  }),
  ...service({ name: 'payment', tag: '1.0.0' }),
  ...service({ name: 'auto', tag: '1.0.0' }),
};
const payment = '/api/v1/applications/payment';

function windowed(syncWindows: readonly unknown[]): string {
  return JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'windowed', namespace: 'argocd' },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ name: '*', namespace: '*' }],
      syncWindows,
    },
  });
}

describe('an operation', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness({
      files,
      simulator: { refreshDeadlineSeconds: 0.2 },
    });
  });
  afterEach(() => harness.close());

  function sync(body: unknown = {}, path = payment) {
    return harness.call(`${path}/sync`, { method: 'POST', body });
  }

  async function result(path = payment) {
    await harness.argocd.settled();
    return (await harness.call(path)).body.status;
  }

  function messagesOf(status: {
    operationState: { syncResult: { resources: { message: string }[] } };
  }): string[] {
    return status.operationState.syncResult.resources.map(
      ({ message }) => message,
    );
  }

  it('B20: applies on the server only if the options in force say so', async () => {
    await sync();
    expect(messagesOf(await result())).toEqual([
      'configmap/payment serverside-applied',
      'service/payment serverside-applied',
      'deployment.apps/payment serverside-applied',
    ]);
    await sync({ syncOptions: { items: ['PruneLast=true'] } });
    expect(messagesOf(await result())).toEqual([
      'configmap/payment unchanged',
      'service/payment unchanged',
      'deployment.apps/payment unchanged',
    ]);
    await sync({ syncOptions: { items: [] } });
    const status = await result();
    expect(status.operationState.operation.sync).not.toHaveProperty(
      'syncOptions',
    );
    expect(messagesOf(status)[0]).toBe('configmap/payment unchanged');
  });

  it('B17: that is a dry run says what would happen to each resource, and prunes nothing', async () => {
    harness.repositories.commit({
      repoUrl: REPO,
      files: {
        'apps/payment/base/all.yaml': [
          ...files['apps/payment/base/all.yaml'].split('\n---\n').slice(0, 2),
          JSON.stringify({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'new' },
          }),
        ].join('\n---\n'),
      },
    });
    await harness.argocd.settled();
    await sync({ dryRun: true, prune: true });
    const status = await result();
    expect(status.operationState).toMatchObject({
      phase: 'Succeeded',
      operation: { sync: { dryRun: true, prune: true } },
    });
    expect(messagesOf(status)).toEqual([
      'configmap/new created (dry run)',
      'service/payment configured (dry run)',
      'deployment.apps/payment configured (dry run)',
      'pruned (dry run)',
    ]);
    expect(
      status.operationState.syncResult.resources.map(
        ({ hookPhase }: { hookPhase: string }) => hookPhase,
      ),
    ).toEqual(Array(4).fill('Succeeded'));
    expect(status.sync.status).toBe('OutOfSync');
    expect(status.history).toHaveLength(1);
    await sync({ prune: true });
    const done = await result();
    expect(done.sync.status).toBe('Synced');
    expect(messagesOf(done)).toContain('pruned');
  });

  it('B7: keeps what says that it is not to be pruned', async () => {
    const [deployment, kubernetesService, config] =
      files['apps/payment/base/all.yaml'].split('\n---\n');
    const kept = JSON.parse(config);
    kept.metadata.annotations = {
      'argocd.argoproj.io/sync-options': 'Prune=false',
    };
    const all = (...objects: string[]) => ({
      'apps/payment/base/all.yaml': objects.join('\n---\n'),
    });
    harness.repositories.commit({
      repoUrl: REPO,
      files: all(deployment, kubernetesService, JSON.stringify(kept)),
    });
    await harness.argocd.settled();
    await sync();
    await harness.argocd.settled();
    harness.repositories.commit({
      repoUrl: REPO,
      files: all(deployment, kubernetesService),
    });
    await harness.argocd.settled();
    await sync({ prune: true });
    const status = await result();
    expect(
      status.operationState.syncResult.resources.find(
        ({ kind }: { kind: string }) => kind === 'ConfigMap',
      ),
    ).toMatchObject({ status: 'PruneSkipped', message: 'ignored (no prune)' });
    expect(status.sync.status).toBe('OutOfSync');
  });

  it('B5: of a retry keeps its beginning, and says how often it was tried', async () => {
    harness.argocd.failNextSync({ application: 'payment', message: 'no' });
    await sync({
      retryStrategy: { limit: 2, backoff: { duration: '1s', factor: 1 } },
    });
    const { operationState } = await result();
    expect(operationState).toMatchObject({
      phase: 'Failed',
      retryCount: 2,
      message:
        'one or more objects failed to apply, reason: no (retried 2 times).',
    });
  });

  it('can be terminated while it waits for its next attempt', async () => {
    harness.argocd.failNextSync({ application: 'payment', message: 'no' });
    await sync({ retryStrategy: { limit: 5, backoff: { duration: '1h' } } });
    await until(
      () => harness.call(payment),
      ({ body }) => body.status.operationState?.retryCount === 1,
    );
    await harness.call(`${payment}/operation`, { method: 'DELETE' });
    const { body } = await until(
      () => harness.call(payment),
      seen => seen.body.status.operationState?.phase === 'Failed',
    );
    expect(body.status.operationState.message).toBe('Operation terminated');
    expect(body.operation).toBeUndefined();
  });

  it('B6: that is queued blocks others, and cannot be terminated yet', async () => {
    harness.argocd.faults.pauseController(true);
    const first = await sync();
    expect(first.body.status.operationState).toBeUndefined();
    expect((await sync()).body.code).toBe(9);
    const terminated = await harness.call(`${payment}/operation`, {
      method: 'DELETE',
    });
    expect([terminated.status, terminated.body.code]).toEqual([400, 3]);
    harness.argocd.faults.pauseController(false);
    expect((await result()).operationState.phase).toBe('Succeeded');
  });

  it('of several requests at once begins once', async () => {
    harness.clock.setSpeed(1);
    const answers = await Promise.all([sync(), sync(), sync()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    await harness.argocd.settled();
  });

  it('A7: does not need the refresh that a reader waits for, which has a deadline', async () => {
    harness.argocd.faults.pauseController(true);
    const late = await harness.call(`${payment}?refresh=normal`);
    expect([late.status, late.body.code, late.body.message]).toEqual([
      500,
      2,
      'application refresh deadline exceeded',
    ]);
    const { body } = await harness.call(payment);
    expect(body.metadata.annotations['argocd.argoproj.io/refresh']).toBe(
      'normal',
    );
    harness.argocd.faults.pauseController(false);
    await until(
      () => harness.call(payment),
      seen =>
        seen.body.metadata.annotations?.['argocd.argoproj.io/refresh'] ===
        undefined,
    );
  });

  describe('and sync windows', () => {
    const closed = {
      kind: 'deny',
      schedule: '* * * * *',
      duration: '1h',
      clusters: ['dev'],
      timeZone: 'Asia/Tokyo',
    };
    const auto = '/api/v1/applications/auto';

    async function close(window: Record<string, unknown>) {
      harness.repositories.commit({
        repoUrl: REPO,
        files: { 'environments/dev/apps/windowed.yaml': windowed([window]) },
      });
      await until(
        () => harness.call('/api/v1/projects/windowed'),
        ({ body }) => body.spec.syncWindows?.length === 1,
      );
      await harness.argocd.settled();
    }

    it('keep automatic syncs out, and people unless they are let through', async () => {
      await close({ ...closed, manualSync: true });
      harness.repositories.commit({
        repoUrl: REPO,
        files: overlay({ name: 'auto', tag: '2.0.0' }),
      });
      await harness.argocd.settled();
      expect((await result(auto)).sync.status).toBe('OutOfSync');
      const { body } = await harness.call(`${auto}/syncwindows`);
      expect(body).toMatchObject({
        canSync: true,
        activeWindows: [{ manualSync: true }],
      });
      expect((await sync({}, auto)).status).toBe(200);
      expect((await result(auto)).sync.status).toBe('Synced');
    });

    it('show in the project what the application does not say', async () => {
      await close({ ...closed, description: 'Quiet hours' });
      const { body } = await harness.call(
        '/api/v1/projects/windowed/syncwindows',
      );
      expect(body.windows).toMatchObject([
        { description: 'Quiet hours', timeZone: 'Asia/Tokyo' },
      ]);
      const app = await harness.call(`${auto}/syncwindows`);
      expect(Object.keys(app.body.activeWindows[0]).sort()).toEqual([
        'duration',
        'kind',
        'manualSync',
        'schedule',
      ]);
    });

    it('stop an operation that is already running, which says so', async () => {
      harness.argocd.faults.pauseController(true);
      await sync({}, auto);
      harness.argocd.faults.pauseController(false);
      await harness.argocd.settled();
      harness.repositories.commit({
        repoUrl: REPO,
        files: overlay({ name: 'auto', tag: '2.0.0' }),
        push: false,
      });
      harness.argocd.failNextSync({ application: 'auto', message: 'no' });
      await sync(
        { retryStrategy: { limit: 3, backoff: { duration: '2m', factor: 1 } } },
        auto,
      );
      await until(
        () => harness.call(auto),
        ({ body }) => body.status.operationState?.retryCount === 1,
      );
      await close({ ...closed }).catch(() => {});
      const { body } = await until(
        () => harness.call(auto),
        seen =>
          seen.body.status.operationState?.message ===
          'Sync operation blocked by sync window',
      );
      expect(body.status.operationState.phase).toBe('Running');
    });
  });
});
