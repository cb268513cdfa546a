import {
  applicationManifest,
  Harness,
  overlay,
  REPO,
  service,
  startHarness,
  tree,
} from '../__testUtils__/harness';
import { MemoryRepositories } from '../__testUtils__/memoryRepositories';

const TEXTS = 'http://localhost:1/microservices/texts.git';

const sources = [
  { repoURL: REPO, path: 'apps/cart/overlays/dev', targetRevision: 'main' },
  { repoURL: TEXTS, path: 'manifests', targetRevision: 'main' },
];

const files = {
  ...tree({
    cart: applicationManifest({
      name: 'cart-dev',
      path: '',
      automated: { prune: true, selfHeal: true },
      spec: { source: undefined, sources },
    }),
    manual: applicationManifest({
      name: 'cart-manual',
      path: '',
      spec: {
        source: undefined,
        sources,
        destination: { name: 'dev', namespace: 'manual' },
      },
    }),
  }),
  ...service({ name: 'cart', tag: '1.0.0' }),
};

function texts(greeting: string, name = 'texts'): Record<string, string> {
  return {
    'manifests/texts.yaml': JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data: { greeting },
    }),
  };
}

describe('an application with two sources', () => {
  let harness: Harness;
  let second: string;

  beforeEach(async () => {
    const repositories = new MemoryRepositories();
    repositories.commit({ repoUrl: REPO, files });
    second = repositories.commit({ repoUrl: TEXTS, files: texts('Hello') });
    harness = await startHarness({ files, repositories });
  });
  afterEach(() => harness.close());

  async function app(name = 'cart-dev') {
    const { body } = await harness.call(`/api/v1/applications/${name}`);
    return body;
  }

  function head(repoUrl = REPO) {
    return harness.repositories.resolveRevision({ repoUrl, revision: 'main' });
  }

  it('A12: deploys both, and names commits by position with an empty source', async () => {
    const { status } = await app();
    const first = await head();
    expect(status.sync).toEqual({
      status: 'Synced',
      revisions: [first, second],
      comparedTo: {
        source: { repoURL: '' },
        sources,
        destination: { name: 'dev', namespace: 'shop' },
      },
    });
    expect(status.sourceTypes).toEqual(['Kustomize', 'Directory']);
    expect(status.sourceType).toBeUndefined();
    expect(status.history).toEqual([
      expect.objectContaining({
        revisions: [first, second],
        source: { repoURL: '' },
        sources,
      }),
    ]);
    expect(status.history[0].revision).toBeUndefined();
    expect(
      status.resources.map(
        ({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`,
      ),
    ).toEqual([
      'Deployment cart',
      'ConfigMap cart',
      'ConfigMap texts',
      'Service cart',
    ]);
  });

  it('A20: follows a push to either repository, by position', async () => {
    const pushed = harness.repositories.commit({
      repoUrl: TEXTS,
      files: texts('Good day'),
    });
    await harness.argocd.settled();
    const first = await head();
    const { status } = await app();
    expect(status.sync.revisions).toEqual([first, pushed]);
    expect(status.operationState.syncResult).toMatchObject({
      revision: '',
      revisions: [first, pushed],
      source: { repoURL: '' },
      sources,
    });
    harness.repositories.commit({
      repoUrl: REPO,
      files: overlay({ name: 'cart', tag: '2.0.0' }),
    });
    await harness.argocd.settled();
    const after = (await app()).status;
    expect(after.sync.revisions).toEqual([await head(), pushed]);
    expect(after.summary.images).toEqual(['shop/cart:2.0.0']);
  });

  it('syncs the position that is asked for, and goes back to both commits', async () => {
    const first = await head();
    const newer = harness.repositories.commit({
      repoUrl: TEXTS,
      files: texts('Good day'),
    });
    await harness.argocd.settled();
    expect((await app('cart-manual')).status.sync.status).toBe('OutOfSync');
    const { status: code } = await harness.call(
      '/api/v1/applications/cart-manual/sync',
      { method: 'POST', body: { revisions: [newer], sourcePositions: [2] } },
    );
    expect(code).toBe(200);
    await harness.argocd.settled();
    const { status } = await app('cart-manual');
    expect(status.sync.status).toBe('Synced');
    expect(status.history.at(-1).revisions).toEqual([first, newer]);
    await harness.call('/api/v1/applications/cart-manual/rollback', {
      method: 'POST',
      body: { id: 0 },
    });
    await harness.argocd.settled();
    const back = (await app('cart-manual')).status;
    expect(back.operationState.syncResult.revisions).toEqual([first, second]);
    expect(back.sync.status).toBe('OutOfSync');
  });

  it('refuses a position that no source has', async () => {
    const { status, body } = await harness.call(
      '/api/v1/applications/cart-manual/sync',
      { method: 'POST', body: { revisions: ['main'], sourcePositions: [3] } },
    );
    expect(status).toBe(400);
    expect(body.code).toBe(3);
  });

  it('describes the commit of the source with an index, counted from 0', async () => {
    const path = `/api/v1/applications/cart-dev/revisions/${second}/metadata`;
    expect((await harness.call(`${path}?sourceIndex=1`)).status).toBe(200);
    expect((await harness.call(`${path}?sourceIndex=0`)).status).toBe(500);
    expect((await harness.call(`${path}?sourceIndex=2`)).status).toBe(500);
  });

  it('takes what both define from the last, and warns', async () => {
    harness.repositories.commit({
      repoUrl: TEXTS,
      files: texts('Hello', 'cart'),
    });
    await harness.argocd.settled();
    const { status } = await app();
    expect(status.sync.status).toBe('Synced');
    expect(status.conditions).toEqual([
      expect.objectContaining({
        type: 'RepeatedResourceWarning',
        message:
          'Resource /ConfigMap/shop/cart appeared 2 times among application resources.',
      }),
    ]);
  });

  it('says which source cannot be rendered', async () => {
    harness.repositories.commit({
      repoUrl: TEXTS,
      files: { 'manifests/texts.yaml': 'a: [' },
    });
    await harness.argocd.settled();
    const { status } = await app();
    expect(status.sync.status).toBe('Unknown');
    expect(status.conditions[0]).toMatchObject({
      type: 'ComparisonError',
      message: expect.stringContaining(
        'failed to generate manifest for source 2 of 2: rpc error: ',
      ),
    });
  });

  it('is as it was after a restart, and still follows both', async () => {
    await harness.argocd.stop();
    await harness.argocd.start();
    expect((await app()).status.sync.status).toBe('Synced');
    const pushed = harness.repositories.commit({
      repoUrl: TEXTS,
      files: texts('Again'),
    });
    await harness.argocd.settled();
    expect((await app()).status.sync.revisions).toEqual([await head(), pushed]);
  });
});
