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

const auto = { prune: true, selfHeal: true };
const checkout = applicationManifest({
  name: 'checkout-dev',
  path: 'apps/checkout/overlays/dev',
  automated: auto,
});
const manual = applicationManifest({
  name: 'payment-production',
  path: 'apps/payment/overlays/dev',
  automated: { enabled: false, prune: false, selfHeal: true },
});
const files = {
  ...tree({ checkout, payment: manual }),
  ...service({ name: 'checkout', tag: '1.0.0' }),
  ...service({ name: 'payment', tag: '1.0.0' }),
};

describe('the application controller', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness({ files });
  });
  afterEach(() => harness.close());

  function app(name: string) {
    return harness
      .call(`/api/v1/applications/${name}`)
      .then(({ body }) => body);
  }

  function push(changes: Record<string, string | undefined>): string {
    return harness.repositories.commit({ repoUrl: REPO, files: changes });
  }

  it('starts with everything deployed, without waiting for pods', async () => {
    expect(harness.argocd.applications()).toEqual([
      expect.objectContaining({
        name: 'checkout-dev',
        syncStatus: 'Synced',
        healthStatus: 'Healthy',
        cluster: 'dev',
        images: ['shop/checkout:1.0.0'],
      }),
      expect.objectContaining({
        name: 'payment-production',
        syncStatus: 'Synced',
        healthStatus: 'Healthy',
      }),
      expect.objectContaining({ name: 'root', syncStatus: 'Synced' }),
    ]);
  });

  it('syncs a pushed tag by itself and becomes healthy over time', async () => {
    harness.clock.setSpeed(5);
    const sha = push(overlay({ name: 'checkout', tag: '1.1.0' }));
    await until(
      () => app('checkout-dev'),
      seen => seen.status.health.status === 'Progressing',
    );
    harness.clock.setSpeed(200);
    await harness.argocd.settled();
    const { status } = await app('checkout-dev');
    expect(status.sync).toMatchObject({ status: 'Synced', revision: sha });
    expect(status.health.status).toBe('Healthy');
    expect(status.summary.images).toEqual(['shop/checkout:1.1.0']);
    expect(status.operationState).toMatchObject({
      phase: 'Succeeded',
      operation: { initiatedBy: { automated: true } },
      syncResult: { revision: sha },
    });
    expect(status.history.map((entry: { id: number }) => entry.id)).toEqual([
      0, 1,
    ]);
  });

  it('C1: shows the images of both releases while old pods remain', async () => {
    harness.clock.setSpeed(5);
    push(overlay({ name: 'checkout', tag: '1.1.0' }));
    const seen = await until(
      () => app('checkout-dev'),
      ({ status }) => (status.summary.images ?? []).length === 2,
    );
    expect(seen.status.summary.images).toEqual([
      'shop/checkout:1.0.0',
      'shop/checkout:1.1.0',
    ]);
  });

  it('C3: moves the revision of untouched applications and nothing else', async () => {
    const before = await app('payment-production');
    const sha = push(overlay({ name: 'checkout', tag: '1.1.0' }));
    await harness.argocd.settled();
    const after = await app('payment-production');
    expect(after.status.sync).toMatchObject({
      status: 'Synced',
      revision: sha,
    });
    expect(after.status.sync.revision).not.toBe(before.status.sync.revision);
    expect(after.status.history).toEqual(before.status.history);
  });

  it('leaves an application with automated.enabled false to people', async () => {
    push(overlay({ name: 'payment', tag: '2.0.0' }));
    await harness.argocd.settled();
    expect((await app('payment-production')).status).toMatchObject({
      sync: { status: 'OutOfSync' },
      health: { status: 'Healthy' },
      summary: { images: ['shop/payment:1.0.0'] },
    });
  });

  it('finds a commit by polling when no webhook arrives', async () => {
    const sha = harness.repositories.commit({
      repoUrl: REPO,
      files: overlay({ name: 'checkout', tag: '1.2.0' }),
      push: false,
    });
    const seen = await until(
      () => app('checkout-dev'),
      ({ status }) => status.sync.revision === sha,
    );
    expect(seen.status.sync.revision).toBe(sha);
  });

  it('degrades when a bad image never becomes ready, and keeps old pods', async () => {
    push(overlay({ name: 'checkout', tag: '9.9.9-broken' }));
    const { status } = await until(
      () => app('checkout-dev'),
      seen => seen.status.health.status === 'Degraded',
    );
    expect(status.operationState.phase).toBe('Succeeded');
    expect(status.summary.images).toEqual([
      'shop/checkout:1.0.0',
      'shop/checkout:9.9.9-broken',
    ]);
    const deployment = status.resources.find(
      (resource: { kind: string }) => resource.kind === 'Deployment',
    );
    expect(deployment.health.message).toBe(
      'Deployment "checkout" exceeded its progress deadline',
    );
    push(overlay({ name: 'checkout', tag: '1.0.1' }));
    await until(
      () => app('checkout-dev'),
      seen => seen.status.health.status === 'Healthy',
    );
  });

  it('heals drift after a while, without a history entry', async () => {
    const before = await app('checkout-dev');
    await harness.argocd.drift({ application: 'checkout-dev' });
    await until(
      () => app('checkout-dev'),
      seen => seen.status.sync.status === 'OutOfSync',
    );
    await until(
      () => app('checkout-dev'),
      seen => seen.status.sync.status === 'Synced',
    );
    await harness.argocd.settled();
    const after = await app('checkout-dev');
    expect(after.status.operationState.operation.sync).toMatchObject({
      autoHealAttemptsCount: 1,
      resources: [{ group: 'apps', kind: 'Deployment', name: 'checkout' }],
    });
    expect(after.status.history).toEqual(before.status.history);
  });

  it('tries a commit once by itself, and the next one again', async () => {
    harness.argocd.failNextSync({
      application: 'checkout-dev',
      message: 'no room',
    });
    push({
      'environments/dev/apps/checkout.yaml': applicationManifest({
        name: 'checkout-dev',
        path: 'apps/checkout/overlays/dev',
        automated: auto,
        spec: {
          syncPolicy: { automated: auto, retry: { limit: 0 } },
        },
      }),
      ...overlay({ name: 'checkout', tag: '1.1.0' }),
    });
    const failed = await until(
      () => app('checkout-dev'),
      ({ status }) =>
        status.operationState?.phase === 'Failed' &&
        status.conditions !== undefined,
    );
    expect(failed.status.conditions).toMatchObject([
      {
        type: 'SyncError',
        message: expect.stringMatching(
          /^Failed last sync attempt to \[[0-9a-f]{40}\]: .*no room/,
        ),
      },
    ]);
    await harness.call('/api/v1/applications/checkout-dev?refresh=hard');
    await harness.argocd.settled();
    const later = await app('checkout-dev');
    expect(later.status.operationState.startedAt).toBe(
      failed.status.operationState.startedAt,
    );
    expect(later.status.sync.status).toBe('OutOfSync');
    push(overlay({ name: 'checkout', tag: '1.2.0' }));
    await until(
      () => app('checkout-dev'),
      ({ status }) => status.sync.status === 'Synced',
    );
  });

  it('B19: keeps drift when self-heal is inert', async () => {
    await harness.argocd.drift({
      application: 'payment-production',
      patch: { spec: { replicas: 5 } },
    });
    await harness.argocd.settled();
    const { status } = await app('payment-production');
    expect(status.sync.status).toBe('OutOfSync');
  });

  it('ignores fields that others add to a live object', async () => {
    await harness.argocd.drift({
      application: 'checkout-dev',
      patch: { metadata: { annotations: { note: 'by hand' } } },
    });
    await harness.argocd.settled();
    expect((await app('checkout-dev')).status.sync.status).toBe('Synced');
  });

  it('reports what it cannot render as a ComparisonError, never a guess', async () => {
    push({
      'apps/checkout/overlays/dev/kustomization.yaml':
        'resources: [../../base]\nconfigMapGenerator: [{name: x}]\n',
    });
    const { status } = await until(
      () => app('checkout-dev'),
      seen => seen.status.sync.status === 'Unknown',
    );
    expect(status.conditions).toEqual([
      expect.objectContaining({
        type: 'ComparisonError',
        message: expect.stringContaining('configMapGenerator'),
      }),
    ]);
  });

  it('makes, and prunes, the applications that a root wants', async () => {
    push({
      'environments/dev/apps/order.yaml': applicationManifest({
        name: 'order-dev',
        path: 'apps/order/overlays/dev',
        automated: auto,
        finalizers: ['resources-finalizer.argocd.argoproj.io'],
      }),
      ...service({ name: 'order', tag: '1.0.0' }),
    });
    await until(
      () => harness.argocd.applications(),
      seen =>
        seen.some(
          ({ name, healthStatus, syncStatus }) =>
            name === 'order-dev' &&
            healthStatus === 'Healthy' &&
            syncStatus === 'Synced',
        ),
    );
    push({ 'environments/dev/apps/order.yaml': undefined });
    const left = await until(
      () => harness.argocd.applications(),
      seen => !seen.some(({ name }) => name === 'order-dev'),
    );
    expect(left.map(({ name }) => name)).toContain('root');
  });

  it('brings back a deleted application by the self-heal of its root', async () => {
    const uid = (await app('checkout-dev')).metadata.uid;
    await harness.argocd.deleteApplication({ application: 'checkout-dev' });
    const { body } = await until(
      () => harness.call('/api/v1/applications/checkout-dev'),
      seen => seen.status === 200,
    );
    expect(body.metadata.uid).not.toBe(uid);
  });

  it('says InvalidSpecError for a cluster that is not registered', async () => {
    push({
      'environments/dev/apps/lost.yaml': applicationManifest({
        name: 'lost',
        path: 'apps/checkout/overlays/dev',
        destination: { name: 'nowhere', namespace: 'x' },
      }),
    });
    const { body } = await until(
      () => harness.call('/api/v1/applications/lost'),
      seen => seen.body.status?.conditions !== undefined,
    );
    expect(body.status).toMatchObject({
      sync: { status: 'Unknown' },
      health: { status: 'Unknown' },
      conditions: [
        {
          type: 'InvalidSpecError',
          message: 'there are no clusters with this name: nowhere',
        },
      ],
    });
  });

  it('invents no deployments when it is started again', async () => {
    push(overlay({ name: 'checkout', tag: '1.1.0' }));
    await harness.argocd.settled();
    const before = await app('checkout-dev');
    await harness.argocd.stop();
    const again = await startHarness({
      files,
      repositories: harness.repositories,
      stateDirectory: harness.stateDirectory,
    });
    try {
      await again.argocd.settled();
      const { body: after } = await again.call(
        '/api/v1/applications/checkout-dev',
      );
      expect(after.metadata.uid).toBe(before.metadata.uid);
      expect(after.status.history).toEqual(before.status.history);
      expect(after.status.operationState).toEqual(before.status.operationState);
      expect(after.status.health).toEqual(before.status.health);
    } finally {
      await again.close();
    }
  });
});

describe('the past before the first start', () => {
  it('becomes history, and Git having moved on becomes OutOfSync', async () => {
    const harness = await startHarness({ files });
    const first = harness.argocd.applications()[0].revision!;
    await harness.argocd.stop();
    harness.repositories.commit({
      repoUrl: REPO,
      files: overlay({ name: 'payment', tag: '2.0.0' }),
    });
    const later = await startHarness({
      files,
      repositories: harness.repositories,
      simulator: {
        initialHistory: async () => [
          {
            revision: first,
            deployedAt: '2026-11-01T10:00:00Z',
            username: 'dana',
          },
        ],
      },
    });
    try {
      const { body } = await later.call(
        '/api/v1/applications/payment-production',
      );
      expect(body.status.sync.status).toBe('OutOfSync');
      expect(body.status.history).toMatchObject([
        {
          id: 0,
          revision: first,
          deployedAt: '2026-11-01T10:00:00Z',
          initiatedBy: { username: 'dana' },
        },
      ]);
    } finally {
      await later.close();
      await harness.close();
    }
  });
});
