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

function project(name: string, spec: Record<string, unknown> = {}): string {
  return JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name, namespace: 'argocd' },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ name: '*', namespace: '*' }],
      ...spec,
    },
  });
}

const files = {
  ...tree({
    shop: project('shop', {
      sourceNamespaces: ['team-*'],
      roles: [
        {
          name: 'ci',
          policies: [
            'p, proj:shop:ci, applications, get, shop/*, allow',
            'p, proj:shop:ci, applications, sync, shop/cart, allow',
          ],
        },
      ],
    }),
    secret: project('secret'),
    frozen: project('frozen', {
      syncWindows: [
        {
          kind: 'deny',
          schedule: '* * * * *',
          duration: '1h',
          applications: ['*'],
        },
      ],
    }),
    cart: applicationManifest({
      name: 'cart',
      project: 'shop',
      path: 'apps/cart/overlays/dev',
      destination: { name: 'dev', namespace: 'cart' },
    }),
    hidden: applicationManifest({
      name: 'hidden',
      project: 'secret',
      path: 'apps/cart/overlays/dev',
      destination: { name: 'dev', namespace: 'hidden' },
    }),
    closed: applicationManifest({
      name: 'closed',
      project: 'frozen',
      path: 'apps/cart/overlays/dev',
      destination: { name: 'dev', namespace: 'closed' },
    }),
    teams: applicationManifest({
      name: 'cart',
      namespace: 'team-a',
      project: 'shop',
      path: 'apps/cart/overlays/dev',
      destination: { name: 'dev', namespace: 'team-a' },
    }),
    stray: applicationManifest({
      name: 'stray',
      namespace: 'elsewhere',
      project: 'shop',
      path: 'apps/cart/overlays/dev',
      destination: { name: 'dev', namespace: 'stray' },
    }),
    lost: applicationManifest({
      name: 'lost',
      project: 'nowhere',
      path: 'apps/cart/overlays/dev',
      destination: { name: 'dev', namespace: 'lost' },
    }),
  }),
  ...service({ name: 'cart', tag: '1.0.0' }),
};

/** Sees the project shop, and syncs one application of it. */
const policy = `
p, role:shopper, applications, get, shop/*, allow
p, role:shopper, applications, sync, shop/team-a/cart, allow
p, role:shopper, applications, get, frozen/*, allow
p, role:shopper, projects, get, shop, allow
g, portal-read, role:shopper
g, portal-act, role:readonly
p, role:portal-act, applications, sync, */*, allow
g, portal-act, role:portal-act
`;

