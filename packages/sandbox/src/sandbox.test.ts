import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './__testUtils__/command';
import { applicationName, releaseIn, scaleOf, servicesOf } from './model';
import type { PlatformId } from './model';
import { startSandbox } from './sandbox';
import type { Sandbox } from './sandbox';

jest.setTimeout(120_000);

const portalUrl = 'http://localhost:7007';

describe('a sandbox', () => {
  let dataDirectory: string;
  let sandbox: Sandbox;

  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'slipway-sandbox-'));
    sandbox = await startSandbox({
      dataDirectory,
      portalUrls: [portalUrl],
      oidc: false,
      speed: 20,
    });
  });
  afterAll(async () => {
    await sandbox.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  function find(name: string, instance: PlatformId = 'microservices') {
    return sandbox.argocd[instance]
      .applications()
      .find(application => application.name === name);
  }

  async function eventually<T>(
    read: () => T,
    isRight: (value: T) => boolean,
  ): Promise<T> {
    const end = Date.now() + 45_000;
    for (;;) {
      const value = read();
      if (isRight(value)) {
        return value;
      }
      if (Date.now() > end) {
        throw new Error(`Still ${JSON.stringify(value)} after 45 seconds`);
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  async function control(
    path: string,
    init?: {
      method?: string;
      body?: unknown;
      headers?: Record<string, string>;
    },
  ) {
    const response = await fetch(`${sandbox.urls.control}${path}`, {
      method: init?.method ?? (init?.body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(init?.body === undefined
          ? {}
          : { 'content-type': 'application/json' }),
        ...init?.headers,
      },
      body:
        typeof init?.body === 'string' ? init.body : JSON.stringify(init?.body),
    });
    return { status: response.status, body: await response.json() };
  }

  describe('after its first start', () => {
    it('has every application, synced, healthy and with the images of the model', () => {
      const places = sandbox.model.platforms.flatMap(platform =>
        servicesOf(sandbox.model, platform.id).flatMap(service =>
          platform.environments.map(environment => ({
            platform,
            service,
            environment,
          })),
        ),
      );
      expect(places).toHaveLength(24 * 3 + 4 * 3);
      for (const { platform, service, environment } of places) {
        const name = applicationName(service, environment);
        const application = find(name, platform.id);
        // Argo CD reads images from pods, and the standby scheduler has none.
        const hasPods = scaleOf(service, environment).replicas > 0;
        const { tag } = releaseIn(service, environment.id) ?? { tag: 'none' };
        expect({
          ...application,
          isRightRelease: application?.images
            .join()
            .includes(`${service.name}:${tag}`),
        }).toMatchObject({
          name,
          syncStatus: 'Synced',
          healthStatus: 'Healthy',
          cluster: environment.cluster.name,
          isRightRelease: hasPods,
        });
      }
    });

    it('shows deployments of the past, not a first sync of today', async () => {
      const { url, token } = sandbox.credentials.argocd.microservices;
      const response = await fetch(
        `${url}/api/v1/applications/checkout-production`,
        { headers: { authorization: `Bearer ${token}` } },
      );
      const { status } = await response.json();
      expect(status.history).toHaveLength(3);
      for (const entry of status.history) {
        const age = Date.now() - Date.parse(entry.deployedAt);
        expect(age).toBeGreaterThan(3_600_000);
        expect(entry.initiatedBy).toMatchObject({
          username: 'helena.brandt@slipway.example',
        });
      }
    });

    it('gives credentials that nobody else can read, and that work', async () => {
      const text = await readFile(
        join(dataDirectory, 'credentials.json'),
        'utf8',
      );
      expect(JSON.parse(text)).toEqual(
        JSON.parse(JSON.stringify(sandbox.credentials)),
      );
      const mode = await run('stat', [
        '-c',
        '%a',
        join(dataDirectory, 'credentials.json'),
      ]);
      expect(mode.trim()).toBe('600');
      for (const { url, token, actToken, adminToken } of Object.values(
        sandbox.credentials.argocd,
      )) {
        for (const bearer of [token, actToken, adminToken]) {
          const response = await fetch(`${url}/api/v1/applications`, {
            headers: { authorization: `Bearer ${bearer}` },
          });
          expect(response.status).toBe(200);
        }
      }
    });

    it('offers a catalog that the credentials open', async () => {
      const { username, token } = sandbox.credentials.git;
      const response = await fetch(sandbox.urls.catalog, {
        headers: {
          authorization: `basic ${Buffer.from(`${username}:${token}`).toString(
            'base64',
          )}`,
        },
      });
      expect(await response.text()).toContain('kind: Location');
    });
  });

  it('deploys what a person pushes with plain git', async () => {
    const {
      url,
      developerUsername: username,
      developerToken: token,
    } = sandbox.credentials.git;
    const clone = join(dataDirectory, 'clone');
    const withToken = url.replace('://', `://${username}:${token}@`);
    await run('git', [
      'clone',
      '--quiet',
      `${withToken}/microservices/gitops.git`,
      clone,
    ]);
    const file = 'apps/catalog/overlays/dev/kustomization.yaml';
    await run('sed', ['-i', 's/newTag: .*/newTag: v99.0.0/', file], {
      cwd: clone,
    });
    await run(
      'git',
      [
        '-c',
        'user.name=Somebody',
        '-c',
        'user.email=somebody@slipway.example',
        'commit',
        '--quiet',
        '--all',
        '-m',
        'Release catalog v99.0.0 to development',
      ],
      { cwd: clone },
    );
    await run('git', ['push', '--quiet'], { cwd: clone });
    const deployed = await eventually(
      () => find('catalog-dev'),
      application =>
        application?.images.join() === 'registry.example.com/catalog:v99.0.0' &&
        application.syncStatus === 'Synced',
    );
    expect(deployed?.healthStatus).not.toBe('Degraded');
  });

  describe('by its scenarios', () => {
    afterEach(async () => {
      await sandbox.scenarios.run({ name: 'restore' });
    });

    it('releases a service, and takes the release back', async () => {
      const before = find('checkout-dev')?.images;
      const { body } = await control('/scenarios/new-commit', {
        body: { service: 'checkout', tag: 'v50.1.2' },
      });
      expect(body.message).toMatch(
        /^Tomas Okafor released checkout v50.1.2 to development \(commit [0-9a-f]{8}\)\. Argo CD syncs/,
      );
      await eventually(
        () => find('checkout-dev'),
        application =>
          application?.images.join() ===
          'registry.example.com/checkout:v50.1.2',
      );
      await sandbox.scenarios.run({ name: 'restore' });
      await eventually(
        () => find('checkout-dev')?.images,
        images => images?.join() === before?.join(),
      );
      expect(sandbox.scenarios.active()).toEqual([]);
    });

    it('commits in the name of the owning team', async () => {
      await sandbox.scenarios.run({
        name: 'new-commit',
        parameters: { service: 'n9-api' },
      });
      const log = await run('git', ['log', '-1', '--format=%an %s', 'main'], {
        cwd: sandbox.git.repository('n9/gitops').directory,
      });
      expect(log).toMatch(/^Hannah Cole Release n9-api v\S+ to staging\n$/);
    });

    it('leaves production OutOfSync until somebody syncs', async () => {
      const { message } = await sandbox.scenarios.run({
        name: 'new-commit',
        parameters: { service: 'order', environment: 'production' },
      });
      expect(message).toContain('synced by hand');
      const status = await eventually(
        () => find('order-production')?.syncStatus,
        found => found === 'OutOfSync',
      );
      expect(status).toBe('OutOfSync');
    });

    it('breaks a release, whose pods never become ready', async () => {
      await sandbox.scenarios.run({
        name: 'bad-image',
        parameters: { service: 'cart' },
      });
      await eventually(
        () => find('cart-staging')?.healthStatus,
        health => health === 'Degraded',
      );
      await sandbox.scenarios.run({ name: 'restore' });
      const health = await eventually(
        () => find('cart-staging')?.healthStatus,
        found => found === 'Healthy',
      );
      expect(health).toBe('Healthy');
    });

    it('lets production drift from Git, and back', async () => {
      await sandbox.scenarios.run({ name: 'drift' });
      await eventually(
        () => find('payment-production')?.syncStatus,
        status => status === 'OutOfSync',
      );
      await sandbox.scenarios.run({ name: 'restore' });
      const status = await eventually(
        () => find('payment-production')?.syncStatus,
        found => found === 'Synced',
      );
      expect(status).toBe('Synced');
    });

    it('lets a sync fail with the message of the cluster', async () => {
      await sandbox.scenarios.run({
        name: 'failed-sync',
        parameters: { application: 'search-staging', message: 'no room' },
      });
      const failed = await eventually(
        () => find('search-staging'),
        application => application?.operationPhase === 'Failed',
      );
      expect(failed?.syncStatus).toBe('OutOfSync');
    });

    it('deletes an application for good, and brings it back', async () => {
      await sandbox.scenarios.run({ name: 'application-deleted' });
      await eventually(
        () => find('review-staging'),
        application => application === undefined,
      );
      await sandbox.argocd.microservices.settled();
      expect(find('review-staging')).toBeUndefined();
      await sandbox.scenarios.run({ name: 'restore' });
      await eventually(
        () => find('review-staging')?.healthStatus,
        health => health === 'Healthy',
      );
    });

    it('takes one Argo CD down for a while, and leaves the other alone', async () => {
      const { microservices, n9 } = sandbox.argocd;
      await sandbox.scenarios.run({
        name: 'argocd-down',
        parameters: { seconds: 10 },
      });
      await expect(fetch(`${microservices.url}/healthz`)).rejects.toThrow();
      expect((await fetch(`${n9.url}/healthz`)).status).toBe(200);
      await eventually(
        () => sandbox.scenarios.active().length,
        count => count === 0,
      );
      expect((await fetch(`${microservices.url}/healthz`)).status).toBe(200);
    });

    it('expires tokens until they are restored', async () => {
      const { url, token } = sandbox.credentials.argocd.n9;
      const read = () =>
        fetch(`${url}/api/v1/applications`, {
          headers: { authorization: `Bearer ${token}` },
        }).then(response => response.status);
      await sandbox.scenarios.run({
        name: 'token-expired',
        parameters: { instance: 'n9' },
      });
      expect(await read()).toBe(401);
      await sandbox.scenarios.run({ name: 'restore' });
      expect(await read()).toBe(200);
    });

    it('delays answers and cuts streams, and restores both', async () => {
      const { faults } = sandbox.argocd.microservices;
      await sandbox.scenarios.run({
        name: 'argocd-slow',
        parameters: { milliseconds: 50 },
      });
      await sandbox.scenarios.run({ name: 'stream-cut' });
      expect(faults.status()).toMatchObject({
        delayMilliseconds: 50,
        streamsCutUntil: expect.any(String),
      });
      await sandbox.scenarios.run({ name: 'restore' });
      expect(faults.status()).toMatchObject({ delayMilliseconds: 0 });
      expect(faults.status().streamsCutUntil).toBeUndefined();
    });

    /** Asks for a sync as the portal does, when somebody acts in it. */
    async function act(
      path: string,
      options: { method?: string; instance?: PlatformId } = {},
    ) {
      const { method = 'POST', instance = 'microservices' } = options;
      const { url, actToken } = sandbox.credentials.argocd[instance];
      const response = await fetch(`${url}/api/v1/applications/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${actToken}`,
          'content-type': 'application/json',
        },
        ...(method === 'POST' ? { body: '{}' } : {}),
      });
      return { status: response.status, body: await response.json() };
    }

    it('lets a migration hang until somebody ends it, and heals', async () => {
      await sandbox.scenarios.run({ name: 'stuck-hook' });
      await eventually(
        () => find('pricing-staging')?.operationPhase,
        phase => phase === 'Running',
      );
      const blocked = await act('pricing-staging/sync');
      expect([blocked.status, blocked.body.code]).toEqual([400, 9]);
      const ended = await act('pricing-staging/operation', {
        method: 'DELETE',
      });
      expect(ended.status).toBe(200);
      await eventually(
        () => find('pricing-staging')?.operationPhase,
        phase => phase === 'Failed',
      );
      expect(find('pricing-staging')).toMatchObject({
        syncStatus: 'OutOfSync',
        healthStatus: 'Healthy',
      });
      await sandbox.scenarios.run({ name: 'restore' });
      await eventually(
        () => find('pricing-staging')?.syncStatus,
        status => status === 'Synced',
      );
    });

    it('knows which services can have a migration that hangs', async () => {
      const { status, body } = await control('/scenarios/stuck-hook', {
        body: { application: 'cart-dev' },
      });
      expect(status).toBe(404);
      expect(body.error.message).toContain('pricing and n9-api');
    });

    it('freezes production for everybody, and nothing else', async () => {
      const { message } = await sandbox.scenarios.run({
        name: 'freeze',
        parameters: { minutes: 30 },
      });
      expect(message).toMatch(/^Production of microservices is frozen until/);
      const windowsOf = async (application: string) => {
        const { url, token } = sandbox.credentials.argocd.microservices;
        const response = await fetch(
          `${url}/api/v1/applications/${application}/syncwindows`,
          { headers: { authorization: `Bearer ${token}` } },
        );
        return response.json();
      };
      for (const application of ['order-production', 'auth-production']) {
        while ((await windowsOf(application)).canSync) {
          await new Promise(resolve => setTimeout(resolve, 50));
        }
        const refused = await act(`${application}/sync`);
        expect([refused.status, refused.body.message]).toEqual([
          403,
          'cannot sync: blocked by sync window',
        ]);
      }
      expect(await windowsOf('order-staging')).toEqual({ canSync: true });
      await sandbox.scenarios.run({ name: 'restore' });
      while (!(await windowsOf('order-production')).canSync) {
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    });

    it('takes a right from the portal, and gives it back', async () => {
      await sandbox.scenarios.run({ name: 'permission-denied' });
      const refused = await act('order-production/sync');
      expect(refused.status).toBe(403);
      expect(refused.body.message).toMatch(
        /^permission denied: applications, sync, core-business\/order-production, sub: portal-act, iat: /,
      );
      expect((await act('auth-production/sync')).status).toBe(200);
      await sandbox.scenarios.run({ name: 'restore' });
      expect((await act('order-production/sync')).status).toBe(200);
      await sandbox.argocd.microservices.settled();
    });

    it('lets the portal act on services, and not on the roots', async () => {
      expect((await act('root-production/sync')).status).toBe(403);
      expect(
        (await act('n9-worker-production/sync', { instance: 'n9' })).status,
      ).toBe(200);
      await sandbox.argocd.n9.settled();
    });

    it('takes somebody out of a group in the catalog, and puts them back', async () => {
      const repository = sandbox.git.repository('slipway/catalog');
      const users = async () => {
        const commit = String(await repository.resolve('main'));
        const file = await repository.readFile({
          commit,
          path: 'organization/users.yaml',
        });
        return String(file?.content);
      };
      const before = await users();
      await sandbox.scenarios.run({ name: 'groups-changed' });
      const after = await users();
      const lines = (text: string) => text.split('\n');
      expect(lines(after)).toHaveLength(lines(before).length - 1);
      expect(
        lines(before).filter(line => !lines(after).includes(line)),
      ).toEqual([]);
      expect(
        after.split('---\n').find(text => text.includes('name: marco.silva')),
      ).not.toContain('operations');
      await sandbox.scenarios.run({ name: 'restore' });
      expect(await users()).toBe(before);
    });

    it('finds applications that live in a namespace of their team', async () => {
      expect(find('shipping-production')?.namespace).toBe('argocd-logistics');
      await sandbox.scenarios.run({
        name: 'drift',
        parameters: { application: 'shipping-production' },
      });
      await eventually(
        () => find('shipping-production')?.syncStatus,
        status => status === 'OutOfSync',
      );
      await sandbox.scenarios.run({ name: 'restore' });
      await eventually(
        () => find('shipping-production')?.syncStatus,
        status => status === 'Synced',
      );
    });

    it("does not undo what somebody changed in the scenario's file since", async () => {
      await sandbox.scenarios.run({
        name: 'new-commit',
        parameters: { service: 'tax', tag: 'v7.0.0' },
      });
      await sandbox.git.commit({
        repository: 'microservices/gitops',
        commit: {
          author: { name: 'Somebody', email: 'somebody@slipway.example' },
          message: 'Carry on',
          date: new Date(),
          files: new Map([
            ['apps/tax/overlays/dev/kustomization.yaml', '# mine\n'],
          ]),
        },
      });
      await sandbox.scenarios.run({ name: 'restore' });
      const repository = sandbox.git.repository('microservices/gitops');
      const commit = String(await repository.resolve('main'));
      const file = await repository.readFile({
        commit,
        path: 'apps/tax/overlays/dev/kustomization.yaml',
      });
      expect(file?.content.toString()).toBe('# mine\n');
    });
  });

  describe('through its control server', () => {
    it('lists every scenario with its parameters', async () => {
      const { body } = await control('/scenarios');
      expect(body.items.map((item: { name: string }) => item.name)).toEqual([
        'new-commit',
        'bad-image',
        'drift',
        'failed-sync',
        'argocd-down',
        'argocd-slow',
        'token-expired',
        'stream-cut',
        'application-deleted',
        'stuck-hook',
        'freeze',
        'permission-denied',
        'groups-changed',
        'session-ended',
        'restore',
      ]);
      expect(body.items[4]).toMatchObject({
        title: 'Argo CD is down',
        description: expect.stringContaining('Look at'),
        parameters: [
          {
            name: 'instance',
            options: ['microservices', 'n9'],
            default: 'microservices',
          },
          { name: 'seconds', type: 'number', default: 60 },
        ],
      });
    });

    it('changes the speed', async () => {
      const { body } = await control('/speed', { body: { speed: 25 } });
      expect(body).toEqual({ speed: 25 });
      expect(sandbox.clock.speed).toBe(25);
    });

    it('tells how things are', async () => {
      const { body } = await control('/status');
      expect(body).toMatchObject({
        services: 28,
        urls: { git: sandbox.urls.git },
        argocd: { n9: { faults: { down: false } } },
        scenarios: [],
      });
    });

    it.each<[string, unknown, number, RegExp]>([
      ['/speed', { speed: 0 }, 400, /field 'speed': must be above 0/],
      ['/speed', { speed: 'fast' }, 400, /field 'speed': .*expected number/],
      [
        '/speed',
        { sped: 2 },
        400,
        /there is no field 'sped'.*fields are speed/,
      ],
      ['/speed', '{"speed":', 400, /The body is not JSON/],
      [
        '/scenarios/nothing',
        {},
        404,
        /no scenario 'nothing'; there are new-commit/,
      ],
      ['/scenarios/restore', { all: true }, 400, /leave the body empty/],
      [
        '/scenarios/new-commit',
        { service: 'nobody' },
        404,
        /no service 'nobody'/,
      ],
      [
        '/scenarios/new-commit',
        { service: 'n9-api', environment: 'development' },
        404,
        /has no environment 'development'; it has staging, production, recovery/,
      ],
      [
        '/scenarios/new-commit',
        { tag: 'not a tag' },
        400,
        /field 'tag': must be a valid image tag/,
      ],
      [
        '/scenarios/drift',
        { application: 'checkout' },
        404,
        /field 'application': there is no application 'checkout'/,
      ],
      [
        '/scenarios/permission-denied',
        { project: 'default' },
        404,
        /no project 'default' in microservices; there are core-business, platform/,
      ],
      [
        '/scenarios/groups-changed',
        { group: 'n9-core' },
        400,
        /'marco.silva' is not in 'n9-core', but in operations, on-call/,
      ],
      [
        '/scenarios/groups-changed',
        { person: 'casey.quinn' },
        404,
        /'casey.quinn' is not in the catalog/,
      ],
      ['/scenarios/session-ended', {}, 400, /runs without an OpenID provider/],
      [
        '/scenarios/argocd-down',
        { instance: 'other' },
        400,
        /field 'instance': .*"microservices"\|"n9"/,
      ],
      ['/elsewhere', {}, 404, /There is no POST \/elsewhere/],
    ])(
      'answers POST %s %j with %i and the reason',
      async (path, body, status, reason) => {
        const answer = await control(path, { body });
        expect(answer.status).toBe(status);
        expect(answer.body.error.message).toMatch(reason);
      },
    );

    it('wants JSON', async () => {
      const answer = await control('/speed', {
        body: 'speed=3',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(answer.status).toBe(415);
    });

    it('refuses pages of other sites, and takes those of the portal', async () => {
      const speed = sandbox.clock.speed;
      for (const [origin, status] of [
        ['https://evil.example', 403],
        ['http://localhost:1', 403],
        ['null', 403],
        [portalUrl, 200],
        [sandbox.urls.control, 200],
      ] as const) {
        const answer = await control('/speed', {
          body: { speed },
          headers: { origin },
        });
        expect([origin, answer.status]).toEqual([origin, status]);
      }
    });

    it('refuses to be addressed by another name', async () => {
      const port = new URL(sandbox.urls.control).port;
      const status = (host: string) =>
        run('curl', [
          '--silent',
          '--output',
          '/dev/null',
          '--write-out',
          '%{http_code}',
          '--header',
          `Host: ${host}`,
          `http://127.0.0.1:${port}/status`,
        ]);
      expect(await status(`localhost:${port}`)).toBe('200');
      expect(await status(`[::1]:${port}`)).toBe('200');
      expect(await status(`evil.example:${port}`)).toBe('403');
      expect(await status('localhost.evil.example')).toBe('403');
    });
  });

  it('keeps its data, its secrets and its active scenarios when started again', async () => {
    await sandbox.scenarios.run({
      name: 'new-commit',
      parameters: { service: 'media', tag: 'v8.8.8' },
    });
    await eventually(
      () => find('media-dev'),
      application =>
        application?.images.join().endsWith('v8.8.8') === true &&
        application.syncStatus === 'Synced' &&
        application.healthStatus === 'Healthy',
    );
    const { git, oidc } = sandbox.credentials;
    await sandbox.stop();
    sandbox = await startSandbox({ dataDirectory, oidc: false, speed: 20 });
    expect(sandbox.credentials.git.token).toBe(git.token);
    expect(sandbox.credentials.oidc.clientSecret).toBe(oidc.clientSecret);
    expect(sandbox.git.url).not.toBe(git.url);
    // The ports are others, so the manifests name another Git server now, and
    // projects may know it a moment before applications do.
    await eventually(
      () => find('media-dev')?.syncStatus,
      status => status === 'Synced',
    );
    expect(find('media-dev')?.images.join()).toContain('v8.8.8');
    expect(sandbox.scenarios.active()).toMatchObject([{ name: 'new-commit' }]);

    await sandbox.scenarios.run({ name: 'restore' });
    await eventually(
      () => find('media-dev')?.images.join() ?? 'v8.8.8',
      images => !images.includes('v8.8.8'),
    );
  });

  it('refuses a data folder that was made with other services', async () => {
    await expect(
      startSandbox({ dataDirectory, oidc: false, services: 40 }),
    ).rejects.toThrow(/was made with --services 28: .*--fresh/);
  });

  it('does not delete a folder that it did not make', async () => {
    await expect(
      startSandbox({ dataDirectory: __dirname, oidc: false, fresh: true }),
    ).rejects.toThrow(/no sandbox made it/);
  });
});
