import { mockServices } from '@backstage/backend-test-utils';
import {
  LiveApplication,
  OPERATION_INFO_ACTION,
  OPERATION_INFO_PERSON,
  SyncCommand,
} from '@slipway/plugin-delivery-node';
import { Sandbox, startSandbox } from '@slipway/sandbox';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request as forward, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, follow, pushChange } from './__testUtils__';
import { ArgoCdUpstream } from './ArgoCdUpstream';
import { ArgoCdCommands } from './commands/ArgoCdCommands';
import { ArgoCdInstanceConfig } from './config';

// A whole platform is built first, which is slow on a small machine; the tests
// themselves wait for simulated time at twenty times speed.
jest.setTimeout(180_000);

const WITHIN = { within: 60_000 };
const { signal } = new AbortController();

type PlatformId = 'microservices' | 'n9';

const plain: SyncCommand = {
  dryRun: false,
  prune: false,
  force: false,
  extraSyncOptions: [],
  infos: {},
};

describe('acting on the Argo CDs of the sandbox', () => {
  let folder: string;
  let sandbox: Sandbox;
  const open: Array<() => Promise<unknown> | void> = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-argocd-act-'));
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
    for (const close of open.splice(0)) {
      await close();
    }
    await sandbox.scenarios.run({ name: 'restore' });
    for (const platform of ['microservices', 'n9'] as const) {
      sandbox.argocd[platform].faults.extendPolicy([]);
      sandbox.argocd[platform].faults.pauseController(false);
    }
  });

  function connect(
    platform: PlatformId,
    config: Partial<ArgoCdInstanceConfig> = {},
  ): ArgoCdCommands {
    const { url, token, actToken } = sandbox.credentials.argocd[platform];
    const logger = mockServices.logger.mock();
    logger.child.mockReturnValue(logger);
    const upstream = ArgoCdUpstream.create({
      config: {
        name: platform,
        title: platform,
        path: 'argocd',
        url,
        pageUrl: url,
        credential: { type: 'token', token },
        actToken,
        ca: undefined,
        requestTimeout: 15_000,
        relistInterval: 60_000,
        maxConcurrentRequests: 4,
        ...config,
      },
      logger,
    });
    open.push(() => upstream.close());
    if (!upstream.commands) {
      throw new Error('the upstream is read only');
    }
    return upstream.commands;
  }

  /** The address of an application, by its name, as the sandbox itself has it. */
  function addressOf(platform: PlatformId, name: string, instance?: string) {
    const application = sandbox.argocd[platform]
      .applications()
      .find(each => each.name === name);
    if (!application) {
      throw new Error(`there is no application ${name}`);
    }
    const { namespace, project } = application;
    return {
      id: { instance: instance ?? platform, namespace, name },
      project,
      signal,
    };
  }

  type Address = ReturnType<typeof addressOf>;

  /** Syncs, and waits until that very operation is over. */
  async function syncAndWait(
    commands: ArgoCdCommands,
    at: Address,
    command: Partial<SyncCommand> = {},
  ): Promise<NonNullable<LiveApplication['operation']>> {
    const action = randomUUID();
    await commands.sync({
      ...at,
      command: {
        ...plain,
        ...command,
        infos: {
          [OPERATION_INFO_ACTION]: action,
          [OPERATION_INFO_PERSON]: 'user:default/ada',
        },
      },
    });
    return waitFor(commands, at, ({ operation }) =>
      operation?.over && operation.infos[OPERATION_INFO_ACTION] === action
        ? operation
        : undefined,
    );
  }

  async function waitFor<T>(
    commands: ArgoCdCommands,
    at: Address,
    pick: (live: LiveApplication) => T | undefined,
  ): Promise<T> {
    const seen: { value?: T } = {};
    await eventually(async () => {
      const live = await commands.read(at);
      seen.value = pick(live);
      if (seen.value === undefined) {
        throw new Error(`not yet: ${JSON.stringify(live.operation)}`);
      }
    }, WITHIN);
    return seen.value as T;
  }

  /** The application as Argo CD has it, for what the adapter does not read. */
  async function wire(platform: PlatformId, { id, project }: Address) {
    const { url, adminToken } = sandbox.credentials.argocd[platform];
    const response = await fetch(
      `${url}/api/v1/applications/${id.name}?appNamespace=${id.namespace}&project=${project}`,
      { headers: { authorization: `Bearer ${adminToken}` } },
    );
    return response.json();
  }

  it('B17: tries a sync without doing it, and tells what it would do', async () => {
    const commands = connect('n9');
    const at = addressOf('n9', 'n9-worker-production');
    const before = await commands.read(at);
    const operation = await syncAndWait(commands, at, { dryRun: true });
    expect(operation).toMatchObject({
      succeeded: true,
      dryRun: true,
      infos: { [OPERATION_INFO_PERSON]: 'user:default/ada' },
    });
    expect(operation.outcomes.length).toBeGreaterThan(3);
    const after = await commands.read(at);
    expect(after.application.history).toEqual(before.application.history);
  });

  it("B19, B20: syncs to what git asks for, with the application's own options and further ones", async () => {
    const commands = connect('microservices');
    const at = addressOf('microservices', 'checkout-dev');
    const { syncOptions, application } = await commands.read(at);
    expect(syncOptions.length).toBeGreaterThan(1);
    // Automatic sync is on: with a revision this would be refused.
    expect(application.policy.automated).toBe(true);
    const operation = await syncAndWait(commands, at, {
      extraSyncOptions: ['ApplyOutOfSyncOnly=true'],
    });
    expect(operation).toMatchObject({
      succeeded: true,
      revisions: application.sync.revisions,
    });
    const { status } = await wire('microservices', at);
    expect(status.operationState.operation).toMatchObject({
      initiatedBy: { username: 'portal-act' },
      sync: { syncOptions: [...syncOptions, 'ApplyOutOfSyncOnly=true'] },
    });
  });

  it('B7: leaves what git no longer has, and deletes it when told to', async () => {
    const commands = connect('n9');
    const at = addressOf('n9', 'n9-worker-production');
    const sha = await pushChange({
      sandbox,
      folder,
      repository: 'n9/gitops',
      file: 'apps/n9-worker/base/kustomization.yaml',
      change: text => text.replace(/\n *- pdb\.yaml/, ''),
      message: 'Do without a disruption budget',
    });
    await eventually(async () => {
      await commands.refresh({ ...at, hard: false });
      const { application, resources } = await commands.read(at);
      expect(application.sync).toEqual({
        state: 'out-of-sync',
        revisions: [sha],
      });
      expect(resources).toContainEqual(
        expect.objectContaining({
          kind: 'PodDisruptionBudget',
          state: 'out-of-sync',
          requiresPruning: true,
        }),
      );
    }, WITHIN);
    const budget = (outcome: string) =>
      expect.objectContaining({ kind: 'PodDisruptionBudget', outcome });
    const kept = await syncAndWait(commands, at);
    expect(kept).toMatchObject({ succeeded: true, revisions: [sha] });
    expect(kept.outcomes).toContainEqual(budget('prune-skipped'));
    expect((await commands.read(at)).application.sync.state).toBe(
      'out-of-sync',
    );
    const pruned = await syncAndWait(commands, at, { prune: true });
    expect(pruned.outcomes).toContainEqual(budget('pruned'));
    await waitFor(commands, at, ({ application }) =>
      application.sync.state === 'synced' && application.verified
        ? true
        : undefined,
    );
  });

  it('A3, B4: meets a sync that waits for a hook for ever, and terminates it', async () => {
    const commands = connect('microservices');
    const at = addressOf('microservices', 'pricing-staging');
    await expect(commands.terminate(at)).rejects.toMatchObject({
      kind: 'no-operation',
    });
    await sandbox.scenarios.run({ name: 'stuck-hook' });
    await commands.refresh({ ...at, hard: true });
    // Automatic in this environment or not: now there is one.
    await commands.sync({ ...at, command: plain }).catch(() => {});
    const running = await waitFor(commands, at, ({ operation }) =>
      operation?.outcomes.some(({ outcome }) => outcome === 'running')
        ? operation
        : undefined,
    );
    expect(running).toMatchObject({
      over: false,
      message: expect.stringContaining('waiting for completion of hook'),
    });
    expect(running.outcomes).toContainEqual(
      expect.objectContaining({
        kind: 'Job',
        hook: 'PreSync',
        outcome: 'running',
      }),
    );
    await expect(
      commands.sync({ ...at, command: plain }),
    ).rejects.toMatchObject({
      kind: 'operation-in-progress',
      mayHaveHappened: false,
    });
    await commands.terminate(at);
    const over = await waitFor(commands, at, ({ operation }) =>
      operation?.over ? operation : undefined,
    );
    expect(over.succeeded).toBe(false);
  });

  it('A4: is refused by a freeze, and knows until when', async () => {
    const commands = connect('n9');
    const at = addressOf('n9', 'n9-worker-production');
    const windows = () =>
      commands.syncWindows({
        ...at,
        now: sandbox.clock.now().toISOString(),
      });
    await expect(windows()).resolves.toMatchObject({ allowed: true });
    await sandbox.scenarios.run({
      name: 'freeze',
      parameters: { instance: 'n9', minutes: 600 },
    });
    await eventually(async () => {
      await expect(windows()).resolves.toMatchObject({ allowed: false });
    }, WITHIN);
    const verdict = await windows();
    expect(verdict.windows).toContainEqual({
      kind: 'deny',
      schedule: expect.any(String),
      duration: '600m',
      manualSync: false,
      description: 'Freeze',
      timeZone: 'UTC',
      active: true,
    });
    const wait =
      Date.parse(verdict.opensAt ?? '') - sandbox.clock.now().getTime();
    expect(wait / 60_000).toBeGreaterThan(500);
    expect(wait / 60_000).toBeLessThanOrEqual(600);
    await expect(
      commands.sync({ ...at, command: plain }),
    ).rejects.toMatchObject({
      kind: 'blocked-by-sync-window',
      mayHaveHappened: false,
    });
    // Whoever may not read projects knows less, and still enough.
    sandbox.argocd.n9.faults.extendPolicy([
      'p, role:readonly, projects, get, *, deny',
    ]);
    await expect(windows()).resolves.toMatchObject({
      allowed: false,
      opensAt: undefined,
    });
    await sandbox.scenarios.run({ name: 'restore' });
    await eventually(async () => {
      await expect(windows()).resolves.toMatchObject({ allowed: true });
    }, WITHIN);
  });

  it('A2: is refused when the account may not, and tells nobody its name', async () => {
    const at = addressOf('n9', 'n9-worker-production');
    const reader = connect('n9', {
      actToken: sandbox.credentials.argocd.n9.token,
    });
    const actor = connect('n9');
    await sandbox.scenarios.run({
      name: 'permission-denied',
      parameters: { instance: 'n9', project: at.project },
    });
    for (const commands of [reader, actor]) {
      for (const act of [
        () => commands.sync({ ...at, command: plain }),
        () => commands.terminate(at),
      ]) {
        const failure = await act().catch(error => error);
        expect(failure).toMatchObject({
          kind: 'forbidden',
          mayHaveHappened: false,
        });
        expect(String(failure)).not.toMatch(/portal-|sub:|iat:/);
      }
      // Reading goes on.
      await expect(commands.read(at)).resolves.toMatchObject({
        application: { id: at.id },
      });
    }
  });

  it('needs no more of Argo CD than the README asks for', async () => {
    const { faults } = sandbox.argocd.microservices;
    // Denying beats allowing: what is left is what the README lists.
    faults.extendPolicy([
      ...[
        'clusters',
        'repositories',
        'certificates',
        'accounts',
        'gpgkeys',
      ].map(resource => `p, role:readonly, ${resource}, get, *, deny`),
      'p, role:readonly, logs, get, */*, deny',
      'p, role:portal-act, projects, get, *, deny',
      'p, role:portal-act, clusters, get, *, deny',
      ...['update', 'delete', 'create', 'override', 'action/*'].map(
        action => `p, role:portal-act, applications, ${action}, */*, deny`,
      ),
    ]);
    const { url, actToken } = sandbox.credentials.argocd.microservices;
    const denied = await fetch(`${url}/api/v1/projects/default`, {
      headers: { authorization: `Bearer ${actToken}` },
    });
    expect(denied.status).toBe(403);
    const commands = connect('microservices');
    const at = addressOf('microservices', 'checkout-dev');
    await commands.refresh({ ...at, hard: true });
    await expect(
      commands.syncWindows({ ...at, now: sandbox.clock.now().toISOString() }),
    ).resolves.toMatchObject({ allowed: true });
    const operation = await syncAndWait(commands, at, {
      prune: true,
      force: true,
      extraSyncOptions: ['ServerSideApply=true'],
    });
    expect(operation.succeeded).toBe(true);
    // Allowed, and there is none.
    await expect(commands.terminate(at)).rejects.toMatchObject({
      kind: 'no-operation',
    });
  });

  it('A7: waits for a refresh, and says when it takes longer', async () => {
    const at = addressOf('microservices', 'checkout-dev');
    const { faults } = sandbox.argocd.microservices;
    await expect(
      connect('microservices').refresh({ ...at, hard: true }),
    ).resolves.toEqual({ done: true });
    faults.pauseController(true);
    await expect(
      connect('microservices', { requestTimeout: 500 }).refresh({
        ...at,
        hard: false,
      }),
    ).resolves.toEqual({ done: false });
  });

  it('A13: acts on an application in a namespace of its own', async () => {
    const commands = connect('microservices');
    const at = addressOf('microservices', 'shipping-dev');
    expect(at.id.namespace).not.toBe('argocd');
    await expect(syncAndWait(commands, at)).resolves.toMatchObject({
      succeeded: true,
    });
    const elsewhere = { ...at, id: { ...at.id, namespace: 'argocd' } };
    for (const act of [
      () => commands.read(elsewhere),
      () => commands.sync({ ...elsewhere, command: plain }),
      () => commands.refresh({ ...elsewhere, hard: false }),
      () => commands.terminate(elsewhere),
    ]) {
      await expect(act()).rejects.toMatchObject({ kind: 'not-found' });
    }
  });

  it('A20: acts on an application of several sources, each with its revision', async () => {
    const commands = connect('microservices');
    const at = addressOf('microservices', 'notification-dev');
    const { application } = await commands.read(at);
    expect(application.sources).toHaveLength(2);
    expect(application.sync.revisions).toHaveLength(2);
    const operation = await syncAndWait(commands, at);
    expect(operation).toMatchObject({
      succeeded: true,
      revisions: application.sync.revisions,
    });
  });

  it('B2: shows on the projection which action an operation was started for', async () => {
    const { url, token } = sandbox.credentials.argocd.n9;
    const follower = follow({ url, token, config: { name: 'n9' } });
    open.push(() => follower.stop());
    const commands = connect('n9');
    const at = addressOf('n9', 'n9-worker-production');
    const actionId = randomUUID();
    await commands.sync({
      ...at,
      command: {
        ...plain,
        dryRun: true,
        infos: { [OPERATION_INFO_ACTION]: actionId },
      },
    });
    await eventually(() => {
      expect(
        follower.sink.get('n9-worker-production', 'argocd', 'n9')?.operation,
      ).toMatchObject({ actionId, phase: 'succeeded', dryRun: true });
    }, WITHIN);
  });

  it('A2: does not follow an application into another project', async () => {
    const { url, token } = sandbox.credentials.argocd.microservices;
    const follower = follow({ url, token, config: { name: 'microservices' } });
    open.push(() => follower.stop());
    const commands = connect('microservices');
    const before = addressOf('microservices', 'review-dev');
    await pushChange({
      sandbox,
      folder,
      repository: 'microservices/gitops',
      file: 'environments/dev/apps/review.yaml',
      change: text => text.replace(/\n {2}project: .*/, '\n  project: default'),
      message: 'Move review to another project',
    });
    const root = addressOf('microservices', 'root-dev');
    await eventually(async () => {
      await commands.refresh({ ...root, hard: false });
      expect(addressOf('microservices', 'review-dev').project).toBe('default');
    }, WITHIN);
    for (const act of [
      () => commands.read(before),
      () => commands.sync({ ...before, command: plain }),
    ]) {
      await expect(act()).rejects.toMatchObject({
        kind: 'not-found',
        message: expect.stringContaining('moved'),
      });
    }
    await expect(
      commands.read({ ...before, project: 'default' }),
    ).resolves.toMatchObject({ application: { project: 'default' } });
    await eventually(() => {
      expect(
        follower.sink.get('review-dev', 'argocd', 'microservices')?.project,
      ).toBe('default');
    }, WITHIN);
  });

  describe('reached in another way', () => {
    async function adminLogin(platform: PlatformId) {
      const file = join(folder, 'data', 'argocd', platform, 'secrets.json');
      const { adminPassword } = JSON.parse(await readFile(file, 'utf8'));
      return {
        type: 'login' as const,
        username: 'admin',
        password: String(adminPassword),
      };
    }

    function logins(platform: PlatformId): number {
      return (
        sandbox.argocd[platform].requestCounts()['POST /api/v1/session'] ?? 0
      );
    }

    it('A6: logs in once for following and for all that commands read', async () => {
      const credential = await adminLogin('n9');
      const before = logins('n9');
      const { url } = sandbox.credentials.argocd.n9;
      const commands = connect('n9', { credential });
      const at = addressOf('n9', 'n9-worker-production');
      await Promise.all([
        commands.read(at),
        commands.read(at),
        commands.syncWindows({ ...at, now: sandbox.clock.now().toISOString() }),
      ]);
      expect(logins('n9') - before).toBe(1);
      const follower = follow({ url, config: { name: 'n9', credential } });
      open.push(() => follower.stop());
      await eventually(() => {
        expect(follower.sink.state).toEqual({ state: 'live' });
        expect(follower.sink.applications.size).toBeGreaterThan(0);
      }, WITHIN);
      // Another process has a session of its own.
      expect(logins('n9') - before).toBe(2);
    });

    it('A6: says of a wrong password what Argo CD says of it', async () => {
      const credential = await adminLogin('n9');
      await expect(
        connect('n9', {
          credential: { ...credential, password: 'wrong' },
        }).read(addressOf('n9', 'n9-worker-production')),
      ).rejects.toMatchObject({ kind: 'unauthenticated' });
    });

    /** An Argo CD that was started with `--rootpath`, as a proxy before it. */
    async function underRootPath(platform: PlatformId, rootPath: string) {
      const target = new URL(sandbox.credentials.argocd[platform].url);
      const server: Server = createServer((request, response) => {
        if (!request.url?.startsWith(`${rootPath}/`)) {
          response.writeHead(404, { 'content-type': 'text/plain' });
          response.end('404 page not found');
          return;
        }
        const { method, headers } = request;
        const passed = forward(
          {
            host: target.hostname,
            port: target.port,
            path: request.url.slice(rootPath.length),
            method,
            headers,
          },
          answer => {
            response.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(response);
          },
        );
        passed.on('error', () => response.destroy());
        response.on('close', () => passed.destroy());
        request.pipe(passed);
      });
      await new Promise<void>(resolve =>
        server.listen(0, '127.0.0.1', resolve),
      );
      open.push(() => {
        server.closeAllConnections();
        server.close();
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }

    it('A5: works below a root path, by login and by token, and not beside it', async () => {
      const origin = await underRootPath('n9', '/tools/argocd');
      const url = `${origin}/tools/argocd`;
      const credential = await adminLogin('n9');
      const at = addressOf('n9', 'n9-worker-production');
      const commands = connect('n9', { url, credential });
      await expect(
        syncAndWait(commands, at, { dryRun: true }),
      ).resolves.toMatchObject({ succeeded: true });
      await expect(commands.refresh({ ...at, hard: false })).resolves.toEqual({
        done: true,
      });
      const follower = follow({ url, config: { name: 'n9', credential } });
      open.push(() => follower.stop());
      await eventually(
        () => expect(follower.sink.state).toEqual({ state: 'live' }),
        WITHIN,
      );
      await expect(
        connect('n9', { url: origin }).sync({ ...at, command: plain }),
      ).rejects.toMatchObject({
        kind: 'unexpected',
        mayHaveHappened: false,
        message: expect.stringContaining('--rootpath'),
      });
    });

    it('A13: keeps two instances with the same applications apart', async () => {
      const { url, token } = sandbox.credentials.argocd.n9;
      const east = follow({ url, token, config: { name: 'east' } });
      const west = follow({
        url,
        token,
        config: { name: 'west' },
        sink: east.sink,
      });
      open.push(
        () => east.stop(),
        () => west.stop(),
      );
      await eventually(() => {
        for (const instance of ['east', 'west']) {
          expect(
            east.sink.get('n9-worker-production', 'argocd', instance),
          ).toMatchObject({ id: { instance } });
        }
      }, WITHIN);
      const commands = connect('n9', { name: 'east' });
      const name = 'n9-worker-production';
      await expect(
        commands.read(addressOf('n9', name, 'east')),
      ).resolves.toMatchObject({ application: { id: { instance: 'east' } } });
      await expect(
        commands.sync({ ...addressOf('n9', name, 'west'), command: plain }),
      ).rejects.toMatchObject({ kind: 'invalid', mayHaveHappened: false });
    });
  });
});
