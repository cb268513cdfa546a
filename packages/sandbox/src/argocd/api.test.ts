import { request as httpRequest } from 'node:http';
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

const automated = { prune: true, selfHeal: true };
const files = {
  ...tree({
    checkout: applicationManifest({
      name: 'checkout-dev',
      path: 'apps/checkout/overlays/dev',
      automated,
    }),
    payment: applicationManifest({
      name: 'payment-production',
      path: 'apps/payment/overlays/dev',
      spec: {
        syncPolicy: {
          syncOptions: ['ServerSideApply=true', 'CreateNamespace=true'],
        },
      },
    }),
    frozen: applicationManifest({
      name: 'frozen',
      path: 'apps/payment/overlays/dev',
      project: 'frozen',
      destination: { name: 'dev', namespace: 'frozen' },
    }),
    project: JSON.stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'frozen', namespace: 'argocd' },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ name: '*', namespace: '*' }],
        sourceNamespaces: ['team-*'],
        syncWindows: [
          {
            kind: 'deny',
            schedule: '* * * * *',
            duration: '1h',
            applications: ['*'],
          },
        ],
      },
    }),
    twin: applicationManifest({
      name: 'checkout-dev',
      namespace: 'team-a',
      project: 'frozen',
      path: 'apps/payment/overlays/dev',
      destination: { name: 'dev', namespace: 'twin' },
    }),
  }),
  ...service({ name: 'checkout', tag: '1.0.0' }),
  ...service({ name: 'payment', tag: '1.0.0' }),
};
const payment = '/api/v1/applications/payment-production';
const json = { 'content-type': 'application/json' };

