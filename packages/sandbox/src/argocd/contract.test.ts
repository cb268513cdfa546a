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
import { SwaggerValidator, whyNoContracts } from './__testUtils__/swagger';

const noContracts = whyNoContracts();
const contract = noContracts ? describe.skip : describe;

const files = {
  ...tree({
    checkout: applicationManifest({
      name: 'checkout-dev',
      path: 'apps/checkout/overlays/dev',
      automated: { prune: true, selfHeal: true },
      spec: {
        ignoreDifferences: [
          { group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/x'] },
        ],
      },
    }),
    payment: applicationManifest({
      name: 'payment-production',
      path: 'apps/payment/overlays/dev',
    }),
    broken: applicationManifest({ name: 'broken', path: 'apps/nowhere' }),
    hooked: applicationManifest({
      name: 'hooked',
      path: 'apps/hooked',
      project: 'shop',
      spec: { syncPolicy: { syncOptions: ['ServerSideApply=true'] } },
    }),
    shop: JSON.stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'shop', namespace: 'argocd' },
      spec: {
        sourceRepos: ['*'],
        sourceNamespaces: ['team-*'],
        destinations: [{ name: '*', namespace: '*' }],
        clusterResourceWhitelist: [],
        namespaceResourceBlacklist: [{ group: '', kind: 'LimitRange' }],
        roles: [
          {
            name: 'ci',
            policies: ['p, proj:shop:ci, applications, get, shop/*, allow'],
          },
        ],
        syncWindows: [
          {
            kind: 'deny',
            schedule: '* * * * *',
            duration: '1h',
            applications: ['*'],
            manualSync: true,
            timeZone: 'Europe/Berlin',
            description: 'Quiet hours',
            andOperator: true,
          },
        ],
      },
    }),
  }),
  ...service({ name: 'checkout', tag: '1.0.0' }),
  ...service({ name: 'payment', tag: '1.0.0' }),
  'apps/hooked/all.yaml': ['PreSync', 'SyncFail']
    .map(phase =>
      JSON.stringify({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name: phase.toLowerCase(),
          annotations: { 'argocd.argoproj.io/hook': phase },
        },
        spec: {
          template: {
            spec: { containers: [{ name: 'a', image: 'shop/a:1-broken' }] },
          },
        },
      }),
    )
    .join('\n---\n'),
};

