import { Sandbox, startSandbox } from '@slipway/sandbox';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, FAST_LIMITS, follow, pushChange } from './__testUtils__';
import { revisionsInUse } from './domain/revisionsInUse';

// A whole platform with 28 services is built first, which is slow on a small
// machine; the tests themselves wait for simulated time at twenty times speed.
jest.setTimeout(180_000);

const WITHIN = { within: 60_000 };

describe('following the Argo CDs of the sandbox', () => {
  let folder: string;
  let sandbox: Sandbox;
  const running: Array<{ stop(): Promise<void> }> = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-argocd-'));
    sandbox = await startSandbox({
      dataDirectory: join(folder, 'data'),
      oidc: false,
      speed: 20,
    });
  });

  afterAll(async () => {
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    for (const one of running.splice(0)) {
      await one.stop().catch(() => {});
    }
  });

  function start(
    platform: 'microservices' | 'n9',
    limits: Partial<typeof FAST_LIMITS> = {},
  ) {
    const { url, token } = sandbox.credentials.argocd[platform];
    const one = follow({
      url,
      token,
      config: { name: platform },
      limits: { movement: 50, refused: 200, ...limits },
    });
    running.push(one);
    return {
      ...one,
      get: (name: string) => one.sink.get(name, 'argocd', platform),
      async ready() {
        await eventually(() => {
          const all = [...one.sink.applications.values()];
          expect(all.length).toBeGreaterThan(0);
          expect(one.sink.retained.length).toBeGreaterThan(0);
          expect(
            all
              .filter(app => app.workloadsObservedAt === undefined)
              .map(app => app.id.name),
          ).toEqual([]);
        }, WITHIN);
      },
    };
  }

  const push = (
    change: Omit<Parameters<typeof pushChange>[0], 'sandbox' | 'folder'>,
  ) => pushChange({ sandbox, folder, ...change });

  function requests(platform: 'microservices' | 'n9'): number {
    return Object.values(sandbox.argocd[platform].requestCounts()).reduce(
      (sum, count) => sum + count,
      0,
    );
  }

  it('hands over a pushed image as wanted, then as live, with its commit and history', async () => {
    const follower = start('microservices');
    await follower.ready();
    // Who deployed what runs now is read once, the first time it is seen.
    await eventually(() => {
      const unread = [...follower.sink.applications.values()].filter(app =>
        revisionsInUse(app).some(({ revision }) => !app.commits[revision]),
      );
      expect(unread.map(app => app.id.name)).toEqual([]);
    }, WITHIN);
    const before = follower.get('checkout-dev');
    const asked = requests('microservices');
    const sha = await push({
      repository: 'microservices/gitops',
      file: 'apps/checkout/overlays/dev/kustomization.yaml',
      change: text => text.replace(/newTag: .*/, 'newTag: v9.9.1'),
      message: 'Release checkout v9.9.1',
    });
    const image = expect.stringContaining(':v9.9.1');
    await eventually(() => {
      expect(follower.get('checkout-dev')).toMatchObject({
        sync: { state: 'synced', revisions: [sha] },
        health: { state: 'healthy' },
        verified: true,
        operation: { phase: 'succeeded', automated: true, revisions: [sha] },
        workloads: [
          {
            wanted: { images: { checkout: image } },
            live: {
              images: { checkout: image },
              replicas: { updated: 1, ready: 1 },
            },
          },
        ],
        workloadsObservedAt: expect.any(String),
        commits: { [sha]: { message: 'Release checkout v9.9.1' } },
      });
    }, WITHIN);
    expect(follower.get('checkout-dev')?.history.at(-1)?.revisions).toEqual([
      sha,
    ]);
    expect(follower.get('checkout-dev')?.history).toHaveLength(
      (before?.history.length ?? 0) + 1,
    );
    // Every application of the repository moved to the commit; one changed.
    await eventually(() => {
      const behind = [...follower.sink.applications.values()].filter(
        app => app.sync.revisions[0] !== sha,
      );
      expect(behind.map(app => app.id.name)).toEqual([]);
    }, WITHIN);
    expect(follower.sink.applications.size).toBeGreaterThan(70);
    expect(requests('microservices') - asked).toBeLessThan(40);
  });

  it('A9: reads an Argo CD 3.4 as well, and shows what waits for a sync by hand', async () => {
    const follower = start('n9');
    await follower.ready();
    const served =
      follower.get('n9-api-production')?.workloads?.[0].live?.images;
    const sha = await push({
      repository: 'n9/gitops',
      file: 'apps/n9-api/overlays/production/kustomization.yaml',
      change: text =>
        text
          .replace(/newTag: .*/, 'newTag: v9.9.2')
          .replace(/\n *digest: .*/, ''),
      message: 'Ask for v9.9.2',
    });
    await eventually(() => {
      expect(follower.get('n9-api-production')).toMatchObject({
        policy: { automated: false },
        sync: { state: 'out-of-sync', revisions: [sha] },
        workloads: [
          {
            wanted: {
              images: { 'n9-api': expect.stringContaining(':v9.9.2') },
            },
            live: { images: served },
          },
        ],
        workloadsObservedAt: expect.any(String),
      });
    }, WITHIN);
  });

  it('B16: tells roots from services, on 3.5 and on 3.4', async () => {
    for (const platform of ['microservices', 'n9'] as const) {
      const follower = start(platform);
      await follower.ready();
      for (const app of follower.sink.applications.values()) {
        expect([app.id.name, app.appOfApps]).toEqual([
          app.id.name,
          app.id.name.startsWith('root-'),
        ]);
      }
    }
  });

  it('knows the truth again after the stream was cut and a push went by', async () => {
    const { faults } = sandbox.argocd.microservices;
    const follower = start('microservices');
    await follower.ready();
    faults.cutStreams({ forSeconds: 3 });
    const sha = await push({
      repository: 'microservices/gitops',
      file: 'apps/checkout/overlays/dev/kustomization.yaml',
      change: text => text.replace(/newTag: .*/, 'newTag: v9.9.3'),
      message: 'Release checkout v9.9.3',
    });
    await eventually(
      () =>
        expect(follower.sink.reports).toContainEqual({
          state: 'down',
          reason: expect.stringContaining('503'),
        }),
      WITHIN,
    );
    await eventually(() => {
      expect(follower.sink.state).toEqual({ state: 'live' });
      expect(follower.get('checkout-dev')?.sync.revisions).toEqual([sha]);
    }, WITHIN);
  });

  it('says that the token expired, keeps what it knows, and recovers', async () => {
    const { faults } = sandbox.argocd.n9;
    const follower = start('n9', { relist: 300 });
    await follower.ready();
    const { size } = follower.sink.applications;
    faults.expireTokens();
    await eventually(
      () =>
        expect(follower.sink.state).toEqual({
          state: 'refused',
          reason: expect.stringContaining('401'),
        }),
      WITHIN,
    );
    expect(follower.sink.applications.size).toBe(size);
    faults.renewTokens();
    await eventually(
      () => expect(follower.sink.state).toEqual({ state: 'live' }),
      WITHIN,
    );
  });

  it('says that Argo CD is gone, keeps what it knows, and recovers', async () => {
    const { faults } = sandbox.argocd.n9;
    const follower = start('n9');
    await follower.ready();
    const { size } = follower.sink.applications;
    await faults.setDown(true);
    await eventually(
      () =>
        expect(follower.sink.state).toEqual({
          state: 'down',
          reason: expect.stringContaining('connection refused'),
        }),
      WITHIN,
    );
    expect(follower.sink.applications.size).toBe(size);
    await faults.setDown(false);
    await eventually(
      () => expect(follower.sink.state).toEqual({ state: 'live' }),
      WITHIN,
    );
    expect(follower.sink.applications.size).toBe(size);
  });

  it('A18: notices that an application is deleted', async () => {
    const follower = start('n9');
    await follower.ready();
    const uid = follower.get('n9-worker-staging')?.uid;
    expect(uid).toBeDefined();
    await sandbox.argocd.n9.deleteApplication({
      application: 'n9-worker-staging',
    });
    // Its root may bring it back, as another object.
    await eventually(
      () => expect(follower.get('n9-worker-staging')?.uid).not.toBe(uid),
      WITHIN,
    );
    expect(follower.sink.removals.flat()).toContainEqual({
      instance: 'n9',
      namespace: 'argocd',
      name: 'n9-worker-staging',
    });
  });
});