describe('the API', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness({ files });
  });
  afterEach(() => harness.close());

  function post(path: string, body: unknown = {}) {
    return harness.call(path, { method: 'POST', body });
  }

  describe('who asks', () => {
    it('gives nobody more than the version', async () => {
      const { status, body } = await harness.call('/api/version', {
        token: '',
      });
      expect(status).toBe(200);
      expect(body).toEqual({ Version: 'v3.5.1+sandbox' });
    });

    it('refuses requests without a session by code 16', async () => {
      const { status, body } = await harness.call('/api/v1/applications', {
        token: '',
      });
      expect(status).toBe(401);
      expect(body).toEqual({
        error: 'no session information',
        code: 16,
        message: 'no session information',
      });
    });

    it('ignores a bearer value that is no JWT', async () => {
      const { body } = await harness.call('/api/v1/applications', {
        token: 'not-a-jwt',
      });
      expect(body.message).toBe('no session information');
    });

    it('refuses a JWT that somebody else signed', async () => {
      const token = await harness.argocd.issueToken('admin');
      const forged = `${token.slice(0, token.lastIndexOf('.'))}.AAAA`;
      const { status, body } = await harness.call('/api/v1/applications', {
        token: forged,
      });
      expect(status).toBe(401);
      expect(body.message).toMatch(/^invalid session: token signature/);
    });

    it('answers userinfo with 200 for nobody, which proves nothing', async () => {
      const path = '/api/v1/session/userinfo';
      expect((await harness.call(path, { token: '' })).body).toEqual({
        loggedIn: false,
      });
      expect((await harness.call(path)).body).toMatchObject({
        loggedIn: true,
        username: 'admin',
      });
    });

    it('lets readers read and nothing else', async () => {
      const token = await harness.argocd.issueToken('portal-read');
      const ask = (path: string) => harness.call(path, { token });
      expect((await ask(payment)).status).toBe(200);
      const can = '/api/v1/account/can-i/applications';
      expect((await ask(`${can}/get/default/x`)).body).toEqual({
        value: 'yes',
      });
      expect((await ask(`${can}/sync/default/x`)).body).toEqual({
        value: 'no',
      });
      const refused = await harness.call(`${payment}/sync`, {
        method: 'POST',
        body: {},
        token,
      });
      expect(refused.status).toBe(403);
      expect(refused.body).toMatchObject({
        code: 7,
        message: expect.stringMatching(
          /^permission denied: applications, sync, default\/payment-production, sub: portal-read, iat: /,
        ),
      });
    });

    it('A6: says "Invalid username or password" to a bad login', async () => {
      const { status, body } = await harness.call('/api/v1/session', {
        method: 'POST',
        token: '',
        body: { username: 'admin', password: 'wrong' },
      });
      expect(status).toBe(401);
      expect(body.message).toBe('Invalid username or password');
    });
  });

  describe('how it is asked', () => {
    it.each([
      ['POST', { 'content-type': 'application/json; charset=utf-8' }],
      ['DELETE', { 'content-type': '' }],
    ])(
      'A5: answers 415 in plain text to %s with %j',
      async (method, headers) => {
        const {
          status,
          body,
          headers: answered,
        } = await harness.call(`${payment}/operation`, { method, headers });
        expect(status).toBe(415);
        expect(body.trim()).toBe('Invalid content type');
        expect(answered.get('content-type')).toMatch(/^text\/plain/);
      },
    );

    it('A5: answers a page outside of /api, and plain text inside', async () => {
      const headers = { accept: 'text/html' };
      const page = await harness.call('/argo/api/v1', { headers });
      expect(page.status).toBe(200);
      expect(page.body).toContain('<!doctype html>');
      const lost = await harness.call('/api/v1/nothing', { headers });
      expect(lost.status).toBe(404);
      expect(lost.headers.get('content-type')).toMatch(/^text\/plain/);
    });

    it('says in plain text that a path has another method', async () => {
      for (const [method, path] of [
        ['DELETE', '/api/v1/applications/checkout-dev/sync'],
        ['POST', '/api/v1/projects'],
        ['PUT', '/api/v1/applications/checkout-dev'],
      ]) {
        const answer = await harness.call(path, { method });
        expect(answer.status).toBe(405);
        expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
        expect(answer.body).toBe('Method Not Allowed\n');
      }
      const unknown = await harness.call('/api/v1/nothing', { method: 'PUT' });
      expect(unknown.status).toBe(404);
    });

    it('counts every request by its route', async () => {
      await harness.call(payment);
      await harness.call('/api/v1/applications/other');
      expect(harness.argocd.requestCounts()).toMatchObject({
        'GET /api/v1/applications/{name}': 2,
      });
    });
  });

  describe('list and get', () => {
    it('A1: answers null for an empty list', async () => {
      const { body } = await harness.call('/api/v1/applications?projects=none');
      expect(body.items).toBeNull();
    });

    it('A2: says 403 without a project and 404 with one', async () => {
      const path = '/api/v1/applications/gone';
      const without = await harness.call(path);
      expect(without.status).toBe(403);
      expect(without.body).toMatchObject({
        code: 7,
        message: 'permission denied',
      });
      const withProject = await harness.call(`${path}?project=default`);
      expect(withProject.status).toBe(404);
      expect(withProject.body.code).toBe(5);
    });

    it('A7: refreshes for any value of refresh, and takes the mark away', async () => {
      const before = await harness.call(payment);
      const after = await harness.call(`${payment}?refresh=false`);
      expect(Number(after.body.metadata.resourceVersion)).toBeGreaterThan(
        Number(before.body.metadata.resourceVersion),
      );
      expect(after.body.metadata.annotations).not.toHaveProperty([
        'argocd.argoproj.io/refresh',
      ]);
    });

    it('A8: ignores limit and continue', async () => {
      const { body } = await harness.call('/api/v1/applications?limit=1');
      expect(body.items).toHaveLength(5);
      expect(body.metadata.continue).toBeUndefined();
    });

    it('A11: leaves the health of resources out of the list only', async () => {
      const list = await harness.call(
        '/api/v1/applications?name=payment-production',
      );
      const [listed] = list.body.items;
      expect(listed.status.resourceHealthSource).toBe('appTree');
      expect(listed.status.resources[0].health).toBeUndefined();
      const { body } = await harness.call(payment);
      expect(
        body.status.resources.some((item: { health?: unknown }) => item.health),
      ).toBe(true);
    });

    it('A13: keeps applications of one name in two namespaces apart', async () => {
      const list = await harness.call('/api/v1/applications?name=checkout-dev');
      expect(
        list.body.items.map(
          (item: { metadata: { namespace: string } }) =>
            item.metadata.namespace,
        ),
      ).toEqual(expect.arrayContaining(['argocd', 'team-a']));
      const { body } = await harness.call(
        '/api/v1/applications/checkout-dev?appNamespace=team-a',
      );
      expect(body.status.summary.images).toEqual(['shop/payment:1.0.0']);
    });

    it('selects by label', async () => {
      const { body } = await harness.call(
        '/api/v1/applications?selector=app.kubernetes.io/name%20in%20(payment-production)',
      );
      expect(body.items).toHaveLength(1);
    });

    it('A10: puts the sync result where the operation should be', async () => {
      const { body } = await harness.call(
        '/api/v1/applications?name=payment-production&fields=items.status.operationState.operation.sync,items.metadata.name,items.nonsense',
      );
      expect(body.items).toEqual([
        {
          metadata: { name: 'payment-production' },
          status: {
            operationState: {
              operation: {
                sync: expect.objectContaining({
                  source: expect.anything(),
                  revision: expect.stringMatching(/^[0-9a-f]{40}$/),
                }),
              },
            },
          },
        },
      ]);
    });
  });

  describe('sync', () => {
    it('B6: returns at once, with the operation queued and no state', async () => {
      harness.clock.setSpeed(1);
      const { status, body } = await post(`${payment}/sync`, {
        infos: [{ name: 'promotion', value: 'p-1' }],
      });
      expect(status).toBe(200);
      expect(body.operation).toMatchObject({
        initiatedBy: { username: 'admin' },
      });
      expect(body.status.operationState).toBeUndefined();
      const blocked = await post(`${payment}/sync`);
      expect(blocked.status).toBe(400);
      expect(blocked.body).toMatchObject({
        code: 9,
        message: expect.stringMatching(
          /another operation is already in progress$/,
        ),
      });
    });

    it('B2: gives infos and initiator back in the state of the operation', async () => {
      await post(`${payment}/sync`, {
        infos: [{ name: 'promotion', value: 'p-1' }],
      });
      await harness.argocd.settled();
      const { body } = await harness.call(payment);
      expect(body.operation).toBeUndefined();
      expect(body.status.operationState).toMatchObject({
        phase: 'Succeeded',
        message: 'successfully synced (all tasks run)',
        operation: {
          info: [{ name: 'promotion', value: 'p-1' }],
          initiatedBy: { username: 'admin' },
        },
      });
      expect(body.status.history.pop()).toMatchObject({
        id: 1,
        initiatedBy: { username: 'admin' },
      });
    });

    it('B17: records neither dry runs nor partial syncs', async () => {
      harness.repositories.commit({
        repoUrl: REPO,
        files: overlay({ name: 'payment', tag: '2.0.0' }),
      });
      await harness.argocd.settled();
      await post(`${payment}/sync`, { dryRun: true });
      await harness.argocd.settled();
      const dry = await harness.call(payment);
      expect(dry.body.status.sync.status).toBe('OutOfSync');
      expect(dry.body.status.history).toHaveLength(1);
      await post(`${payment}/sync`, {
        resources: [{ group: 'apps', kind: 'Deployment', name: 'payment' }],
      });
      await harness.argocd.settled();
      const partial = await harness.call(payment);
      expect(partial.body.status.summary.images).toEqual([
        'shop/payment:2.0.0',
      ]);
      expect(partial.body.status.history).toHaveLength(1);
    });

    it('B18: caps the history at ten, oldest first, with growing ids', async () => {
      for (let sync = 0; sync < 12; sync++) {
        await post(`${payment}/sync`);
        await harness.argocd.settled();
      }
      const { body } = await harness.call(payment);
      expect(
        body.status.history.map((entry: { id: number }) => entry.id),
      ).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    });

    it('B19: refuses another revision on an application that syncs itself', async () => {
      const first = harness.argocd.applications()[0].revision;
      const { status, body } = await post(
        '/api/v1/applications/checkout-dev/sync',
        { revision: first },
      );
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: 9,
        message: `Cannot sync to ${first}: auto-sync currently set to main`,
      });
    });

    it('B20: replaces the sync options of the application', async () => {
      const inherited = await post(`${payment}/sync`);
      expect(inherited.body.operation.sync.syncOptions).toEqual([
        'ServerSideApply=true',
        'CreateNamespace=true',
      ]);
      await harness.argocd.settled();
      const replaced = await post(`${payment}/sync`, {
        syncOptions: { items: ['PruneLast=true'] },
      });
      expect(replaced.body.operation.sync.syncOptions).toEqual([
        'PruneLast=true',
      ]);
    });

    it('A4: says 403 with the reason when a window is closed', async () => {
      const { status, body } = await post('/api/v1/applications/frozen/sync');
      expect(status).toBe(403);
      expect(body).toMatchObject({
        code: 7,
        message: 'cannot sync: blocked by sync window',
      });
      const windows = await harness.call(
        '/api/v1/applications/frozen/syncwindows',
      );
      const window = {
        kind: 'deny',
        schedule: '* * * * *',
        duration: '1h',
        manualSync: false,
      };
      expect(windows.body).toEqual({
        activeWindows: [window],
        assignedWindows: [window],
        canSync: false,
      });
    });

    it('fails when it is told to, retries, and works the next time', async () => {
      harness.argocd.failNextSync({
        application: 'payment-production',
        message: 'quota exceeded',
      });
      await post(`${payment}/sync`, {
        retryStrategy: { limit: 1, backoff: { duration: '3m', factor: 1 } },
      });
      const waiting = await until(
        () => harness.call(payment),
        ({ body }) => body.status.operationState?.retryCount === 1,
      );
      // B5: an end with a phase of Running is a pause between attempts.
      expect(waiting.body.status.operationState).toMatchObject({
        phase: 'Running',
        finishedAt: expect.any(String),
        message: expect.stringContaining('Retrying attempt #1'),
      });
      await harness.argocd.settled();
      const failed = await harness.call(payment);
      expect(failed.body.status.operationState).toMatchObject({
        phase: 'Failed',
        message:
          'one or more objects failed to apply, reason: quota exceeded (retried 1 times).',
      });
      await post(`${payment}/sync`);
      await harness.argocd.settled();
      const worked = await harness.call(payment);
      expect(worked.body.status.operationState.phase).toBe('Succeeded');
    });

    it('A3: refuses to terminate what does not run by code 3', async () => {
      const { status, body } = await harness.call(`${payment}/operation`, {
        method: 'DELETE',
      });
      expect(status).toBe(400);
      expect(body.code).toBe(3);
    });

    it('rolls back by history id, and not under auto-sync', async () => {
      harness.repositories.commit({
        repoUrl: REPO,
        files: overlay({ name: 'payment', tag: '2.0.0' }),
      });
      await harness.argocd.settled();
      await post(`${payment}/sync`);
      await harness.argocd.settled();
      const unknown = await post(`${payment}/rollback`, { id: 99 });
      expect(unknown.body.code).toBe(3);
      await post(`${payment}/rollback`, { id: 0 });
      await harness.argocd.settled();
      const { body } = await harness.call(payment);
      expect(body.status.summary.images).toEqual(['shop/payment:1.0.0']);
      expect(body.status.sync.status).toBe('OutOfSync');
      const refused = await post('/api/v1/applications/checkout-dev/rollback', {
        id: 0,
      });
      expect(refused.body).toMatchObject({
        code: 9,
        message: 'rollback cannot be initiated when auto-sync is enabled',
      });
    });
  });

  describe('what an application consists of', () => {
    it('shows Deployment, ReplicaSet and Pods as a tree', async () => {
      const { body } = await harness.call(`${payment}/resource-tree`);
      const kinds = body.nodes.map((node: { kind: string }) => node.kind);
      expect(kinds).toEqual(
        expect.arrayContaining(['Deployment', 'ReplicaSet', 'Pod', 'Service']),
      );
      const pod = body.nodes.find(
        (node: { kind: string }) => node.kind === 'Pod',
      );
      expect(pod.parentRefs[0].kind).toBe('ReplicaSet');
    });

    it('gives states as text, predicted beside live', async () => {
      await harness.argocd.drift({ application: 'payment-production' });
      const { body } = await harness.call(
        `${payment}/managed-resources?kind=Deployment`,
      );
      const [item] = body.items;
      expect(item.modified).toBe(true);
      expect(JSON.parse(item.normalizedLiveState).spec.replicas).toBe(3);
      expect(JSON.parse(item.predictedLiveState).spec.replicas).toBe(2);
    });

    it('tells who made a revision', async () => {
      const { revision } = harness.argocd.applications()[0];
      const { body } = await harness.call(
        `${payment}/revisions/${revision}/metadata`,
      );
      expect(body).toEqual({
        author: 'Dana Vega <dana@slipway.example>',
        date: '2026-11-22T10:00:00Z',
        message: 'Change',
      });
    });
  });

  describe('faults', () => {
    it('refuses connections while it is down, and comes back unchanged', async () => {
      await harness.argocd.faults.setDown(true);
      await expect(harness.call(payment)).rejects.toThrow();
      await harness.argocd.faults.setDown(false);
      expect((await harness.call(payment)).status).toBe(200);
    });

    it('expires every token, and renews them', async () => {
      harness.argocd.faults.expireTokens();
      const { status, body } = await harness.call(payment);
      expect(status).toBe(401);
      expect(body).toMatchObject({
        code: 16,
        message: 'invalid session: token has invalid claims: token is expired',
      });
      const fresh = await harness.argocd.issueToken('portal-read');
      expect((await harness.call(payment, { token: fresh })).status).toBe(200);
      harness.argocd.faults.renewTokens();
      expect((await harness.call(payment)).status).toBe(200);
    });

    it('answers late when it is told to', async () => {
      harness.argocd.faults.setDelay(150);
      const start = Date.now();
      await harness.call(payment);
      expect(Date.now() - start).toBeGreaterThanOrEqual(145);
    });
  });

  it('listens on both families of localhost', async () => {
    const { port } = new URL(harness.argocd.url);
    const status = await new Promise(resolve => {
      httpRequest(
        { host: '127.0.0.1', port, path: '/healthz', headers: json },
        response => {
          response.resume();
          resolve(response.statusCode);
        },
      ).end();
    });
    expect(status).toBe(200);
  });
});

describe('version 3.4.7', () => {
  it('A9: has neither revision nor source fields in its list', async () => {
    const harness = await startHarness({
      files,
      simulator: { version: 'v3.4.7' },
    });
    const fields =
      'items.metadata.name,items.status.sync.status,items.status.sync.revision,items.spec.source';
    try {
      const { body } = await harness.call(
        `/api/v1/applications?name=payment-production&fields=${fields}`,
      );
      expect(body.items).toEqual([
        {
          metadata: { name: 'payment-production' },
          status: { sync: { status: 'Synced' } },
        },
      ]);
    } finally {
      await harness.close();
    }
  });
});