describe('access', () => {
  let harness: Harness;
  let shopper: string;
  let act: string;

  beforeAll(async () => {
    harness = await startHarness({
      files,
      simulator: { applicationNamespaces: ['team-*'], accessPolicy: policy },
    });
    shopper = await harness.argocd.issueToken('portal-read');
    act = await harness.argocd.issueToken('portal-act');
  });
  afterAll(() => harness.close());

  const applications = '/api/v1/applications';

  function sync(name: string, options: { token: string; body?: unknown }) {
    return harness.call(`${applications}/${name}/sync`, {
      method: 'POST',
      body: options.body ?? {},
      token: options.token,
    });
  }

  it('leaves out of a list, without a word, what the caller may not see', async () => {
    const { body } = await harness.call(applications, { token: shopper });
    expect(
      body.items.map(
        ({ metadata }: { metadata: { name: string; namespace: string } }) =>
          `${metadata.namespace}/${metadata.name}`,
      ),
    ).toEqual(['argocd/cart', 'team-a/cart', 'argocd/closed']);
    const projects = await harness.call('/api/v1/projects', { token: shopper });
    expect(
      projects.body.items.map(
        ({ metadata }: { metadata: { name: string } }) => metadata.name,
      ),
    ).toEqual(['shop']);
    for (const path of ['/api/v1/clusters', '/api/v1/repositories']) {
      expect((await harness.call(path, { token: shopper })).body.items).toBe(
        null,
      );
    }
  });

  it('leaves out of the stream what the caller may not see', async () => {
    const abort = new AbortController();
    const response = await fetch(
      `${harness.argocd.url}/api/v1/stream/applications?fields=result.application.metadata.name`,
      {
        signal: abort.signal,
        headers: { authorization: `Bearer ${shopper}` },
      },
    );
    let text = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body!) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
      }
    })().catch(() => {});
    await until(
      () => text,
      seen => seen.includes('closed'),
    );
    abort.abort();
    await reading;
    expect(text).toContain('cart');
    expect(text).not.toMatch(/hidden|stray|lost|root/);
  });

  it('A2: tells who names no project nothing but that it is denied', async () => {
    for (const name of ['hidden', 'gone']) {
      const answer = await harness.call(`${applications}/${name}`, {
        token: shopper,
      });
      expect([answer.status, answer.body.message]).toEqual([
        403,
        'permission denied',
      ]);
    }
  });

  it.each([
    ['gone', 'shop', 404, 5],
    ['hidden', 'shop', 404, 5],
    ['cart', 'frozen', 404, 5],
    ['hidden', 'secret', 403, 7],
    ['gone', 'secret', 403, 7],
    ['cart', 'shop', 200, undefined],
  ])(
    'A2: answers for %s in project %s with %s and code %s',
    async (name, projectName, status, code) => {
      const answer = await harness.call(
        `${applications}/${name}?project=${projectName}`,
        { token: shopper },
      );
      expect([answer.status, answer.body.code]).toEqual([status, code]);
    },
  );

  it('tells who may see an application all about why it does not sync', async () => {
    const { status, body } = await sync('cart', { token: shopper });
    expect(status).toBe(403);
    expect(body).toMatchObject({
      code: 7,
      message: expect.stringMatching(
        /^permission denied: applications, sync, shop\/cart, sub: portal-read, iat: \d{4}-/,
      ),
    });
  });

  it('A4: asks the sync window before the permission', async () => {
    const { status, body } = await sync('closed', { token: shopper });
    expect([status, body.code, body.message]).toEqual([
      403,
      7,
      'cannot sync: blocked by sync window',
    ]);
  });

  it('asks for more than sync when manifests come with the request', async () => {
    const body = { manifests: ['{}'] };
    const denied = await sync('cart', { token: act, body });
    expect(denied.body.message).toMatch(
      /^permission denied: applications, override, shop\/cart, sub: portal-act/,
    );
    const admin = await harness.argocd.issueToken('admin');
    const refused = await sync('cart', { token: admin, body });
    expect([refused.status, refused.body.code]).toEqual([501, 12]);
  });

  it.each([
    ['GET', `${applications}/hidden`],
    ['GET', `${applications}/hidden?refresh=normal`],
    ['GET', `${applications}/hidden/resource-tree`],
    ['GET', `${applications}/hidden/managed-resources`],
    ['GET', `${applications}/hidden/manifests`],
    ['GET', `${applications}/hidden/syncwindows`],
    ['GET', `${applications}/hidden/revisions/HEAD/metadata`],
    ['POST', `${applications}/hidden/sync`],
    ['POST', `${applications}/hidden/rollback`],
    ['DELETE', `${applications}/hidden/operation`],
    ['POST', `${applications}/cart/rollback`],
    ['DELETE', `${applications}/cart/operation`],
    ['GET', '/api/v1/clusters/dev?id.type=name'],
  ])('denies %s %s to who may not', async (method, path) => {
    const { status, body } = await harness.call(path, {
      method,
      token: shopper,
      ...(method === 'GET' ? {} : { body: {} }),
    });
    expect([status, body.code, body.message]).toEqual([
      403,
      7,
      'permission denied',
    ]);
  });

  it('says which project it is that nobody may see', async () => {
    const { status, body } = await harness.call('/api/v1/projects/secret', {
      token: shopper,
    });
    expect(status).toBe(403);
    expect(body.message).toMatch(
      /^permission denied: projects, get, secret, sub: portal-read/,
    );
  });

  it('answers can-i by the same rules, and refuses words it does not know', async () => {
    const ask = (question: string) =>
      harness
        .call(`/api/v1/account/can-i/${question}`, { token: shopper })
        .then(({ status, body }) => body.value ?? `${status}/${body.code}`);
    expect(await ask('applications/sync/shop/cart')).toBe('no');
    expect(await ask('applications/sync/shop/team-a/cart')).toBe('yes');
    expect(await ask('projects/get/shop')).toBe('yes');
    expect(await ask('applications/dance/shop/cart')).toBe('400/3');
    expect(await ask('unicorns/get/shop')).toBe('400/3');
  });

  describe('to applications outside of the namespace of Argo CD', () => {
    const inTeam = `${applications}/cart?appNamespace=team-a`;

    it('says in its settings that there may be some', async () => {
      const { body } = await harness.call('/api/v1/settings');
      expect(body.appsInAnyNamespaceEnabled).toBe(true);
    });

    it('A13: follows appNamespace on every route', async () => {
      const home = await harness.call(`${applications}/cart`);
      const away = await harness.call(inTeam);
      expect(home.body.spec.destination.namespace).toBe('cart');
      expect(away.body.spec.destination.namespace).toBe('team-a');
      const tree_ = await harness.call(
        `${applications}/cart/resource-tree?appNamespace=team-a`,
      );
      expect(tree_.body.nodes[0].namespace).toBe('team-a');
      const windows = await harness.call(
        `${applications}/cart/syncwindows?appNamespace=team-a`,
      );
      expect(windows.body).toEqual({ canSync: true });
    });

    it('names the namespace in rules and refusals', async () => {
      const home = await sync('cart', { token: shopper });
      expect(home.status).toBe(403);
      const away = await sync('cart', {
        token: shopper,
        body: { appNamespace: 'team-a', project: 'shop' },
      });
      expect(away.status).toBe(200);
      await harness.argocd.settled();
    });

    it('denies a namespace that is not enabled by code 7, whoever asks', async () => {
      for (const query of ['', '&project=shop']) {
        const { status, body } = await harness.call(
          `${applications}/stray?appNamespace=elsewhere${query}`,
        );
        expect([status, body.code, body.message]).toEqual([
          403,
          7,
          'permission denied',
        ]);
      }
    });
  });

  it('does not know an application whose project is not there', async () => {
    const { status, body } = await harness.call(`${applications}/lost`);
    expect([status, body.code]).toEqual([400, 3]);
    expect(body.message).toBe(
      'app is not allowed in project "nowhere", or the project does not exist',
    );
  });

  describe('by tokens that somebody asks for', () => {
    const role = '/api/v1/projects/shop/roles/ci/token';

    async function issue(path: string, token?: string, body: unknown = {}) {
      return harness.call(path, { method: 'POST', body, token });
    }

    it('gives a role of a project a token that is good for that project', async () => {
      const { token } = (await issue(role)).body;
      expect((await sync('cart', { token })).status).toBe(200);
      await harness.argocd.settled();
      const list = await harness.call(applications, { token });
      expect(list.body.items).toHaveLength(2);
      expect(
        (await harness.call(`${applications}/hidden`, { token })).status,
      ).toBe(403);
    });

    it('refuses the token of a role that the project has forgotten', async () => {
      const { token } = (await issue(role, undefined, { id: 'gone' })).body;
      harness.repositories.commit({
        repoUrl: REPO,
        files: { 'environments/dev/apps/shop.yaml': undefined },
      });
      await harness.argocd.settled();
      const admin = await harness.argocd.issueToken('admin');
      await harness.call(`${applications}/root/sync`, {
        method: 'POST',
        body: { prune: true },
        token: admin,
      });
      await harness.argocd.settled();
      const { status, body } = await harness.call(applications, { token });
      expect([status, body.message]).toEqual([
        401,
        'invalid session: token of role ci does not exist in project shop',
      ]);
      harness.repositories.commit({
        repoUrl: REPO,
        files: {
          'environments/dev/apps/shop.yaml':
            files['environments/dev/apps/shop.yaml'],
        },
      });
      await harness.argocd.settled();
    });

    it.each([
      ['/api/v1/projects/shop/roles/nobody/token', 404],
      ['/api/v1/projects/none/roles/ci/token', 404],
      ['/api/v1/account/nobody/token', 404],
    ])('does not know %s', async (path, status) => {
      expect((await issue(path)).status).toBe(status);
    });

    it('lets nobody but an admin make tokens of others', async () => {
      expect((await issue(role, shopper)).status).toBe(403);
      const other = '/api/v1/account/portal-act/token';
      expect((await issue(other, shopper)).status).toBe(403);
      const own = '/api/v1/account/portal-read/token';
      expect((await issue(own, shopper)).status).toBe(200);
      const { token } = (await issue(other)).body;
      const who = await harness.call('/api/v1/session/userinfo', { token });
      expect(who.body.username).toBe('portal-act');
    });
  });

  it('changes while it runs when the policy is extended, and back', async () => {
    harness.argocd.faults.extendPolicy([
      'p, role:portal-act, applications, sync, shop/*, deny',
    ]);
    expect((await sync('cart', { token: act })).status).toBe(403);
    expect(harness.argocd.faults.status().policy).toHaveLength(1);
    harness.argocd.faults.extendPolicy([]);
    expect((await sync('cart', { token: act })).status).toBe(200);
    await harness.argocd.settled();
    expect(() => harness.argocd.faults.extendPolicy(['nonsense'])).toThrow(
      /no line of an RBAC policy/,
    );
  });
});
