import { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  aDeployment,
  anApplication,
  error,
  eventually,
  FakeArgoCd,
  follow,
  html,
  json,
  merge,
  sha,
} from '../__testUtils__';

const STREAM = /\/stream\/applications$/;
const LIST = /\/api\/v1\/applications$/;
const OBJECT = /\/api\/v1\/applications\/[^/]+$/;
const RESOURCES = /\/managed-resources$/;
const METADATA = /\/metadata$/;

// Real servers and real time: a busy machine needs longer than usual.
jest.setTimeout(30_000);

describe('following an Argo CD', () => {
  let argo: FakeArgoCd;
  const running: Array<{ stop(): Promise<void> }> = [];

  function start(options: Partial<Parameters<typeof follow>[0]> = {}) {
    const run = follow({ url: argo.url, ...options });
    running.push(run);
    return run;
  }

  beforeEach(async () => {
    argo = await FakeArgoCd.start();
  });

  afterEach(async () => {
    for (const run of running.splice(0)) {
      await run.stop().catch(() => {});
    }
    await argo.stop();
  });

  it('hands over an application with history, workloads and commit', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start();
    await eventually(() => {
      expect(sink.get('checkout')).toEqual({
        id: { instance: 'main', namespace: 'argocd', name: 'checkout' },
        uid: 'uid-checkout',
        project: 'payments',
        labels: { team: 'payments' },
        annotations: {
          'backstage.io/entity-ref': 'component:default/checkout',
        },
        destination: {
          server: 'https://kubernetes.default.svc',
          namespace: 'payments',
        },
        sources: [
          {
            repoUrl: 'https://git.example.com/gitops.git',
            path: 'overlays/production',
            targetRevision: 'main',
          },
        ],
        policy: { automated: true, prune: true, selfHeal: true },
        sync: { state: 'synced', revisions: [sha('a')] },
        health: { state: 'healthy', since: '2026-11-20T10:00:20Z' },
        verified: true,
        operation: {
          phase: 'succeeded',
          message: 'successfully synced (all tasks run)',
          startedAt: '2026-11-20T10:00:00Z',
          finishedAt: '2026-11-20T10:00:10Z',
          automated: true,
          dryRun: false,
          partial: false,
          revisions: [sha('a')],
        },
        conditions: [],
        history: [
          {
            id: 7,
            revisions: [sha('a')],
            sources: [
              {
                repoUrl: 'https://git.example.com/gitops.git',
                path: 'overlays/production',
                targetRevision: 'main',
              },
            ],
            deployedAt: '2026-11-20T10:00:10Z',
            automated: true,
          },
        ],
        images: ['registry.example.com/checkout:1.9.0'],
        workloads: [
          {
            group: 'apps',
            kind: 'Deployment',
            namespace: 'payments',
            name: 'checkout',
            wanted: {
              images: { app: 'registry.example.com/checkout:1.9.0' },
              replicas: { wanted: 3 },
            },
            live: {
              images: { app: 'registry.example.com/checkout:1.9.0' },
              replicas: { wanted: 3, updated: 3, ready: 3, available: 3 },
            },
            settled: true,
          },
        ],
        workloadsObservedAt: expect.stringMatching(/Z$/),
        commits: {
          [sha('a')]: {
            sha: sha('a'),
            author: 'Ada <ada@example.com>',
            date: '2026-11-20T09:59:00Z',
            message: `commit ${sha('a')}`,
          },
        },
        appOfApps: false,
        deleting: false,
        url: `${argo.url}/applications/argocd/checkout`,
      });
    });
    await eventually(() => expect(sink.state).toEqual({ state: 'live' }));
    expect(sink.reports[0]).toEqual({ state: 'connecting' });
  });

  it('A1: takes an instance without applications, whose list is null', async () => {
    const { sink } = start();
    await eventually(() => expect(sink.retained).toEqual([[]]));
    expect(sink.state).toEqual({ state: 'live' });
  });

  it('hands over a change as soon as the stream tells of it', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start();
    await eventually(() => expect(sink.retained).toHaveLength(1));
    const image = 'registry.example.com/checkout:1.9.1';
    argo.put(
      anApplication({
        status: {
          sync: { revision: sha('b'), status: 'OutOfSync' },
          history: [],
        },
      }),
      [
        aDeployment({
          image,
          liveImage: 'registry.example.com/checkout:1.9.0',
        }),
      ],
    );
    await eventually(() =>
      expect(sink.get('checkout')).toMatchObject({
        sync: { state: 'out-of-sync', revisions: [sha('b')] },
        workloads: [
          {
            wanted: { images: { app: image } },
            live: { images: { app: 'registry.example.com/checkout:1.9.0' } },
          },
        ],
        workloadsObservedAt: expect.any(String),
        commits: { [sha('b')]: { message: `commit ${sha('b')}` } },
      }),
    );
  });

  it('A13: keeps one name in two namespaces apart', async () => {
    const other = {
      metadata: { namespace: 'team', uid: 'uid-team' },
      spec: { project: 'team' },
    };
    argo.put(anApplication(), [aDeployment({ replicas: 1 })]);
    argo.put(anApplication(other), [aDeployment({ replicas: 2 })]);
    const { sink } = start();
    await eventually(() => {
      const replicas = (namespace: string) =>
        sink.get('checkout', namespace)?.workloads?.[0].live?.replicas.ready;
      expect([replicas('argocd'), replicas('team')]).toEqual([1, 2]);
    });
    argo.delete(anApplication(other));
    await eventually(() => {
      expect(sink.get('checkout', 'team')).toBeUndefined();
    });
    expect(sink.get('checkout', 'argocd')).toBeDefined();
    expect(
      argo.requests
        .filter(request => OBJECT.test(request.path))
        .map(request => request.query.get('appNamespace'))
        .sort(),
    ).toEqual(['argocd', 'team']);
  });

  it('A14: takes a replay for an update, and sweeps only when it has settled', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    argo.put(anApplication({ metadata: { name: 'gone', uid: 'uid-gone' } }));
    const { sink } = start();
    await eventually(() => expect(sink.applications.size).toBe(2));
    await eventually(() => expect(sink.retained).toHaveLength(1));
    await eventually(() => expect(argo.count(/version$/)).toBe(1));
    const before = argo.requests.length;
    // What the sink knows at the moment of the reconnect.
    const atReconnect: Array<{ gone: boolean; sweeps: number }> = [];
    argo.intercept = request => {
      if (STREAM.test(request.path)) {
        atReconnect.push({
          gone: sink.get('gone') === undefined,
          sweeps: sink.retained.length,
        });
      }
      return false;
    };
    argo.dropEvents = true;
    argo.delete(anApplication({ metadata: { name: 'gone' } }));
    argo.dropEvents = false;
    argo.cutStreams();
    await eventually(() => expect(sink.get('gone')).toBeUndefined());
    expect(sink.get('checkout')).toBeDefined();
    expect(sink.retained.at(-1)).toEqual([
      { instance: 'main', namespace: 'argocd', name: 'checkout' },
    ]);
    expect(atReconnect).toEqual([{ gone: false, sweeps: 1 }]);
    // The replay of what did not change costs nothing.
    expect(argo.requests.slice(before).map(request => request.path)).toEqual([
      '/api/v1/stream/applications',
      '/api/v1/applications',
    ]);
  });

  it('A14: keeps an application that is on the stream and not yet in the list', async () => {
    argo.intercept = (request, response) => {
      if (LIST.test(request.path)) {
        json(response, 200, { items: null });
        return true;
      }
      return false;
    };
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start();
    await eventually(() => expect(sink.retained).toHaveLength(1));
    expect(sink.get('checkout')).toBeDefined();
  });

  it('does not bring back what another replica of Argo CD still lists', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start({ limits: { relist: 100, seenRecently: 60_000 } });
    await eventually(() => expect(sink.retained.length).toBeGreaterThan(0));
    argo.intercept = (request, response) => {
      if (LIST.test(request.path)) {
        json(response, 200, { items: [anApplication()] });
        return true;
      }
      return false;
    };
    argo.delete(anApplication());
    await eventually(() => expect(sink.get('checkout')).toBeUndefined());
    const lists = sink.retained.length;
    await eventually(() =>
      expect(sink.retained.length).toBeGreaterThan(lists + 1),
    );
    expect(sink.get('checkout')).toBeUndefined();
  });

  it('A15: never connects with a resource version', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start();
    await eventually(() => expect(sink.retained).toHaveLength(1));
    argo.cutStreams();
    await eventually(() => expect(argo.count(STREAM)).toBe(2));
    for (const request of argo.requests) {
      expect(request.query.has('resourceVersion')).toBe(false);
    }
  });

  it('A7, A8: never asks for a refresh, and never for pages', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start();
    await eventually(() =>
      expect(sink.get('checkout')?.workloads).toHaveLength(1),
    );
    await eventually(() => expect(sink.retained).toHaveLength(1));
    for (const { query } of argo.requests) {
      for (const name of ['refresh', 'limit', 'continue']) {
        expect(query.has(name)).toBe(false);
      }
    }
    expect(argo.count(LIST)).toBe(1);
  });

  it('A16: connects again when the stream goes silent', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start({ limits: { silence: 150, goodConnection: 1 } });
    await eventually(() =>
      expect(sink.reports).toContainEqual({
        state: 'connecting',
        reason: expect.stringContaining('silent'),
      }),
    );
    await eventually(() => expect(argo.count(STREAM)).toBeGreaterThan(1));
  });

  it('is not live before it has told what became of everything that was known', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    argo.put(anApplication({ metadata: { name: 'gone' } }), []);
    const first = start();
    await eventually(() => expect(first.sink.state?.state).toBe('live'));
    await eventually(() =>
      expect(first.sink.get('checkout')?.workloads).toHaveLength(1),
    );
    const known = [...first.sink.applications.values()];
    expect(known).toHaveLength(2);
    await first.stop();

    argo.applications.delete('argocd/gone');
    argo.put(anApplication({ status: { health: { status: 'Degraded' } } }));
    const { sink } = start({ known });
    // What is stored when it says "live" for the first time.
    let atLive: (string | undefined)[] | undefined;
    for (const application of known) {
      sink.applications.set(`main/argocd/${application.id.name}`, application);
    }
    sink.before = async () => {
      if (atLive === undefined && sink.state?.state === 'live') {
        atLive = [
          sink.get('gone')?.health.state,
          sink.get('checkout')?.health.state,
        ];
      }
    };
    await eventually(() => expect(sink.state).toEqual({ state: 'live' }));
    argo.put(anApplication({ metadata: { name: 'another' } }), []);
    await eventually(() => expect(atLive).toEqual([undefined, 'degraded']));
  });

  it('is live at once when the stream told of everything, however long the list takes', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const first = start();
    await eventually(() =>
      expect(first.sink.get('checkout')?.workloads).toHaveLength(1),
    );
    const known = [...first.sink.applications.values()];
    await first.stop();
    argo.intercept = request => LIST.test(request.path);
    const { sink } = start({ known });
    await eventually(() => expect(sink.state).toEqual({ state: 'live' }));
  });

  it('says why it cannot confirm what was known when the list cannot be read', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const first = start();
    await eventually(() =>
      expect(first.sink.get('checkout')?.workloads).toHaveLength(1),
    );
    const known = [...first.sink.applications.values()];
    await first.stop();
    argo.applications.clear();
    let broken = true;
    argo.intercept = (request, response) => {
      if (broken && LIST.test(request.path)) {
        error(response, 500, 2, 'informer is not ready');
        return true;
      }
      return false;
    };
    const { sink } = start({ known });
    await eventually(() =>
      expect(sink.state).toEqual({
        state: 'connecting',
        reason: expect.stringContaining('cannot be confirmed'),
      }),
    );
    broken = false;
    await eventually(() => expect(sink.state).toEqual({ state: 'live' }));
    expect(sink.retained.at(-1)).toEqual([]);
  });

  it('A16: takes keep-alive comments for signs of life', async () => {
    const { sink } = start({ limits: { silence: 600 } });
    await eventually(() => expect(argo.openStreams).toBe(1));
    for (let i = 0; i < 24; i += 1) {
      argo.writeToStreams(':\n');
      await sleep(50);
    }
    expect(argo.count(STREAM)).toBe(1);
    expect(sink.state).toEqual({ state: 'live' });
  });

  it('A16: reads events that are split anywhere, within a character too', async () => {
    const { sink } = start();
    await eventually(() => expect(argo.openStreams).toBe(1));
    const text = `data: ${JSON.stringify({
      result: {
        type: 'ADDED',
        application: anApplication({
          status: { health: { message: 'grün – ünïcode 🚀' } },
        }),
      },
    })} \n\n\n`;
    const bytes = Buffer.from(text, 'utf8');
    for (let at = 0; at < bytes.length; at += 97) {
      argo.writeToStreams(bytes.subarray(at, at + 97));
      await sleep(1);
    }
    await eventually(() =>
      expect(sink.get('checkout')?.health.message).toBe('grün – ünïcode 🚀'),
    );
    expect(argo.count(STREAM)).toBe(1);
  });

  it('A16: ends the stream at an error in it, with the code of that error', async () => {
    const { sink } = start();
    await eventually(() => expect(sink.state).toEqual({ state: 'live' }));
    argo.writeToStreams(
      `data: ${JSON.stringify({
        error: { grpc_code: 16, http_code: 401, message: 'invalid session' },
      })} \n\n`,
    );
    await eventually(() =>
      expect(sink.reports).toContainEqual({
        state: 'refused',
        reason: expect.stringContaining('does not accept the credential'),
      }),
    );
  });

  it('takes a server that ends every stream at once for down, and asks it ever less', async () => {
    argo.intercept = (request, response) => {
      if (STREAM.test(request.path)) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(':\n');
        return true;
      }
      return false;
    };
    const { sink } = start({
      limits: { reconnect: { first: 20, longest: 10_000 } },
    });
    await eventually(() =>
      expect(sink.reports).toContainEqual({
        state: 'down',
        reason: 'Argo CD closed the event stream',
      }),
    );
    await sleep(1_000);
    expect(argo.count(STREAM)).toBeGreaterThan(2);
    expect(argo.count(STREAM)).toBeLessThan(10);
  });

  it('A17: asks a server that refuses the credential only a few times', async () => {
    const { sink } = start({ token: 'wrong', limits: { refused: 200 } });
    await sleep(1_000);
    expect(sink.state).toEqual({
      state: 'refused',
      reason: expect.stringContaining('401'),
    });
    // 200 to 300 ms apart, whatever else goes on.
    expect(argo.requests.length).toBeGreaterThan(1);
    expect(argo.requests.length).toBeLessThanOrEqual(6);
    argo.token = 'wrong';
    await eventually(() => expect(sink.state).toEqual({ state: 'live' }));
  });

  it('A17: stops asking when a request shows that the token ended under an open stream', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start({ limits: { refused: 60_000 } });
    await eventually(() => expect(sink.retained).toHaveLength(1));
    await eventually(() =>
      expect(sink.get('checkout')?.workloads).toHaveLength(1),
    );
    argo.token = 'another';
    const before = argo.requests.length;
    for (let i = 0; i < 20; i += 1) {
      argo.put(
        anApplication({
          metadata: { name: `app-${i}`, uid: `uid-${i}` },
        }),
      );
    }
    await eventually(() => expect(sink.state?.state).toBe('refused'));
    await sleep(100);
    // At most what was under way at the moment of the first refusal.
    expect(argo.requests.length - before).toBeLessThanOrEqual(4);
  });

  it('A18: takes a deletion for what it is, however healthy it looks', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start();
    await eventually(() => expect(sink.get('checkout')).toBeDefined());
    argo.delete(anApplication());
    await eventually(() => expect(sink.get('checkout')).toBeUndefined());
  });

  it('A19: finds lost events with the next list', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    argo.put(anApplication({ metadata: { name: 'old', uid: 'uid-old' } }));
    const { sink } = start({ limits: { relist: 300 } });
    await eventually(() => expect(sink.retained).toHaveLength(1));
    argo.dropEvents = true;
    argo.put(anApplication({ status: { health: { status: 'Degraded' } } }));
    argo.put(anApplication({ metadata: { name: 'new', uid: 'uid-new' } }));
    argo.delete(anApplication({ metadata: { name: 'old' } }));
    await eventually(() => {
      expect(sink.get('checkout')?.health.state).toBe('degraded');
      expect(sink.get('new')?.health.state).toBe('healthy');
      expect(sink.get('old')).toBeUndefined();
    });
    expect(argo.count(STREAM)).toBe(1);
    // A2: with its project, or a missing one would look like a forbidden one.
    const asked = argo.requests.find(({ path }) => path.endsWith('/new'));
    expect(asked?.query.get('project')).toBe('payments');
  });

  it('A19: lists once while nothing was lost', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start({ limits: { relist: 150 } });
    await eventually(() => expect(sink.retained.length).toBe(4));
    expect(argo.count(OBJECT)).toBe(1);
    expect(argo.count(RESOURCES)).toBe(1);
    expect(argo.count(METADATA)).toBe(1);
  });

  describe('with a server whose list has no revisions', () => {
    beforeEach(async () => {
      await argo.stop();
      argo = await FakeArgoCd.start({ minorVersion: 4 });
    });

    it('A9: takes revisions from the stream and does not miss them in the list', async () => {
      argo.put(anApplication(), [aDeployment({})]);
      const { sink } = start();
      await eventually(() => expect(sink.retained).toHaveLength(1));
      expect(sink.get('checkout')?.sync.revisions).toEqual([sha('a')]);
      expect(argo.count(OBJECT)).toBe(1);
    });

    it('A9, A19: makes good for a lost revision with a new stream', async () => {
      argo.put(anApplication(), [aDeployment({})]);
      const { sink } = start({ limits: { relist: 200 } });
      await eventually(() => expect(sink.retained).toHaveLength(1));
      argo.dropEvents = true;
      argo.put(anApplication({ status: { sync: { revision: sha('b') } } }));
      await eventually(() =>
        expect(sink.get('checkout')?.sync.revisions).toEqual([sha('b')]),
      );
      expect(argo.count(STREAM)).toBeGreaterThan(1);
      // It was asked for, so nothing is wrong.
      expect(new Set(sink.reports.map(report => report.state))).toEqual(
        new Set(['connecting', 'live']),
      );
    });
  });

  it('B1: looks again until Argo CD has looked again', async () => {
    argo.put(
      anApplication({ status: { reconciledAt: '2026-11-20T10:00:05Z' } }),
      [aDeployment({})],
    );
    const { sink } = start();
    await eventually(() =>
      expect(sink.get('checkout')).toMatchObject({
        health: { state: 'healthy' },
        verified: false,
        workloadsObservedAt: expect.any(String),
      }),
    );
    // Only the time changes, so the stream says nothing.
    argo.put(
      anApplication({ status: { reconciledAt: '2026-11-20T10:00:15Z' } }),
    );
    await eventually(() => expect(sink.get('checkout')?.verified).toBe(true));
    await eventually(() => expect(sink.retained).toHaveLength(1));
    await eventually(() => expect(argo.count(/version$/)).toBe(1));
    const asked = argo.requests.length;
    await sleep(150);
    expect(argo.requests.length).toBe(asked);
  });

  it('follows replicas while they move, and stops when they stand still', async () => {
    const progressing = anApplication({
      status: { health: { status: 'Progressing' } },
    });
    argo.put(progressing, [aDeployment({ ready: 0 })]);
    const { sink } = start();
    const ready = () =>
      sink.get('checkout')?.workloads?.[0].live?.replicas.ready;
    await eventually(() => expect(ready()).toBe(0));
    const objects = argo.count(OBJECT);
    argo.resources.set('argocd/checkout', [aDeployment({ ready: 2 })]);
    await eventually(() => expect(ready()).toBe(2));
    // Replicas alone do not need the object.
    expect(argo.count(OBJECT)).toBe(objects);
    argo.put(anApplication(), [aDeployment({ ready: 3 })]);
    await eventually(() => {
      expect(ready()).toBe(3);
      expect(sink.get('checkout')?.health.state).toBe('healthy');
    });
    await eventually(() => expect(argo.count(/version$/)).toBe(1));
    const asked = argo.requests.length;
    await sleep(150);
    expect(argo.requests.length).toBe(asked);
  });

  it('asks little when one commit moves the revision of 500 applications', async () => {
    for (let i = 0; i < 500; i += 1) {
      const name = `app-${i}`;
      argo.put(anApplication({ metadata: { name, uid: `uid-${i}` } }), [
        aDeployment({}),
      ]);
    }
    // On a busy machine, a request that takes too long would be made again.
    const { sink } = start({ config: { requestTimeout: 60_000 } });
    await eventually(
      () => {
        const read = [...sink.applications.values()].filter(
          application => application.workloadsObservedAt !== undefined,
        );
        // Not toHaveLength: it writes out all of them each time that it fails,
        // and leaves no time for what is waited for.
        expect(read.length).toBe(500);
      },
      { within: 90_000 },
    );
    await eventually(() => expect(sink.retained).toHaveLength(1));
    // First sight: one object and one list of workloads each, one commit in all.
    expect(argo.count(OBJECT)).toBe(500);
    expect(argo.count(RESOURCES)).toBe(500);
    expect(argo.count(METADATA)).toBe(1);
    // In batches, and not one by one.
    expect(sink.upserts.length).toBeLessThan(500);

    const before = argo.requests.length;
    for (let i = 0; i < 500; i += 1) {
      const status = {
        sync: { revision: sha('b'), ...(i === 250 && { status: 'OutOfSync' }) },
      };
      const name = `app-${i}`;
      argo.put(anApplication({ metadata: { name, uid: `uid-${i}` }, status }));
    }
    await eventually(() => {
      const moved = [...sink.applications.values()].filter(
        application => application.commits[sha('b')],
      );
      expect(moved.length).toBe(500);
      expect(sink.get('app-250')?.sync.state).toBe('out-of-sync');
      expect(sink.get('app-250')?.workloadsObservedAt).toBeDefined();
    });
    // The commit, and the one application that changed.
    expect(
      argo.requests
        .slice(before)
        .map(request => request.path)
        .sort(),
    ).toEqual([
      expect.stringMatching(METADATA),
      '/api/v1/applications/app-250',
      '/api/v1/applications/app-250/managed-resources',
    ]);
  }, 60_000);

  it('reads nothing again that is known from before', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const first = start();
    await eventually(() => {
      expect(first.sink.get('checkout')?.workloads).toHaveLength(1);
      expect(first.sink.get('checkout')?.commits[sha('a')]).toBeDefined();
    });
    await first.stop();
    // As the database gives it back: without what is undefined.
    const known = JSON.parse(
      JSON.stringify([...first.sink.applications.values()]),
    );
    argo.requests.splice(0);
    const second = start({ known });
    await eventually(() => expect(second.sink.retained).toHaveLength(1));
    await eventually(() => expect(argo.count(/version$/)).toBe(1));
    expect(argo.requests.map(request => request.path)).toEqual([
      '/api/v1/stream/applications',
      '/api/v1/applications',
      '/api/version',
    ]);
    expect(second.sink.upserts).toEqual([]);
  });

  it('reads what was stored between a change and its reading', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const first = start();
    await eventually(() =>
      expect(first.sink.get('checkout')?.workloads).toHaveLength(1),
    );
    argo.intercept = request => OBJECT.test(request.path);
    argo.put(anApplication({ status: { sync: { status: 'OutOfSync' } } }), [
      aDeployment({ image: 'registry.example.com/checkout:1.9.1' }),
    ]);
    await eventually(() =>
      expect(first.sink.get('checkout')).toMatchObject({
        sync: { state: 'out-of-sync' },
        workloads: [{ name: 'checkout' }],
        workloadsObservedAt: undefined,
      }),
    );
    await first.stop();
    argo.intercept = undefined;
    const second = start({
      known: [...first.sink.applications.values()],
    });
    await eventually(() =>
      expect(
        second.sink.get('checkout')?.workloads?.[0].wanted?.images.app,
      ).toBe('registry.example.com/checkout:1.9.1'),
    );
  });

  it('applies nothing that was read of an application that has gone since', async () => {
    let answer: (() => void) | undefined;
    argo.intercept = async (request, _response) => {
      if (OBJECT.test(request.path)) {
        await new Promise<void>(resolve => {
          answer = resolve;
        });
      }
      return false;
    };
    const application = anApplication();
    argo.put(application, [aDeployment({})]);
    const { sink } = start();
    await eventually(() => expect(answer).toBeDefined());
    argo.delete(application);
    await eventually(() => expect(sink.get('checkout')).toBeUndefined());
    argo.applications.set('argocd/checkout', application);
    answer?.();
    await sleep(100);
    expect(sink.get('checkout')).toBeUndefined();
  });

  it('lets no answer undo what the stream said since', async () => {
    const release: Array<() => void> = [];
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start();
    await eventually(() => expect(sink.retained).toHaveLength(1));
    await eventually(() =>
      expect(sink.get('checkout')?.workloadsObservedAt).toBeDefined(),
    );
    let held = true;
    argo.intercept = async (request, response) => {
      if (held && OBJECT.test(request.path)) {
        held = false;
        const old = merge(argo.applications.get('argocd/checkout') ?? {}, {});
        await new Promise<void>(resolve => release.push(resolve));
        json(response, 200, old);
        return true;
      }
      return false;
    };
    argo.put(anApplication({ status: { health: { status: 'Progressing' } } }));
    await eventually(() => expect(release).toHaveLength(1));
    argo.put(anApplication({ status: { health: { status: 'Degraded' } } }), [
      aDeployment({ ready: 1 }),
    ]);
    await eventually(() =>
      expect(sink.get('checkout')?.health.state).toBe('degraded'),
    );
    const from = sink.upserts.length;
    release[0]();
    await eventually(() =>
      expect(sink.get('checkout')).toMatchObject({
        health: { state: 'degraded' },
        workloads: [{ live: { replicas: { ready: 1 } } }],
        workloadsObservedAt: expect.any(String),
      }),
    );
    for (const [application] of sink.upserts.slice(from)) {
      expect(application.health.state).toBe('degraded');
    }
  });

  it('keeps the other applications when one cannot be read', async () => {
    const broken = anApplication({
      metadata: { name: 'broken', uid: 'uid-broken' },
      status: { sync: { status: 42 } },
    });
    argo.put(anApplication(), [aDeployment({})]);
    argo.put(broken);
    const { sink, logger } = start({ limits: { relist: 100 } });
    await eventually(() => expect(sink.retained.length).toBeGreaterThan(1));
    expect(sink.get('checkout')).toBeDefined();
    expect(sink.get('broken')).toBeUndefined();
    expect(sink.state).toEqual({ state: 'live' });
    // It exists, and is said to be unreadable once.
    expect(sink.retained.at(-1)).toContainEqual({
      instance: 'main',
      namespace: 'argocd',
      name: 'broken',
    });
    expect(
      logger.warn.mock.calls.filter(([text]) => text.includes('broken')),
    ).toHaveLength(1);
  });

  it('keeps what is known of an application that became unreadable', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start({ limits: { relist: 100 } });
    await eventually(() => expect(sink.get('checkout')).toBeDefined());
    argo.put(anApplication({ spec: { project: ['payments'] } }));
    const lists = sink.retained.length;
    await eventually(() =>
      expect(sink.retained.length).toBeGreaterThan(lists + 1),
    );
    expect(sink.get('checkout')).toMatchObject({
      project: 'payments',
      conditions: [{ type: 'Unreadable' }],
    });
    argo.put(anApplication({ spec: { project: 'shop' } }));
    await eventually(() =>
      expect(sink.get('checkout')).toMatchObject({
        project: 'shop',
        conditions: [],
      }),
    );
  });

  it.each([
    ['that is no text', 42],
    ['that is empty', ''],
    ['of half a character', '\ud800'],
    ['with a control character', 'a\u0000b'],
    ['longer than Kubernetes allows', 'x'.repeat(254)],
  ])(
    'leaves out an application with a name %s, and no other',
    async (_, name) => {
      const application = anApplication();
      argo.put({ ...application, metadata: { ...application.metadata, name } });
      argo.put(anApplication(), [aDeployment({})]);
      const { sink } = start();
      await eventually(() => expect(sink.state).toEqual({ state: 'live' }));
      await eventually(() =>
        expect(sink.get('checkout')?.workloads).toHaveLength(1),
      );
      expect(sink.applications.size).toBe(1);
      expect(argo.count(STREAM)).toBe(1);
    },
  );

  it('reads an application made again under its name from the start', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start();
    await eventually(() =>
      expect(sink.get('checkout')?.history).toHaveLength(1),
    );
    argo.put(
      anApplication({
        metadata: { uid: 'uid-new' },
        status: { history: null, summary: { images: null } },
      }),
      [],
    );
    await eventually(() =>
      expect(sink.get('checkout')).toMatchObject({
        uid: 'uid-new',
        history: [],
        workloads: [],
      }),
    );
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    [
      'a 500 with a web page',
      r => r.writeHead(500, { 'content-type': 'text/html' }).end('<html>'),
      /failed \(HTTP 500\)/,
    ],
    [
      'a 503 of a gateway',
      r => r.writeHead(503, { 'content-type': 'text/plain' }).end('no backend'),
      /not available \(HTTP 503\)/,
    ],
    ['a web page in place of the API', html, /event stream with 'text\/html/],
    [
      'a redirect',
      r => r.writeHead(302, { location: 'http://evil.example/' }).end(),
      /not the API of Argo CD \(HTTP 302\)/,
    ],
    [
      'an error of the server',
      r => error(r, 503, 14, 'connection error'),
      /not available \(HTTP 503\): connection error/,
    ],
    [
      'broken JSON in the stream',
      r =>
        r
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .write('data: {"result":{"type":"ADD\n\n'),
      /not an event/,
    ],
  ])('says that it is down, and why: %s', async (_, respond, reason) => {
    argo.intercept = (request, response) => {
      if (STREAM.test(request.path)) {
        respond(response);
        return true;
      }
      return false;
    };
    const { sink } = start();
    await eventually(() =>
      expect(sink.reports).toContainEqual(
        expect.objectContaining({ reason: expect.stringMatching(reason) }),
      ),
    );
    argo.intercept = undefined;
    await eventually(() => expect(sink.state).toEqual({ state: 'live' }));
  });

  it('says that nothing listens, removes nothing, and comes back by itself', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start();
    await eventually(() => expect(sink.retained).toHaveLength(1));
    await argo.stop();
    await eventually(() =>
      expect(sink.state).toEqual({
        state: 'down',
        reason: expect.stringContaining('connection refused'),
      }),
    );
    expect(sink.get('checkout')).toBeDefined();
    argo.applications.set(
      'argocd/checkout',
      anApplication({ status: { health: { status: 'Degraded' } } }),
    );
    await argo.listen();
    await eventually(() => {
      expect(sink.state).toEqual({ state: 'live' });
      expect(sink.get('checkout')?.health.state).toBe('degraded');
    });
  });

  it('does not take an empty list for nobody as the end of everything', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start({ limits: { relist: 100, refused: 60_000 } });
    await eventually(() => expect(sink.retained.length).toBeGreaterThan(0));
    // Anonymous access is on, and the token became worthless.
    argo.token = 'another';
    argo.intercept = (request, response) => {
      if (LIST.test(request.path)) {
        json(response, 200, { items: null });
        return true;
      }
      return false;
    };
    await eventually(() =>
      expect(sink.state).toEqual({
        state: 'refused',
        reason: expect.stringContaining('anonymous'),
      }),
    );
    expect(sink.get('checkout')).toBeDefined();
  });

  it('reads the list even while a replay never ends', async () => {
    argo.put(anApplication({ metadata: { name: 'listed', uid: 'u' } }));
    const { sink } = start({ limits: { replayAtMost: 200 } });
    await eventually(() => expect(argo.openStreams).toBe(1));
    let i = 0;
    const timer = setInterval(() => {
      i += 1;
      argo.writeToStreams(
        `data: ${JSON.stringify({
          result: {
            type: 'ADDED',
            application: anApplication({ metadata: { name: `x-${i % 3}` } }),
          },
        })}\n\n`,
      );
    }, 5);
    try {
      await eventually(() => expect(sink.retained).toHaveLength(1));
    } finally {
      clearInterval(timer);
    }
  });

  it('repeats a request that failed for a moment', async () => {
    let failures = 2;
    argo.intercept = (request, response) => {
      if (OBJECT.test(request.path) && failures > 0) {
        failures -= 1;
        error(response, 503, 14, 'try again');
        return true;
      }
      return false;
    };
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start();
    await eventually(() =>
      expect(sink.get('checkout')?.workloads).toHaveLength(1),
    );
  });

  it('gives up on an application that cannot be read, and on that one only', async () => {
    argo.intercept = (request, response) => {
      if (/applications\/checkout$/.test(request.path)) {
        error(response, 403, 7, 'permission denied: applications, get');
        return true;
      }
      return false;
    };
    argo.put(anApplication(), [aDeployment({})]);
    argo.put(anApplication({ metadata: { name: 'order', uid: 'uid-order' } }), [
      aDeployment({}),
    ]);
    const { sink } = start();
    await eventually(() =>
      expect(sink.get('order')?.workloads).toHaveLength(1),
    );
    await eventually(() => expect(sink.state).toEqual({ state: 'live' }));
    expect(sink.get('checkout')).toMatchObject({
      health: { state: 'healthy' },
      workloads: undefined,
    });
    // Once a connection: a machine that is slow may have needed two.
    expect(argo.count(/applications\/checkout$/)).toBeLessThanOrEqual(
      argo.count(/stream\/applications$/),
    );
  });

  it('asks once for a commit that cannot be read', async () => {
    argo.intercept = (request, response) => {
      if (METADATA.test(request.path)) {
        error(response, 404, 5, 'no such revision');
        return true;
      }
      return false;
    };
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start({ limits: { relist: 50 } });
    await eventually(() => expect(sink.retained.length).toBeGreaterThan(3));
    expect(argo.count(METADATA)).toBe(1);
    expect(sink.get('checkout')?.commits).toEqual({});
  });

  it('asks again for a commit when the connection ended while it was read', async () => {
    let hold = true;
    argo.intercept = request => hold && METADATA.test(request.path);
    argo.put(anApplication(), [aDeployment({})]);
    const { sink } = start();
    await eventually(() => expect(argo.count(METADATA)).toBe(1));
    hold = false;
    argo.cutStreams();
    await eventually(() =>
      expect(sink.get('checkout')?.commits[sha('a')]).toBeDefined(),
    );
  });

  it('warns of a few of many failures', async () => {
    argo.intercept = (request, response) => {
      if (OBJECT.test(request.path)) {
        error(response, 403, 7, 'permission denied');
        return true;
      }
      return false;
    };
    for (let i = 0; i < 50; i += 1) {
      argo.put(
        anApplication({ metadata: { name: `app-${i}`, uid: `u-${i}` } }),
      );
    }
    const { logger } = start();
    await eventually(() =>
      expect(argo.count(OBJECT)).toBeGreaterThanOrEqual(50),
    );
    expect(
      logger.warn.mock.calls.filter(([text]) =>
        text.includes('Could not read'),
      ),
    ).toHaveLength(5);
  });

  it('A20: reads commits of git sources by position, and of nothing else', async () => {
    argo.put(
      anApplication({
        spec: {
          source: undefined,
          sources: [
            {
              repoURL: 'https://charts.example.com',
              chart: 'checkout',
              targetRevision: '1.*',
            },
            {
              repoURL: 'https://git.example.com/values.git',
              targetRevision: 'main',
            },
            {
              repoURL: 'oci://registry.example.com/base',
              targetRevision: '1.0.0',
            },
          ],
        },
        status: {
          history: [],
          sync: {
            revision: undefined,
            revisions: ['1.4.2', sha('c'), `sha256:${'d'.repeat(64)}`],
          },
        },
      }),
      [aDeployment({})],
    );
    const { sink } = start();
    await eventually(() =>
      expect(Object.keys(sink.get('checkout')?.commits ?? {})).toEqual([
        sha('c'),
      ]),
    );
    const asked = argo.requests.filter(({ path }) => METADATA.test(path));
    expect(asked).toHaveLength(1);
    expect(asked[0].path).toContain(sha('c'));
    expect(asked[0].query.get('sourceIndex')).toBe('1');
  });

  it('ends with the error of the sink, and hands in nothing more', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink, done } = start();
    await eventually(() => expect(sink.retained).toHaveLength(1));
    const lost = Object.assign(new Error('another replica has it'), {
      name: 'LeaseLostError',
    });
    let calls = 0;
    sink.before = async () => {
      calls += 1;
      throw lost;
    };
    argo.put(anApplication({ status: { health: { status: 'Degraded' } } }));
    await expect(done).rejects.toBe(lost);
    await sleep(50);
    expect(calls).toBe(1);
    expect(argo.openStreams).toBe(0);
  });

  it('ends quietly and leaves no connection behind when it is stopped', async () => {
    argo.put(anApplication(), [aDeployment({})]);
    const { sink, stop } = start();
    await eventually(() => expect(sink.retained).toHaveLength(1));
    await stop();
    await eventually(() => expect(argo.openStreams).toBe(0));
  });

  it('writes the token into no report and no line of the log', async () => {
    const token = 'secret.token.value';
    argo.token = token;
    argo.intercept = (_request, response) => {
      error(response, 500, 2, `cannot verify ${token} of admin`);
      return true;
    };
    const { sink, logger } = start({ token });
    await eventually(() => expect(sink.state?.state).toBe('down'));
    argo.intercept = undefined;
    argo.token = 'another';
    await eventually(() => expect(sink.state?.state).toBe('refused'));
    const said = JSON.stringify([
      sink.reports,
      ...[logger.error, logger.warn, logger.info, logger.debug].flatMap(
        method => method.mock.calls,
      ),
    ]);
    expect(said).toContain('redacted');
    expect(said).not.toContain(token);
  });
});
