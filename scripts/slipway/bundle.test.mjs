import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './paths.mjs';
import { startPostgres } from './postgres.mjs';
import { ensureToolchain } from './toolchain.mjs';

const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 90_000;

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (
        server.address()
      );
      server.close(() => resolve(port));
    });
  });
}

/**
 * What the last stages of the Dockerfile copy from the repository, so that a
 * file that is forgotten there is missing here.
 */
function copiedFiles() {
  const text = readFileSync(
    join(ROOT, 'packages', 'backend', 'Dockerfile'),
    'utf8',
  );
  return text
    .slice(text.indexOf('AS dependencies'))
    .split('\n')
    .flatMap(
      line => /^COPY (?!--from)(.+) \.\/$/.exec(line)?.[1].split(' ') ?? [],
    );
}

/**
 * Whether root may give a process a file system of its own here, which cannot
 * be written.
 */
function canMount() {
  try {
    execFileSync(
      'unshare',
      ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'],
      {
        stdio: 'ignore',
      },
    );
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

/**
 * Words that run a command as user 1000, without a capability, over a root that
 * cannot be written but for /tmp, as in the image.
 *
 * @param {string} folder of the portal
 * @param {string} node folder of the Node to run
 */
function confined(folder, node) {
  const script = [
    'set -e',
    'mount --make-rprivate /',
    'mkdir -p /mnt/portal /mnt/node',
    'mount --bind "$1" /mnt/portal',
    'mount --bind "$2" /mnt/node',
    'mount -o remount,ro,bind /mnt/portal',
    'mount -t tmpfs -o size=1g tmpfs /tmp',
    'mount -o remount,ro,bind /',
    'cd /mnt/portal',
    'shift 2',
    'exec setpriv --reuid 1000 --regid 1000 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all /mnt/node/node "$@"',
  ].join('\n');
  return ['unshare', '--mount', 'sh', '-c', script, 'sh', folder, node];
}

test(
  'the bundle starts as the image starts it: production dependencies only, over a root that cannot be written',
  {
    skip: process.env.SLIPWAY_TEST_BUNDLE
      ? false
      : 'it builds and installs for five minutes: set SLIPWAY_TEST_BUNDLE=1',
  },
  async t => {
    const toolchain = await ensureToolchain();
    const postgres = await startPostgres();
    if ('reason' in postgres) {
      t.skip(postgres.reason);
      return;
    }
    const home = mkdtempSync(join(tmpdir(), 'slipway-bundle-'));
    t.after(async () => {
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    });
    const dist = join(ROOT, 'packages', 'backend', 'dist');
    const yarn = (/** @type {string[]} */ words, /** @type {string} */ cwd) =>
      execFileSync(toolchain.node, [toolchain.yarn, ...words], {
        cwd,
        env: toolchain.env,
        stdio: 'pipe',
      });
    const extract = (/** @type {string} */ archive) =>
      execFileSync('tar', ['-xzf', join(dist, archive), '-C', folder]);

    if (process.env.SLIPWAY_TEST_BUNDLE !== 'built') {
      yarn(['build:backend'], ROOT);
    }
    const folder = join(home, 'portal');
    mkdirSync(folder);
    for (const file of copiedFiles()) {
      assert.ok(existsSync(join(ROOT, file)), file);
      cpSync(join(ROOT, file), join(folder, file));
    }
    extract('skeleton.tar.gz');
    yarn(['workspaces', 'focus', '--all', '--production'], folder);
    extract('bundle.tar.gz');
    // The archive's own root is a folder that only its maker may enter
    chmodSync(folder, 0o755);
    chmodSync(home, 0o755);
    assert.ok(!existsSync(join(folder, 'node_modules', 'jest')));

    const [port, metricsPort] = [await freePort(), await freePort()];
    const database = new URL(postgres.url);
    const nodeFolder = join(toolchain.node, '..');
    const isConfined = canMount();
    if (!isConfined) {
      t.diagnostic('not as root here: the file system was not made read-only');
    }
    const [command, ...words] = [
      ...(isConfined ? confined(folder, nodeFolder) : [toolchain.node]),
      'packages/backend',
      '--config',
      'app-config.yaml',
      '--config',
      'app-config.production.yaml',
    ];
    const portal = spawn(command, words, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // This and nothing else: a secret of the machine's must not help it
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        PORTAL_URL: `http://localhost:${port}`,
        CATALOG_LOCATION: 'https://git.example.com/all.yaml',
        OIDC_METADATA_URL: 'http://127.0.0.1:1/openid-configuration',
        OIDC_CLIENT_ID: 'slipway',
        OIDC_CLIENT_SECRET: 'secret',
        ARGOCD_URL: 'http://127.0.0.1:1',
        ARGOCD_TOKEN: 'token',
        SESSION_SECRET: 'x'.repeat(32),
        POSTGRES_HOST: database.hostname,
        POSTGRES_PORT: database.port,
        POSTGRES_USER: database.username,
        POSTGRES_PASSWORD: 'unused',
        METRICS_PORT: String(metricsPort),
        APP_CONFIG_backend_listen_port: String(port),
      },
    });
    let output = '';
    for (const stream of [portal.stdout, portal.stderr]) {
      stream.on('data', chunk => {
        output = (output + chunk).slice(-20_000);
      });
    }
    const ended = new Promise(resolve => {
      portal.once('exit', (code, signal) => resolve(code ?? signal));
    });
    t.after(() => portal.kill('SIGKILL'));

    /** @param {string} url */
    const status = url =>
      fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
        response => response.status,
        () => 0,
      );
    const base = `http://localhost:${port}`;
    const deadline = Date.now() + START_LIMIT_MS;
    while ((await status(`${base}/.backstage/health/v1/readiness`)) !== 200) {
      assert.ok(
        Date.now() < deadline && portal.exitCode === null,
        `it did not start:\n${output}`,
      );
      await sleep(500);
    }
    assert.equal(await status(`${base}/.backstage/health/v1/liveness`), 200);
    assert.equal(await status(`${base}/`), 200, 'it shows the app');
    assert.equal(await status(`${base}/api/delivery/fleet`), 401);
    assert.equal(await status(`http://localhost:${metricsPort}/metrics`), 200);
    assert.doesNotMatch(output, /EROFS|EACCES/);

    portal.kill('SIGTERM');
    const how = await Promise.race([ended, sleep(STOP_LIMIT_MS, 'nothing')]);
    assert.equal(how, 0, `it did not stop in good order:\n${output}`);
  },
);
