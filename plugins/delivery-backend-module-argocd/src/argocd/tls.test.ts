import { createServer as createProxy, Server as ProxyServer } from 'node:http';
import { createServer, Server } from 'node:https';
import { AddressInfo, connect as connectTo, Socket } from 'node:net';
import { DateTime } from 'luxon';
import {
  createAuthority,
  runInProcess,
  ServerNames,
  TestAuthority,
} from '../__testUtils__';
import { ArgoCdClient } from './ArgoCdClient';
import { createCredentials } from './createCredentials';

const { signal } = new AbortController();
const LOCAL: ServerNames = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
];

describe('the connection to an Argo CD with a certificate of its own authority', () => {
  let authority: TestAuthority;
  const open: Array<() => unknown> = [];
  const environment = { ...process.env };

  beforeAll(async () => {
    authority = await createAuthority();
  });

  afterEach(async () => {
    process.env = { ...environment };
    for (const close of open.splice(0).reverse()) {
      await close();
    }
  });

  /** Serves over TLS; counts what reaches it beyond the handshake. */
  async function serve(options: {
    names?: ServerNames;
    notBefore?: DateTime;
    notAfter?: DateTime;
  }): Promise<{ port: number; requests: string[] }> {
    const { names = LOCAL, ...validity } = options;
    const requests: string[] = [];
    const server = createServer(
      await authority.issue({ names, ...validity }),
      (request, response) => {
        requests.push(`${request.method} ${request.url}`);
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(
          request.method === 'POST'
            ? '{"token":"a.b.c"}'
            : '{"Version":"v3.5.1"}',
        );
      },
    );
    return { port: await listen(server), requests };
  }

  async function listen(server: Server | ProxyServer): Promise<number> {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    open.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  function read(options: {
    url: string;
    ca?: string;
    login?: boolean;
  }): Promise<string | undefined> {
    const { url, ca } = options;
    const client = ArgoCdClient.create({
      url,
      ca,
      credentials: createCredentials({
        credential: options.login
          ? { type: 'login', username: 'ada', password: 'secret' }
          : { type: 'token', token: 'a.b.c' },
        url,
        ca,
        timeout: 2_000,
      }),
      requestTimeout: 2_000,
      maxConcurrentRequests: 2,
    });
    open.push(() => client.close());
    return client.version({ signal });
  }

  it('is made when the authority is the configured one', async () => {
    const { port } = await serve({});
    const ca = authority.pem;
    await expect(read({ url: `https://127.0.0.1:${port}`, ca })).resolves.toBe(
      'v3.5.1',
    );
    await expect(
      read({ url: `https://localhost:${port}`, ca, login: true }),
    ).resolves.toBe('v3.5.1');
  });

  it('is made when it is one of several', async () => {
    const { port } = await serve({});
    const other = await createAuthority({ name: 'Another authority' });
    await expect(
      read({
        url: `https://127.0.0.1:${port}`,
        ca: `${other.pem}\n${authority.pem}`,
      }),
    ).resolves.toBe('v3.5.1');
  });

  it('is refused without the authority, and says what to do', async () => {
    const { port, requests } = await serve({});
    for (const login of [false, true]) {
      await expect(
        read({ url: `https://127.0.0.1:${port}`, login }),
      ).rejects.toMatchObject({
        kind: 'unreachable',
        message: expect.stringMatching(/not signed by an authority.*caData/),
      });
    }
    expect(requests).toEqual([]);
  });

  it('is refused with another authority', async () => {
    const { port, requests } = await serve({});
    const other = await createAuthority();
    await expect(
      read({ url: `https://127.0.0.1:${port}`, ca: other.pem }),
    ).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('caData'),
    });
    expect(requests).toEqual([]);
  });

  it('is refused for another name, and says so', async () => {
    const { port, requests } = await serve({
      names: [{ type: 'dns', value: 'argocd.example.com' }],
    });
    await expect(
      read({ url: `https://127.0.0.1:${port}`, ca: authority.pem }),
    ).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/is for another name.*url/),
    });
    expect(requests).toEqual([]);
  });

  it('is refused when the certificate has expired, or is not valid yet', async () => {
    const now = DateTime.now();
    const expired = await serve({
      notBefore: now.minus({ days: 2 }),
      notAfter: now.minus({ days: 1 }),
    });
    await expect(
      read({ url: `https://127.0.0.1:${expired.port}`, ca: authority.pem }),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/has expired: renew it/),
    });
    const early = await serve({
      notBefore: now.plus({ hours: 1 }),
      notAfter: now.plus({ days: 1 }),
    });
    await expect(
      read({ url: `https://127.0.0.1:${early.port}`, ca: authority.pem }),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/not valid yet: check the clocks/),
    });
    expect([...expired.requests, ...early.requests]).toEqual([]);
  });

  it('is refused although the environment switches the check off', async () => {
    const { port, requests } = await serve({});
    const printed = await runInProcess({
      env: { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' },
      script: `
        const { HttpConnection } = require('./argocd/HttpConnection');
        const url = 'https://127.0.0.1:${port}';
        const connection = HttpConnection.create({
          url, connectTimeout: 2000, connections: 1, keepAlive: false,
        });
        const signal = AbortSignal.timeout(2000);
        (async () => {
          // Proof that the environment has an effect at all.
          const others = await fetch(url + '/others').then(r => r.status);
          const ours = await connection
            .send({ method: 'GET', parts: ['ours'], signal })
            .then(r => r.statusCode, error => error.code);
          console.log(others, ours);
          await connection.close();
        })();
      `,
    });
    expect(printed).toMatch(/^200 (?:UNABLE|SELF|DEPTH)_/);
    expect(requests).toEqual(['GET /others']);
  });

  describe('through an HTTP proxy', () => {
    /** Lets connections through to one port, whatever host is asked for. */
    async function proxyTo(
      port: number,
      answer = 'HTTP/1.1 200 Connection established\r\n\r\n',
    ): Promise<{ url: string; asked: string[] }> {
      const asked: string[] = [];
      const proxy = createProxy();
      proxy.on('connect', (request, socket: Socket) => {
        asked.push(request.url ?? '');
        const upstream = connectTo(port, '127.0.0.1', () => {
          socket.write(answer);
          upstream.pipe(socket).pipe(upstream);
        });
        const end = () => {
          upstream.destroy();
          socket.destroy();
        };
        for (const one of [socket, upstream]) {
          one.on('error', end).on('close', end);
        }
      });
      return { url: `http://127.0.0.1:${await listen(proxy)}`, asked };
    }

    const names: ServerNames = [{ type: 'dns', value: 'argocd.test' }];

    it('is checked against the configured authority from end to end', async () => {
      const { port } = await serve({ names });
      const proxy = await proxyTo(port);
      process.env.HTTPS_PROXY = proxy.url;
      const url = 'https://argocd.test:8443';
      await expect(read({ url, ca: authority.pem })).resolves.toBe('v3.5.1');
      expect(proxy.asked).toEqual(['argocd.test:8443']);
      await expect(read({ url })).rejects.toMatchObject({
        kind: 'unreachable',
        message: expect.stringContaining('caData'),
      });
    });

    it('is checked for its name too', async () => {
      const { port } = await serve({});
      const proxy = await proxyTo(port);
      process.env.HTTPS_PROXY = proxy.url;
      await expect(
        read({ url: 'https://argocd.test', ca: authority.pem }),
      ).rejects.toMatchObject({
        message: expect.stringContaining('is for another name'),
      });
    });

    it('goes past the proxy for the hosts in NO_PROXY, and for this machine', async () => {
      const { port } = await serve({});
      const proxy = await proxyTo(port);
      process.env.HTTPS_PROXY = proxy.url;
      await expect(
        read({ url: `https://localhost:${port}`, ca: authority.pem }),
      ).resolves.toBe('v3.5.1');
      process.env.NO_PROXY = 'argocd.test';
      await expect(
        read({ url: 'https://argocd.test', ca: authority.pem }),
      ).rejects.toMatchObject({ message: expect.stringContaining('DNS') });
      process.env.NO_PROXY = '*';
      await expect(
        read({ url: `https://localhost:${port}`, ca: authority.pem }),
      ).resolves.toBe('v3.5.1');
      expect(proxy.asked).toEqual([]);
    });

    it('says that the proxy lets nothing through', async () => {
      const { port } = await serve({ names });
      const proxy = await proxyTo(
        port,
        'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n',
      );
      process.env.HTTPS_PROXY = proxy.url;
      await expect(
        read({ url: 'https://argocd.test', ca: authority.pem }),
      ).rejects.toMatchObject({
        kind: 'unreachable',
        message: expect.stringMatching(/proxy.*NO_PROXY/),
      });
    });
  });
});
