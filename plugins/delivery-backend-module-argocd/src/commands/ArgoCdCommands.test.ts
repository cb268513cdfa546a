import { mockServices } from '@backstage/backend-test-utils';
import {
  OPERATION_INFO_ACTION,
  SyncCommand,
} from '@slipway/plugin-delivery-node';
import { ServerResponse } from 'node:http';
import {
  anApplication,
  error,
  eventually,
  FakeArgoCd,
  html,
  SeenRequest,
  sha,
} from '../__testUtils__';
import { ArgoCdUpstream } from '../ArgoCdUpstream';
import { ArgoCdInstanceConfig } from '../config';
import { ArgoCdCommands } from './ArgoCdCommands';

const { signal } = new AbortController();
const at = {
  id: { instance: 'main', namespace: 'argocd', name: 'checkout' },
  project: 'payments',
  signal,
};
const plain: SyncCommand = {
  dryRun: false,
  prune: false,
  force: false,
  extraSyncOptions: [],
  infos: { [OPERATION_INFO_ACTION]: 'action-1' },
};
const running = {
  operation: { sync: { revision: sha('b') } },
  status: { operationState: { phase: 'Running', finishedAt: undefined } },
};

describe('ArgoCdCommands', () => {
  let argo: FakeArgoCd;
  let logger: ReturnType<typeof mockServices.logger.mock>;
  const open: ArgoCdUpstream[] = [];

  function connect(config: Partial<ArgoCdInstanceConfig> = {}): ArgoCdCommands {
    const upstream = ArgoCdUpstream.create({
      config: { ...configOf(argo), ...config },
      logger,
    });
    open.push(upstream);
    if (!upstream.commands) {
      throw new Error('the upstream is read only');
    }
    return upstream.commands;
  }

  /** Requests that are not those of the probe, which runs beside the others. */
  const asked = (): SeenRequest[] =>
    argo.requests.filter(({ path }) => !/userinfo|can-i/.test(path));

  function answer(
    respond: (response: ServerResponse) => void,
    when: (request: SeenRequest) => boolean = () => true,
  ): void {
    argo.intercept = (request, response) => {
      if (!when(request)) {
        return false;
      }
      respond(response);
      return true;
    };
  }

  const isAct = ({ method, query }: SeenRequest) =>
    method !== 'GET' || query.has('refresh');

  beforeEach(async () => {
    argo = await FakeArgoCd.start();
    logger = mockServices.logger.mock();
    logger.child.mockReturnValue(logger);
  });

  afterEach(async () => {
    for (const upstream of open.splice(0)) {
      await upstream.close();
    }
    await argo.stop();
  });

  describe('sync', () => {
    it('A5, B19: sends what was asked for and nothing else', async () => {
      argo.put(anApplication());
      await connect().sync({
        ...at,
        command: { ...plain, dryRun: true, prune: true, force: true },
      });
      expect(asked()).toHaveLength(1);
      const [request] = asked();
      expect(request).toMatchObject({
        method: 'POST',
        path: '/api/v1/applications/checkout/sync',
      });
      expect(request.headers['content-type']).toBe('application/json');
      expect(JSON.parse(request.body)).toEqual({
        appNamespace: 'argocd',
        project: 'payments',
        dryRun: true,
        prune: true,
        strategy: { hook: { force: true } },
        infos: [{ name: OPERATION_INFO_ACTION, value: 'action-1' }],
      });
    });

    it('B17, B19, B20: sends no revision, resource, retry or option that nobody asked for', async () => {
      argo.put(anApplication());
      await connect().sync({ ...at, command: plain });
      expect(JSON.parse(asked()[0].body)).toEqual({
        appNamespace: 'argocd',
        project: 'payments',
        dryRun: false,
        prune: false,
        infos: [{ name: OPERATION_INFO_ACTION, value: 'action-1' }],
      });
    });

    it("B20: sends the application's own options along with further ones", async () => {
      argo.put(
        anApplication({
          spec: {
            syncPolicy: {
              syncOptions: ['CreateNamespace=true', 'ServerSideApply=false'],
            },
          },
        }),
      );
      await connect().sync({
        ...at,
        command: {
          ...plain,
          extraSyncOptions: ['ServerSideApply=true', 'ApplyOutOfSyncOnly=true'],
        },
      });
      expect(JSON.parse(asked().at(-1)?.body ?? '').syncOptions).toEqual({
        items: [
          'CreateNamespace=true',
          'ServerSideApply=true',
          'ApplyOutOfSyncOnly=true',
        ],
      });
    });

    it('B20: does not sync when the own options cannot be read', async () => {
      argo.put(anApplication());
      answer(
        r => error(r, 503, 14, 'down'),
        ({ method }) => method === 'GET',
      );
      await expect(
        connect().sync({
          ...at,
          command: { ...plain, extraSyncOptions: ['ServerSideApply=true'] },
        }),
      ).rejects.toMatchObject({ kind: 'unavailable', mayHaveHappened: false });
      expect(asked().filter(isAct)).toEqual([]);
    });

    it('A3: tells another operation from a wrong request', async () => {
      argo.put(anApplication(running));
      await expect(
        connect().sync({ ...at, command: plain }),
      ).rejects.toMatchObject({
        name: 'UpstreamCommandError',
        kind: 'operation-in-progress',
        mayHaveHappened: false,
        message: expect.stringContaining('wait until it is over'),
      });
    });

    it('A3: calls any other state a conflict, in the words of Argo CD', async () => {
      answer(r => error(r, 400, 9, 'application is deleting'));
      await expect(
        connect().sync({ ...at, command: plain }),
      ).rejects.toMatchObject({
        kind: 'conflict',
        mayHaveHappened: false,
        message: expect.stringContaining('application is deleting'),
      });
      answer(r => error(r, 409, 10, 'the object has been modified'));
      await expect(
        connect().sync({ ...at, command: plain }),
      ).rejects.toMatchObject({ kind: 'conflict', mayHaveHappened: false });
    });

    it('A3: asks once, whatever comes back', async () => {
      for (const [status, code] of [
        [400, 9],
        [409, 10],
        [429, 8],
        [503, 14],
        [500, 2],
      ]) {
        argo.requests.length = 0;
        answer(r => error(r, status, code, 'no'));
        await connect()
          .sync({ ...at, command: plain })
          .catch(() => {});
        expect(asked()).toHaveLength(1);
      }
    });

    it('A4: says that a sync window forbids it, and not the account', async () => {
      argo.put(anApplication());
      argo.windows = { canSync: false };
      await expect(
        connect().sync({ ...at, command: plain }),
      ).rejects.toMatchObject({
        kind: 'blocked-by-sync-window',
        mayHaveHappened: false,
      });
    });

    it('A2: tells a missing application from a forbidden one by its project', async () => {
      await expect(
        connect().sync({ ...at, command: plain }),
      ).rejects.toMatchObject({
        kind: 'not-found',
        message: expect.stringContaining('deleted or moved'),
      });
      argo.put(anApplication());
      await expect(
        connect({ actToken: argo.token }).sync({ ...at, command: plain }),
      ).rejects.toMatchObject({
        kind: 'forbidden',
        mayHaveHappened: false,
        message: expect.stringContaining("'applications, sync'"),
      });
    });

    it('A2, A13: does not sync the application of that name in another namespace or project', async () => {
      argo.put(anApplication());
      argo.put(
        anApplication({ metadata: { namespace: 'team-b', uid: 'uid-b' } }),
      );
      await connect().sync({
        ...at,
        id: { ...at.id, namespace: 'team-b' },
        command: plain,
      });
      expect(argo.applications.get('argocd/checkout')?.operation).toBe(
        undefined,
      );
      expect(argo.applications.get('team-b/checkout')?.operation).toBeDefined();
      await expect(
        connect().sync({ ...at, project: 'billing', command: plain }),
      ).rejects.toMatchObject({ kind: 'not-found' });
    });
  });

  describe('terminate', () => {
    it('A5: sends a DELETE with the content type that Argo CD wants', async () => {
      argo.put(anApplication(running));
      await connect().terminate(at);
      const [request] = asked();
      expect(request).toMatchObject({
        method: 'DELETE',
        path: '/api/v1/applications/checkout/operation',
        body: '',
      });
      expect(request.headers['content-type']).toBe('application/json');
      expect(Object.fromEntries(request.query)).toEqual({
        appNamespace: 'argocd',
        project: 'payments',
      });
      expect(
        argo.applications.get('argocd/checkout')?.status.operationState.phase,
      ).toBe('Terminating');
    });

    it('A3: says that there is nothing to terminate', async () => {
      argo.put(anApplication());
      await expect(connect().terminate(at)).rejects.toMatchObject({
        kind: 'no-operation',
        mayHaveHappened: false,
      });
    });

    it('is not allowed to the account that reads', async () => {
      argo.put(anApplication(running));
      await expect(
        connect({ actToken: argo.token }).terminate(at),
      ).rejects.toMatchObject({ kind: 'forbidden' });
    });
  });

  describe('refresh', () => {
    it.each([
      [false, 'normal'],
      [true, 'hard'],
    ])('A7: names the kind of refresh, hard %s: %s', async (hard, expected) => {
      argo.put(anApplication());
      await expect(connect().refresh({ ...at, hard })).resolves.toEqual({
        done: true,
      });
      expect(Object.fromEntries(asked()[0].query)).toEqual({
        refresh: expected,
        appNamespace: 'argocd',
        project: 'payments',
      });
    });

    it.each<[string, (response: ServerResponse) => void]>([
      ['Argo CD gives up', r => error(r, 504, 4, 'context deadline exceeded')],
      [
        'its own deadline has passed',
        r => error(r, 500, 2, 'application refresh deadline exceeded'),
      ],
      ['it was cancelled', r => error(r, 408, 1, 'context canceled')],
      [
        'a gateway gives up',
        r => r.writeHead(504, { 'content-type': 'text/html' }).end('<html>'),
      ],
      ['nothing comes back', () => {}],
    ])('A7: is under way when %s', async (_, respond) => {
      answer(respond);
      await expect(
        connect({ requestTimeout: 200 }).refresh({ ...at, hard: false }),
      ).resolves.toEqual({ done: false });
    });

    it('is not under way when it was refused, or never sent', async () => {
      answer(r => error(r, 500, 2, 'error getting application'));
      await expect(
        connect().refresh({ ...at, hard: false }),
      ).rejects.toMatchObject({ kind: 'unavailable', mayHaveHappened: true });
      await argo.stop();
      await expect(
        connect().refresh({ ...at, hard: false }),
      ).rejects.toMatchObject({ kind: 'unavailable', mayHaveHappened: false });
      await argo.listen();
    });
  });

  describe('read', () => {
    it('reads the application itself, with what only decisions need', async () => {
      argo.put(
        anApplication({
          spec: { syncPolicy: { syncOptions: ['CreateNamespace=true'] } },
          status: {
            resources: [
              { kind: 'Service', name: 'checkout', status: 'Synced' },
              {
                group: 'batch',
                kind: 'Job',
                namespace: 'payments',
                name: 'old',
                status: 'OutOfSync',
                requiresPruning: true,
              },
            ],
          },
        }),
      );
      const live = await connect().read(at);
      expect(live).toMatchObject({
        application: {
          id: at.id,
          project: 'payments',
          verified: true,
          history: [{ id: 7 }],
          operation: { phase: 'succeeded' },
        },
        syncOptions: ['CreateNamespace=true'],
        resources: [
          {
            group: '',
            kind: 'Service',
            name: 'checkout',
            state: 'synced',
            requiresPruning: false,
            hook: false,
          },
          {
            group: 'batch',
            kind: 'Job',
            namespace: 'payments',
            name: 'old',
            state: 'out-of-sync',
            requiresPruning: true,
            hook: false,
          },
        ],
        operation: { over: true, succeeded: true },
      });
      expect(Date.parse(live.observedAt)).toBeLessThanOrEqual(Date.now());
      expect(asked()).toHaveLength(1);
      expect(asked()[0].query.get('refresh')).toBeNull();
    });

    it('B6: knows its own operation again as soon as it is asked for', async () => {
      argo.put(anApplication());
      const commands = connect();
      await commands.sync({ ...at, command: plain });
      await expect(commands.read(at)).resolves.toMatchObject({
        application: { operation: { phase: 'queued', actionId: 'action-1' } },
        operation: {
          queued: true,
          over: false,
          infos: { [OPERATION_INFO_ACTION]: 'action-1' },
        },
      });
    });

    it('A2: says when it is not there', async () => {
      await expect(connect().read(at)).rejects.toMatchObject({
        kind: 'not-found',
        mayHaveHappened: false,
      });
    });
  });

  describe('syncWindows', () => {
    const night = { kind: 'deny', schedule: '0 22 * * *', duration: '8h' };
    const now = '2026-11-22T23:00:00.000Z';

    it('A4: says until when a window forbids a sync', async () => {
      argo.put(anApplication());
      argo.windows = {
        canSync: false,
        activeWindows: [night],
        assignedWindows: [night],
      };
      argo.projectSpec = {
        syncWindows: [{ ...night, timeZone: 'UTC', applications: ['*'] }],
      };
      await expect(connect().syncWindows({ ...at, now })).resolves.toEqual({
        allowed: false,
        windows: [
          {
            ...night,
            manualSync: false,
            timeZone: 'UTC',
            description: undefined,
            active: true,
          },
        ],
        opensAt: '2026-11-23T06:00:00.000Z',
      });
    });

    it('A4: gives a verdict to an account that may not read projects', async () => {
      argo.put(anApplication());
      argo.windows = { canSync: false, assignedWindows: [night] };
      argo.projectSpec = undefined;
      await expect(
        connect().syncWindows({ ...at, now }),
      ).resolves.toMatchObject({ allowed: false, opensAt: undefined });
    });

    it('asks for no project when no window concerns the application', async () => {
      argo.put(anApplication());
      await expect(connect().syncWindows({ ...at, now })).resolves.toEqual({
        allowed: true,
        windows: [],
        opensAt: undefined,
      });
      expect(asked()).toHaveLength(1);
    });
  });

  describe('its credentials', () => {
    it('send the token for acting with what changes something, and with nothing else', async () => {
      argo.put(
        anApplication({ spec: { syncPolicy: { syncOptions: ['A=true'] } } }),
      );
      argo.windows = {
        canSync: true,
        assignedWindows: [
          { kind: 'deny', schedule: '0 0 * * *', duration: '1h' },
        ],
      };
      const commands = connect();
      await commands.read(at);
      await commands.syncWindows({ ...at, now: '2026-11-22T12:00:00Z' });
      await commands.refresh({ ...at, hard: true });
      await commands.sync({
        ...at,
        command: { ...plain, extraSyncOptions: ['B=true'] },
      });
      await commands.terminate(at).catch(() => {});
      const seen = asked().map(({ method, path, query, headers }) => [
        method,
        path.replace('/api/v1/', ''),
        query.has('refresh'),
        headers.authorization === `Bearer ${argo.actToken}` ? 'act' : 'read',
      ]);
      expect(seen).toEqual([
        ['GET', 'applications/checkout', false, 'read'],
        ['GET', 'applications/checkout/syncwindows', false, 'read'],
        ['GET', 'projects/payments', false, 'read'],
        ['GET', 'applications/checkout', true, 'act'],
        ['GET', 'applications/checkout', false, 'read'],
        ['POST', 'applications/checkout/sync', false, 'act'],
        ['DELETE', 'applications/checkout/operation', false, 'act'],
      ]);
    });

    it('are not taken to another host by a redirect', async () => {
      const other = await FakeArgoCd.start();
      try {
        answer(r => r.writeHead(307, { location: other.url }).end());
        for (const run of everyCommand(connect())) {
          await expect(run()).rejects.toMatchObject({
            kind: 'unexpected',
            mayHaveHappened: false,
          });
        }
        expect(other.requests).toEqual([]);
      } finally {
        await other.stop();
      }
    });

    it('say in the log, once, that the token is good for nothing', async () => {
      argo.put(anApplication());
      const commands = connect({ actToken: 'expired.act.token' });
      await Promise.all([commands.read(at), commands.read(at)]);
      await eventually(() => {
        expect(logger.warn.mock.calls).toEqual([
          [expect.stringMatching(/instances\[0\]\.actToken: is not accepted/)],
        ]);
      });
      expect(argo.count(/userinfo/)).toBe(1);
    });

    it('say in the log that the account may not sync', async () => {
      argo.put(anApplication());
      await connect({ actToken: argo.token }).read(at);
      await eventually(() => {
        expect(logger.warn.mock.calls).toEqual([
          [
            expect.stringMatching(
              /actToken: may not sync 'payments\/checkout'/,
            ),
          ],
        ]);
      });
    });

    it('ask nothing before somebody looks, and nothing is said when all is well', async () => {
      argo.put(anApplication());
      const commands = connect();
      expect(argo.requests).toEqual([]);
      await commands.read(at);
      await eventually(() => expect(argo.count(/can-i/)).toBe(1));
      expect(logger.warn).not.toHaveBeenCalled();
    });

    it('keep an upstream without one read only', () => {
      const upstream = ArgoCdUpstream.create({
        config: { ...configOf(argo), actToken: undefined },
        logger,
      });
      expect(upstream.commands).toBeUndefined();
    });
  });

  describe('confinement', () => {
    const names = [
      '..',
      '.',
      '..%2Fclusters',
      '../clusters',
      'a/../../clusters',
      'checkout\r\nX-Evil: 1',
      'checkout?project=other',
      'checkout#',
      'überweisung',
      '結算',
      'x'.repeat(10_000),
      '\ud800',
      '',
    ];

    it.each(names.map(short))(
      'keeps to the application called %j',
      async (_, name) => {
        const commands = connect();
        for (const run of everyCommand(commands, { ...at.id, name })) {
          await run().catch(() => {});
        }
        for (const { path, headers } of asked()) {
          const parts = path.split('/');
          expect(parts.slice(0, 4)).toEqual(['', 'api', 'v1', 'applications']);
          expect(decodeURIComponent(parts[4])).toBe(name);
          expect(['', 'sync', 'operation', 'syncwindows']).toContain(
            parts.slice(5).join('/'),
          );
          expect(headers).not.toHaveProperty('x-evil');
        }
      },
    );

    it.each(['', '\r\n', 'x'.repeat(10_000), '\ud800'].map(short))(
      'sends nothing for a namespace or project %j',
      async (_, value) => {
        const commands = connect();
        for (const run of [
          ...everyCommand(commands, { ...at.id, namespace: value }),
          ...everyCommand(commands, at.id, value),
        ]) {
          await expect(run()).rejects.toMatchObject({
            kind: 'invalid',
            mayHaveHappened: false,
          });
        }
        expect(argo.requests).toEqual([]);
      },
    );

    it('sends nothing about an application of another instance', async () => {
      argo.put(anApplication());
      for (const run of everyCommand(connect(), {
        ...at.id,
        instance: 'other',
      })) {
        await expect(run()).rejects.toMatchObject({ kind: 'invalid' });
      }
      expect(argo.requests).toEqual([]);
    });

    it('asks for the windows of no other project than the one given', async () => {
      argo.windows = {
        assignedWindows: [
          { kind: 'deny', schedule: '0 0 * * *', duration: '1h' },
        ],
      };
      argo.put(anApplication({ spec: { project: '../clusters' } }));
      await connect().syncWindows({
        ...at,
        project: '../clusters',
        now: '2026-11-22T12:00:00Z',
      });
      expect(asked().map(({ path }) => path)).toEqual([
        '/api/v1/applications/checkout/syncwindows',
        '/api/v1/projects/..%2Fclusters',
      ]);
    });
  });

  describe('when something goes wrong', () => {
    it.each<[string, boolean, (response: ServerResponse) => void]>([
      ['no answer in time', true, () => {}],
      ['a cut connection', true, r => r.destroy()],
      ['a cut answer', true, cutAnswer],
      ['503 of Argo CD', true, r => error(r, 503, 14, 'unavailable')],
      ['500 of Argo CD', true, r => error(r, 500, 13, 'internal')],
      ['504 of Argo CD', true, r => error(r, 504, 4, 'deadline')],
      ['502 of a gateway', true, r => text(r, 502)],
      ['503 of a gateway', true, r => text(r, 503)],
      ['504 of a gateway', true, r => text(r, 504)],
      ['408 of a gateway', true, r => text(r, 408)],
      ['a web page', true, html],
      ['401', false, r => error(r, 401, 16, 'no session information')],
      ['403', false, r => error(r, 403, 7, 'permission denied')],
      ['403 of a gateway', false, r => text(r, 403)],
      ['404', false, r => error(r, 404, 5, 'not found')],
      ['415', false, r => text(r, 415)],
      ['413 of a gateway', false, r => text(r, 413)],
      ['429', false, r => error(r, 429, 8, 'throttled')],
      ['501', false, r => error(r, 501, 12, 'not implemented')],
      ['400', false, r => error(r, 400, 3, 'bad')],
    ])('knows after %s whether it may have happened: %s', async (...row) => {
      const [, mayHaveHappened, respond] = row;
      answer(respond);
      const commands = connect({ requestTimeout: 200 });
      await expect(
        commands.sync({ ...at, command: plain }),
      ).rejects.toMatchObject({
        name: 'UpstreamCommandError',
        mayHaveHappened,
        message: expect.stringMatching(/[.…]$/),
      });
      await expect(commands.read(at)).rejects.toMatchObject({
        mayHaveHappened: false,
      });
    });

    it('knows that nothing happened when there was no connection', async () => {
      const { url } = argo;
      await argo.stop();
      await expect(
        connect({ url }).sync({ ...at, command: plain }),
      ).rejects.toMatchObject({ kind: 'unavailable', mayHaveHappened: false });
      await argo.listen();
    });

    it('does not read an answer without end', async () => {
      answer(r => {
        r.writeHead(200, { 'content-type': 'application/json' });
        const more = () => {
          while (!r.destroyed && r.write(' '.repeat(64 * 1024)));
        };
        r.on('drain', more);
        more();
      });
      // It was taken on: that is all that is wanted of the answer.
      await expect(
        connect({ requestTimeout: 1_000 }).sync({ ...at, command: plain }),
      ).resolves.toBeUndefined();
    });

    it('rejects with the reason of an abort', async () => {
      answer(() => {});
      const controller = new AbortController();
      const reason = new Error('stop');
      const pending = everyCommand(
        connect(),
        at.id,
        at.project,
        controller.signal,
      ).map(run => run().catch((failure: unknown) => failure));
      setTimeout(() => controller.abort(reason), 50);
      for (const failure of await Promise.all(pending)) {
        expect(failure).toBe(reason);
      }
    });

    it('uses no connection twice to act', async () => {
      argo.put(anApplication());
      const commands = connect();
      await commands.refresh({ ...at, hard: false });
      await commands.refresh({ ...at, hard: false });
      expect(asked().map(({ headers }) => headers.connection)).toEqual([
        'close',
        'close',
      ]);
    });

    it('puts no token into an error or a log line, whatever fails', async () => {
      const { token, actToken } = argo;
      const echo = `${token} ${actToken} sub: portal-act, iat: 5`;
      const failures: Array<(response: ServerResponse) => void> = [
        ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 16].map(
          code => (r: ServerResponse) => error(r, 400, code, echo),
        ),
        r => r.writeHead(502, { 'content-type': 'text/plain' }).end(echo),
        r => r.writeHead(307, { location: `http://${token}` }).end(),
        r => r.writeHead(200, { 'content-type': echo }).end(echo),
        r => r.writeHead(200, { 'content-type': 'application/json' }).end(echo),
        r => r.destroy(),
        () => {},
      ];
      const written: string[] = [];
      for (const respond of failures) {
        answer(respond);
        const commands = connect({ requestTimeout: 100 });
        for (const run of everyCommand(commands)) {
          await run().catch((failure: Error & { cause?: unknown }) => {
            written.push(
              `${failure.stack} ${JSON.stringify(failure)} ${failure.cause}`,
            );
          });
        }
      }
      for (const level of ['error', 'warn', 'info', 'debug'] as const) {
        for (const call of logger[level].mock.calls) {
          written.push(
            call.map(part => `${part} ${JSON.stringify(part)}`).join(),
          );
        }
      }
      expect(written.length).toBeGreaterThan(150);
      expect(written.join('\n')).not.toContain(token);
      expect(written.join('\n')).not.toContain(actToken);
    });
  });

  function everyCommand(
    commands: ArgoCdCommands,
    id = at.id,
    project = at.project,
    until = signal,
  ): Array<() => Promise<unknown>> {
    const about = { id, project, signal: until };
    return [
      () => commands.read(about),
      () => commands.refresh({ ...about, hard: false }),
      () => commands.sync({ ...about, command: plain }),
      () => commands.terminate(about),
      () => commands.syncWindows({ ...about, now: '2026-11-22T12:00:00Z' }),
    ];
  }
});

function configOf(argo: FakeArgoCd): ArgoCdInstanceConfig {
  return {
    name: 'main',
    title: 'Main',
    path: 'argocd.appLocatorMethods[0].instances[0]',
    url: argo.url,
    pageUrl: argo.url,
    credential: { type: 'token', token: argo.token },
    actToken: argo.actToken,
    ca: undefined,
    requestTimeout: 2_000,
    relistInterval: 60_000,
    maxConcurrentRequests: 4,
  };
}

/** A title for a test, and the value itself. */
function short(value: string): [string, string] {
  return [value.slice(0, 20), value];
}

function text(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end('no');
}

/** Says how long the answer is, and breaks off before its header is complete. */
function cutAnswer(response: ServerResponse): void {
  response.socket?.write('HTTP/1.1 200 OK\r\nContent-Type: applica');
  response.socket?.destroySoon();
}