contract(
  `answers against Argo CD's own document${
    noContracts ? ` (skipped: ${noContracts})` : ''
  }`,
  () => {
    let harness: Harness;
    let validator: SwaggerValidator;
    const payment = '/api/v1/applications/payment-production';

    beforeAll(async () => {
      validator = SwaggerValidator.create();
      harness = await startHarness({ files });
      harness.argocd.failNextSync({ application: 'payment-production' });
      await harness.call(`${payment}/sync`, { method: 'POST', body: {} });
      await harness.call('/api/v1/applications/hooked/sync', {
        method: 'POST',
        body: { infos: [{ name: 'a', value: 'b' }] },
      });
      await harness.call('/api/v1/projects/shop/roles/ci/token', {
        method: 'POST',
        body: {},
      });
      await harness.argocd.settled();
      harness.repositories.commit({
        repoUrl: REPO,
        files: overlay({ name: 'checkout', tag: '2.0.0' }),
      });
      await harness.argocd.settled();
      await harness.argocd.drift({ application: 'payment-production' });
      await harness.argocd.settled();
    });
    afterAll(() => harness.close());

    it.each([
      ['/api/version', 'versionVersionMessage'],
      ['/api/v1/session/userinfo', 'sessionGetUserInfoResponse'],
      [
        '/api/v1/account/can-i/applications/sync/default/x',
        'accountCanIResponse',
      ],
      ['/api/v1/settings', 'clusterSettings'],
      ['/api/v1/clusters', 'v1alpha1ClusterList'],
      ['/api/v1/clusters/dev?id.type=name', 'v1alpha1Cluster'],
      ['/api/v1/projects', 'v1alpha1AppProjectList'],
      ['/api/v1/projects/default', 'v1alpha1AppProject'],
      ['/api/v1/projects/default/syncwindows', 'projectSyncWindowsResponse'],
      ['/api/v1/projects/shop/syncwindows', 'projectSyncWindowsResponse'],
      ['/api/v1/projects/shop', 'v1alpha1AppProject'],
      ['/api/v1/repositories', 'v1alpha1RepositoryList'],
      ['/api/v1/applications', 'v1alpha1ApplicationList'],
      ['/api/v1/applications?projects=none', 'v1alpha1ApplicationList'],
      ['/api/v1/applications/checkout-dev', 'v1alpha1Application'],
      ['/api/v1/applications/broken', 'v1alpha1Application'],
      ['/api/v1/applications/root', 'v1alpha1Application'],
      ['/api/v1/applications/hooked', 'v1alpha1Application'],
      [
        '/api/v1/applications/hooked/syncwindows',
        'applicationApplicationSyncWindowsResponse',
      ],
      [payment, 'v1alpha1Application'],
      [`${payment}/resource-tree`, 'v1alpha1ApplicationTree'],
      [`${payment}/managed-resources`, 'applicationManagedResourcesResponse'],
      [`${payment}/manifests`, 'repositoryManifestResponse'],
      [`${payment}/revisions/REVISION/metadata`, 'v1alpha1RevisionMetadata'],
      [`${payment}/syncwindows`, 'applicationApplicationSyncWindowsResponse'],
    ])('%s is a %s', async (path, definition) => {
      const { revision } = harness.argocd
        .applications()
        .find(({ name }) => name === 'payment-production')!;
      const { status, body } = await harness.call(
        path.replace('REVISION', String(revision)),
      );
      expect(status).toBe(200);
      expect(validator.errors(definition, body)).toEqual([]);
    });

    it('tokens are token responses', async () => {
      for (const [path, definition] of [
        ['/api/v1/projects/shop/roles/ci/token', 'projectProjectTokenResponse'],
        ['/api/v1/account/portal-read/token', 'accountCreateTokenResponse'],
      ]) {
        const { status, body } = await harness.call(path, {
          method: 'POST',
          body: { expiresIn: 60 },
        });
        expect(status).toBe(200);
        expect(validator.errors(definition, body)).toEqual([]);
      }
    });

    it('errors are runtime errors', async () => {
      const { body } = await harness.call('/api/v1/applications/none');
      expect(validator.errors('runtimeError', body)).toEqual([]);
    });

    it('the answers to sync, rollback and terminate are what they should be', async () => {
      const post = (path: string, body: unknown) =>
        harness.call(`${payment}/${path}`, { method: 'POST', body });
      const synced = await post('sync', { prune: true });
      expect(validator.errors('v1alpha1Application', synced.body)).toEqual([]);
      await harness.argocd.settled();
      const back = await post('rollback', { id: 0 });
      expect(back.status).toBe(200);
      expect(validator.errors('v1alpha1Application', back.body)).toEqual([]);
      await harness.argocd.settled();
    });

    it('every event of the stream is a watch event', async () => {
      const token = await harness.argocd.issueToken('portal-read');
      const abort = new AbortController();
      const response = await fetch(
        `${harness.argocd.url}/api/v1/stream/applications`,
        {
          signal: abort.signal,
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'text/event-stream',
          },
        },
      );
      let text = '';
      const reading = (async () => {
        const decoder = new TextDecoder();
        for await (const chunk of response.body!) {
          text += decoder.decode(chunk as Uint8Array, { stream: true });
        }
      })().catch(() => {});
      const events = () =>
        text
          .split('\n')
          .filter(line => line.startsWith('data: ') && line.endsWith('} '))
          .map(line => JSON.parse(line.slice(6)));
      await until(events, seen => seen.length >= 4);
      harness.repositories.commit({
        repoUrl: REPO,
        files: overlay({ name: 'checkout', tag: '3.0.0' }),
      });
      await harness.argocd.settled();
      const seen = await until(events, all => all.length > 8);
      abort.abort();
      await reading;
      for (const { result } of seen) {
        expect(
          validator.errors('v1alpha1ApplicationWatchEvent', result),
        ).toEqual([]);
      }
    });

    it('notices a field that Argo CD does not know', () => {
      expect(
        validator.errors('v1alpha1Application', {
          metadata: { name: 'x' },
          status: { sync: { status: 'Synced', comparedTo: {}, invented: 1 } },
        }),
      ).toEqual([expect.stringContaining('invented')]);
    });
  },
);
