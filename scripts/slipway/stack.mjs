import { existsSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATA, ROOT, RUNNING } from './paths.mjs';
import { requirePorts } from './ports.mjs';
import { Problem } from './problem.mjs';
import { createProcessGroup } from './processes.mjs';
import { say, step } from './say.mjs';
import { portalSecrets } from './secrets.mjs';

/** Ports of the sandbox, counted from its base, as its README lists them. */
const SANDBOX_PORTS = [
  'sign-in server',
  'Git server',
  'Argo CD of the microservices platform',
  'Argo CD of the N9 platform',
  'control server',
];

const SANDBOX_LIMIT_MS = 180_000;
const PORTAL_LIMIT_MS = 240_000;

/**
 * @typedef {object} StackOptions
 * @property {number} port of the portal
 * @property {number} sandboxPort the first of the sandbox's five
 * @property {number} services how many services the sandbox has
 * @property {number} speed how much faster simulated waits pass
 * @property {string} [appUrl] where the app is served, if not by the portal
 */

/** What a developer keeps beside app-config.yaml, if anything. */
function localConfig() {
  const file = join(ROOT, 'app-config.local.yaml');
  return existsSync(file) ? [file] : [];
}

/**
 * The sandbox and the portal as one: started in order, watched together,
 * stopped together.
 *
 * @param {import('./toolchain.mjs').Toolchain} toolchain
 * @param {StackOptions} options
 */
