import { ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..', '..', '..');

/** What the sandbox says when it is ready. */
export type SandboxReady = {
  urls: {
    oidc: string;
    git: string;
    control: string;
    argocd: Record<string, string>;
  };
  credentials: {
    git: { developerUsername: string; developerToken: string };
    argocd: Record<
      string,
      { token: string; actToken: string; adminToken: string }
    >;
  };
};

/** A portal over a sandbox of its own, as `./slipway up` would start them. */
export type Portal = {
  url: string;
  sandbox: SandboxReady;
  /** Environment the portal's configuration was read from. */
  env: Record<string, string>;
  /** Lets something happen in the sandbox; answers with its message. */
  scenario(
    name: string,
    parameters?: Record<string, string | number>,
  ): Promise<unknown>;
  /** Lets simulated waits pass `factor` times as fast. */
  speed(factor: number): Promise<void>;
  /** Stops the backend alone, without stopping the sandbox. */
  stopPortal(signal?: NodeJS.Signals): Promise<void>;
  startPortal(): Promise<void>;
  /** Starts another backend over the same sandbox. */
  startReplica(replica: Replica): Promise<void>;
  stopReplica(name: string, signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
};

/** Another backend: its own port, configuration and environment. */
export type Replica = {
  name: string;
  port: number;
  /** Files laid over app-config.yaml, in order. */
  configs: string[];
  env: Record<string, string>;
};

/**
 * `count` ports in a row that are free now. The sandbox takes a row of five.
 */
export async function freePorts(count: number): Promise<number> {
  const isFree = (port: number) =>
    new Promise<boolean>(done => {
      const server = createServer();
      server.once('error', () => done(false));
      server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
        server.close(() => done(true)),
      );
    });
  for (
    let base = 21_000 + (process.pid % 200) * 20;
    base < 32_000;
    base += 20
  ) {
    const free = await Promise.all(
      Array.from({ length: count }, (_, index) => isFree(base + index)),
    );
    if (free.every(Boolean)) {
      return base;
    }
  }
  throw new Error('There are no free ports between 21000 and 32000');
}

/** Starts a portal; takes as long as `./slipway up` does. */
export async function startPortal(
  options: { services?: number; speed?: number } = {},
): Promise<Portal> {
  const data = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
  const base = await freePorts(6);
  const child: ChildProcess = fork(
    join(ROOT, 'scripts', 'slipway', 'testStack.mjs'),
    [
      '--port',
      String(base),
      '--sandbox-port',
      String(base + 1),
      '--services',
      String(options.services ?? 28),
      '--speed',
      String(options.speed ?? 10),
    ],
    {
      env: { ...process.env, SLIPWAY_DATA_HOME: data },
      // A test runner's own flags are not for the portal.
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  let output = '';
  const remember = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-8_000);
  };
  child.stdout?.on('data', remember);
  child.stderr?.on('data', remember);

  type Ready = {
    portalUrl: string;
    sandbox: SandboxReady;
    env: Record<string, string>;
  };
  const ready = await new Promise<Ready>((done, fail) => {
    child.once('exit', code =>
      fail(new Error(`The portal ended with status ${code}:\n${output}`)),
    );
    child.on('message', (message: Ready & { type: string }) => {
      if (message.type === 'ready') {
        done(message);
      }
    });
  });

  let orders = 0;
  function order(
    message: { type: string; signal?: NodeJS.Signals } & Partial<Replica>,
  ) {
    orders += 1;
    const id = orders;
    return new Promise<void>((done, fail) => {
      const listen = (answer: { type: string; id: number; reason: string }) => {
        if (answer.id !== id) {
          return;
        }
        child.off('message', listen);
        if (answer.type === 'done') {
          done();
        } else {
          fail(new Error(answer.reason));
        }
      };
      child.on('message', listen);
      child.send({ ...message, id });
    });
  }

  async function post(path: string, body: object) {
    const response = await fetch(`${ready.sandbox.urls.control}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(`${path} answered ${JSON.stringify(answer)}`);
    }
    return answer;
  }

  return {
    url: ready.portalUrl,
    sandbox: ready.sandbox,
    env: ready.env,
    scenario: (name, parameters = {}) => post(`/scenarios/${name}`, parameters),
    speed: async factor => {
      await post('/speed', { speed: factor });
    },
    stopPortal: signal => order({ type: 'stop-portal', signal }),
    startPortal: () => order({ type: 'start-portal' }),
    startReplica: replica => order({ type: 'start-portal', ...replica }),
    stopReplica: (name, signal) => order({ type: 'stop-portal', name, signal }),
    async stop() {
      const ended = new Promise(done => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
