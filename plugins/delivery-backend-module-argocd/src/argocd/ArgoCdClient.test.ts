import { ServerResponse } from 'node:http';
import {
  aDeployment,
  anApplication,
  error,
  FakeArgoCd,
  html,
  json,
  sha,
} from '../__testUtils__';
import { ArgoCdClient, ArgoCdClientOptions } from './ArgoCdClient';
import { createCredentials } from './createCredentials';
import { StaticCredentials } from './credentials';

describe('ArgoCdClient', () => {
  let argo: FakeArgoCd;
  let client: ArgoCdClient;
  const { signal } = new AbortController();
  const address = { name: 'checkout', namespace: 'argocd' };

  function connect(options: Partial<ArgoCdClientOptions> = {}): ArgoCdClient {
    return ArgoCdClient.create({
      url: argo.url,
      credentials: StaticCredentials.create({ token: argo.token }),
      requestTimeout: 1_000,
      maxConcurrentRequests: 4,
      ...options,
    });
  }

  function answer(respond: (response: ServerResponse) => void) {
    argo.intercept = (_, response) => {
      respond(response);
      return true;
    };
  }

  beforeEach(async () => {
    argo = await FakeArgoCd.start();
    client = connect();
  });

  afterEach(async () => {
    await client.close();
    await argo.stop();
  });

  it('A1: takes a list of null for an empty one', async () => {
    await expect(client.listApplications({ signal })).resolves.toEqual([]);
  });

  it('A2: takes a 403 without project for "not found or no access"', async () => {
    await expect(
      client.getApplication({ ...address, signal }),
    ).rejects.toMatchObject({
      kind: 'not-found-or-forbidden',
      message: expect.stringMatching(/not found, or no access/i),
      retryable: false,
    });
  });

  it('A2: learns with the project whether it is missing or forbidden', async () => {
    await expect(
      client.getApplication({ ...address, project: 'payments', signal }),
    ).rejects.toMatchObject({ kind: 'not-found', httpStatus: 404, code: 5 });
    answer(r => error(r, 403, 7, 'permission denied: sub: portal'));
    await expect(
      client.getApplication({ ...address, project: 'payments', signal }),
    ).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.not.stringContaining('portal'),
    });
  });

  it.each([
    [
      400,
      9,
      'another operation is already in progress',
      'operation-in-progress',
      false,
    ],
    [400, 9, 'application is deleting', 'conflict', false],
    [400, 3, 'unknown rollback id', 'invalid-request', false],
    [409, 10, 'the object has been modified', 'conflict', true],
    [
      403,
      7,
      'cannot sync: blocked by sync window',
      'blocked-by-sync-window',
      false,
    ],
    [401, 16, 'invalid session: token is expired', 'unauthenticated', false],
    [429, 8, 'throttled', 'rate-limited', true],
    [500, 2, 'application refresh deadline exceeded', 'timeout', true],
    [500, 2, 'something else', 'server-error', true],
    [500, 13, 'internal', 'server-error', true],
    [501, 12, 'not implemented', 'unsupported', false],
    [503, 14, 'connection refused', 'unavailable', true],
    [504, 4, 'context deadline exceeded', 'timeout', true],
  ])(
    'A3, A4: tells HTTP %d with code %d apart: %s',
    async (httpStatus, code, message, kind, retryable) => {
      answer(r => error(r, httpStatus, code, message));
      await expect(
        client.getApplication({ ...address, project: 'payments', signal }),
      ).rejects.toMatchObject({
        name: 'ArgoCdError',
        kind,
        httpStatus,
        code,
        retryable,
      });
    },
  );

  it('A5: sends exactly application/json with a body', async () => {
    client = connect({
      credentials: createCredentials({
        credential: { type: 'login', username: 'ada', password: 'pass' },
        url: argo.url,
        timeout: 1_000,
      }),
    });
    argo.intercept = (request, response) => {
      if (request.path.endsWith('/session')) {
        json(response, 200, { token: argo.token });
        return true;
      }
      return false;
    };
    await client.listApplications({ signal });
    const [login] = argo.requests;
    expect(login.method).toBe('POST');
    expect(login.headers['content-type']).toBe('application/json');
    expect(JSON.parse(login.body)).toEqual({
      username: 'ada',
      password: 'pass',
    });
  });

  it.each([
    [415, 'Invalid content type', 'invalid-request'],
    [404, 'Not Found', 'unexpected-answer'],
    [502, 'bad gateway', 'unavailable'],
  ])('A5: reads the text of a %d for no JSON', async (status, text, kind) => {
    answer(r =>
      r.writeHead(status, { 'content-type': 'text/plain' }).end(text),
    );
    await expect(client.listApplications({ signal })).rejects.toMatchObject({
      kind,
      httpStatus: status,
      code: undefined,
    });
  });

  it('A5: takes a web page for a wrong URL', async () => {
    answer(html);
    await expect(client.listApplications({ signal })).rejects.toMatchObject({
      kind: 'unexpected-answer',
      message: expect.stringContaining('--rootpath'),
    });
  });

  it.each([
    ['truncated', '{"items":[{"metadata"'],
    ['of the wrong type', '{"items":{"a":1}}'],
    ['no object', '"hello"'],
    ['empty', ''],
  ])('refuses an answer that is %s', async (_, body) => {
    answer(r =>
      r.writeHead(200, { 'content-type': 'application/json' }).end(body),
    );
    await expect(client.listApplications({ signal })).rejects.toMatchObject({
      kind: 'unexpected-answer',
    });
  });

  it('takes the token to no other host', async () => {
    const other = await FakeArgoCd.start();
    try {
      answer(r => r.writeHead(307, { location: other.url }).end());
      await expect(client.listApplications({ signal })).rejects.toMatchObject({
        kind: 'unexpected-answer',
        httpStatus: 307,
      });
      expect(other.requests).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  it('does not wait for an answer for ever', async () => {
    client = connect({ requestTimeout: 100 });
    argo.intercept = () => true;
    await expect(client.listApplications({ signal })).rejects.toMatchObject({
      kind: 'timeout',
      retryable: true,
    });
  });

  it('does not wait for the end of an answer for ever', async () => {
    client = connect({ requestTimeout: 100 });
    answer(r =>
      r.writeHead(200, { 'content-type': 'application/json' }).write('{"it'),
    );
    await expect(client.listApplications({ signal })).rejects.toMatchObject({
      kind: 'timeout',
    });
  });

  it('says why there is no connection', async () => {
    await argo.stop();
    await expect(client.listApplications({ signal })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(
        /Nothing listens at 127\.0\.0\.1:\d+ \(connection refused\)/,
      ),
    });
    await argo.listen();
  });

  it('says when it is not TLS that is spoken', async () => {
    client = connect({ url: argo.url.replace('http:', 'https:') });
    await expect(client.listApplications({ signal })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('TLS'),
    });
  });

  it('rejects with the reason of an abort', async () => {
    argo.intercept = () => true;
    const controller = new AbortController();
    const reason = new Error('stop');
    const pending = client.listApplications({ signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    await expect(pending).rejects.toBe(reason);
  });

  it('reads an application, its workloads and a commit', async () => {
    argo.put(anApplication(), [
      aDeployment({}),
      { kind: 'ConfigMap', name: 'settings', liveState: '{}' },
    ]);
    const project = 'payments';
    await expect(
      client.getApplication({ ...address, project, signal }),
    ).resolves.toMatchObject({ metadata: { uid: 'uid-checkout' } });
    await expect(
      client.managedResources({
        ...address,
        project,
        group: 'apps',
        kind: 'Deployment',
        signal,
      }),
    ).resolves.toEqual([expect.objectContaining({ name: 'checkout' })]);
    await expect(
      client.revisionMetadata({
        ...address,
        project,
        revision: sha('a'),
        signal,
      }),
    ).resolves.toMatchObject({ message: `commit ${sha('a')}` });
  });

  it('tells a session from a stranger, and knows the version', async () => {
    await expect(client.userInfo({ signal })).resolves.toMatchObject({
      loggedIn: true,
    });
    argo.token = 'another';
    await expect(client.userInfo({ signal })).resolves.toMatchObject({
      loggedIn: false,
    });
    await expect(client.version({ signal })).resolves.toBe('v3.5.1');
  });

  it.each(['..', '.', '', '../clusters', 'a/b', 'a?b#c', '%2e%2e', 'a b'])(
    'asks for nothing but an application, when its name is %j',
    async name => {
      await client
        .getApplication({ name, namespace: 'argocd', signal })
        .catch(() => {});
      for (const { path } of argo.requests) {
        const parts = path.split('/');
        expect(parts.slice(0, 4)).toEqual(['', 'api', 'v1', 'applications']);
        expect(parts).toHaveLength(5);
        expect(decodeURIComponent(parts[4])).toBe(name);
      }
    },
  );

  it('keeps below a root path', async () => {
    const nested = await FakeArgoCd.start({ rootPath: '/tools/argocd' });
    const nestedClient = connect({ url: nested.url });
    try {
      nested.put(anApplication());
      await expect(
        nestedClient.listApplications({ signal }),
      ).resolves.toHaveLength(1);
      await expect(
        nestedClient.getApplication({ ...address, name: '..', signal }),
      ).rejects.toMatchObject({ kind: 'invalid-request' });
      expect(nested.requests.map(request => request.path)).toEqual([
        '/tools/argocd/api/v1/applications',
      ]);
    } finally {
      await nestedClient.close();
      await nested.stop();
    }
  });

  it.each([
    [400, 9],
    [401, 16],
    [403, 7],
    [500, 2],
    [503, 14],
  ])(
    'puts no token into the error of a %d, wherever it comes back',
    async (status, code) => {
      const { token } = argo;
      answer(r => error(r, status, code, `it was ${token}, iat: 5`));
      const written = await writtenError();
      expect(written).toContain('ArgoCdError');
      expect(written).not.toContain(token);
    },
  );

  it.each([
    [401, 16],
    [403, 7],
  ])('names no account in the error of a %d', async (status, code) => {
    answer(r => error(r, status, code, 'denied, sub: portal, iat: 5'));
    const written = await writtenError();
    expect(written).toContain('ArgoCdError');
    expect(written).not.toMatch(/portal|iat/);
  });

  /** Everything that a log could write of an error. */
  async function writtenError(): Promise<string> {
    const failure = await client
      .listApplications({ signal })
      .catch(reason => reason);
    return `${failure.stack} ${JSON.stringify(failure)} ${failure.cause}`;
  }
});