export function createStack(toolchain, options) {
  const group = createProcessGroup();
  const portalUrl = `http://localhost:${options.port}`;

  /**
   * Waits for a condition while watching that no part ends meanwhile.
   *
   * @param {Promise<any>} condition
   * @param {{ what: string, limit: number }} about
   */
  async function waitFor(condition, { what, limit }) {
    const abort = new AbortController();
    const outcome = await Promise.race([
      condition.then(value => ({ value })),
      group.firstEnd().then(end => ({ end })),
      sleep(limit, { late: true }, { signal: abort.signal }).catch(() => ({
        late: true,
      })),
    ]);
    abort.abort();
    if ('end' in outcome) {
      const { part, how } = outcome.end;
      throw new Problem(
        `The ${part.name} ${how}.`,
        `Its log is ${part.logFile}. The last it said:\n${part
          .tail()
          .slice(-12)
          .join('\n')}`,
      );
    }
    if ('late' in outcome) {
      throw new Problem(
        `${what} did not get ready within ${limit / 1000} seconds.`,
        'Its log is in .slipway/logs; ./slipway doctor looks at the machine.',
      );
    }
    return outcome.value;
  }

  async function startSandbox() {
    await requirePorts(
      SANDBOX_PORTS.map((what, index) => ({
        port: options.sandboxPort + index,
        what: `the sandbox's ${what}`,
        option: '--sandbox-port',
      })),
    );
    const progress = step('Starting the sandbox');
    try {
      const part = group.start({
        name: 'sandbox',
        node: toolchain.node,
        entry: join(ROOT, 'packages', 'sandbox', 'src', 'main.ts'),
        args: [
          '--data',
          join(DATA, 'sandbox'),
          '--port-base',
          String(options.sandboxPort),
          '--portal-url',
          portalUrl,
          '--services',
          String(options.services),
          '--speed',
          String(options.speed),
        ],
        cwd: ROOT,
        env: toolchain.env,
      });
      const ready = await waitFor(
        part.message(message => message?.type === 'ready'),
        { what: 'The sandbox', limit: SANDBOX_LIMIT_MS },
      );
      progress.done();
      return ready;
    } catch (error) {
      progress.failed();
      throw error;
    }
  }

  /**
   * What the portal's configuration takes from the environment.
   *
   * @param {any} sandbox the sandbox's "ready" message
   * @returns {NodeJS.ProcessEnv}
   */
  function portalEnvironment(sandbox) {
    const secrets = portalSecrets();
    const { urls, credentials } = sandbox;
    return {
      ...toolchain.env,
      SLIPWAY_APP_URL: options.appUrl ?? portalUrl,
      SLIPWAY_PORTAL_URL: portalUrl,
      SLIPWAY_PORTAL_PORT: String(options.port),
      SLIPWAY_DATA: join(DATA, 'portal'),
      SLIPWAY_SESSION_SECRET: secrets.session,
      SLIPWAY_PROBE_TOKEN: secrets.probe,
      SLIPWAY_OIDC_URL: urls.oidc,
      SLIPWAY_OIDC_CLIENT_ID: credentials.oidc.clientId,
      SLIPWAY_OIDC_CLIENT_SECRET: credentials.oidc.clientSecret,
      SLIPWAY_GIT_URL: urls.git,
      SLIPWAY_GIT_HOST: new URL(urls.git).host,
      SLIPWAY_GIT_USERNAME: credentials.git.username,
      SLIPWAY_GIT_TOKEN: credentials.git.token,
      SLIPWAY_GIT_ACT_USERNAME: credentials.git.actUsername,
      SLIPWAY_GIT_ACT_TOKEN: credentials.git.actToken,
      SLIPWAY_ARGOCD_MICROSERVICES_URL: urls.argocd.microservices,
      SLIPWAY_ARGOCD_MICROSERVICES_TOKEN:
        credentials.argocd.microservices.token,
      SLIPWAY_ARGOCD_N9_URL: urls.argocd.n9,
      SLIPWAY_ARGOCD_N9_TOKEN: credentials.argocd.n9.token,
      SLIPWAY_ARGOCD_MICROSERVICES_ACT_TOKEN:
        credentials.argocd.microservices.actToken,
      SLIPWAY_ARGOCD_N9_ACT_TOKEN: credentials.argocd.n9.actToken,
    };
  }

  /**
   * Starts a backend that serves the app, and waits until it is of use.
   *
   * @param {NodeJS.ProcessEnv} env what its configuration takes
   * @param {object} [variant] for replicas of it in tests
   * @param {string} [variant.name]
   * @param {number} [variant.port]
   * @param {string[]} [variant.configs] laid over app-config.yaml, in order
   */
  async function startPortal(
    env,
    { name = 'portal', port = options.port, configs = localConfig() } = {},
  ) {
    await requirePorts([{ port, what: `the ${name}`, option: '--port' }]);
    const progress = step(`Starting the ${name}`);
    try {
      const part = group.start({
        name,
        node: toolchain.node,
        entry: join(ROOT, 'packages', 'backend', 'src', 'index.ts'),
        args: [join(ROOT, 'app-config.yaml'), ...configs].flatMap(file => [
          '--config',
          file,
        ]),
        cwd: join(ROOT, 'packages', 'backend'),
        env: { ...env, NODE_ENV: 'production' },
      });
      await waitFor(
        portalReady(
          `http://localhost:${port}`,
          env.SLIPWAY_PROBE_TOKEN ?? '',
          progress,
        ),
        { what: `The ${name}`, limit: PORTAL_LIMIT_MS },
      );
      progress.done();
      return part;
    } catch (error) {
      progress.failed();
      throw error;
    }
  }

  /**
   * The portal is ready when a person who opens it can sign in and see
   * something: people are in the catalog, and deployments in the fleet.
   *
   * @param {string} url
   * @param {string} token
   * @param {{ progress: (detail: string) => void }} progress
   */
  async function portalReady(url, token, progress) {
    /** @param {string} path */
    const ask = async path => {
      try {
        const response = await fetch(`${url}${path}`, {
          headers: { authorization: `Bearer ${token}` },
          signal: AbortSignal.timeout(5_000),
        });
        return response.ok ? await response.json() : undefined;
      } catch {
        return undefined;
      }
    };
    const conditions = [
      {
        waitingFor: 'its plugins',
        met: async () => Boolean(await ask('/.backstage/health/v1/readiness')),
      },
      {
        waitingFor: 'people in the catalog',
        met: async () => {
          const users = await ask(
            '/api/catalog/entities/by-query?filter=kind=user&limit=1',
          );
          return users?.totalItems > 0;
        },
      },
      {
        waitingFor: 'deployments in the fleet',
        met: async () =>
          (await ask('/api/delivery/fleet?limit=1'))?.totals?.services > 0,
      },
    ];
    for (const { waitingFor, met } of conditions) {
      progress.progress(`waiting for ${waitingFor}`);
      while (!(await met())) {
        await sleep(250);
      }
    }
  }

  return {
    portalUrl,
    startSandbox,
    portalEnvironment,
    startPortal,
    stop: group.stop,
    stopPart: group.stopPart,
    firstEnd: group.firstEnd,
    /** @param {any} sandbox */
    remember(sandbox) {
      writeFileSync(
        RUNNING,
        JSON.stringify(
          { pid: process.pid, portal: portalUrl, ...sandbox.urls },
          undefined,
          2,
        ),
        { mode: 0o600 },
      );
    },
    /** Says who can sign in, and how. @param {any} sandbox */
    introduce(sandbox) {
      say();
      say(`  Slipway is ready:  ${options.appUrl ?? portalUrl}`);
      say();
      say(
        '  Choose "Sign in", then one of these people; there are no passwords:',
      );
      for (const persona of sandbox.personas ?? []) {
        say(`    ${persona.name.padEnd(18)} ${persona.role}`);
      }
      say();
      say(
        `  Push to it:        git clone ${sandbox.urls.git}/microservices/gitops`,
      );
      say(
        `                     user ${
          sandbox.credentials.git.developerUsername
        }, password in ${relative(
          process.cwd(),
          join(DATA, 'sandbox', 'credentials.json'),
        )}`,
      );
      say('  Change its world:  ./slipway scenario list');
      say('  Stop it:           Ctrl-C');
      say();
    },
  };
}

/**
 * Resolves when somebody asks this process to stop.
 *
 * @returns {Promise<string>} the signal's name
 */
export function stopRequested() {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.once(signal, () => resolve(signal));
    }
  });
}
