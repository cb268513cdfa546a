import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canInstall, install } from './debian.mjs';
import { run } from './run.mjs';

/** @returns {{ bin: string, version: number } | undefined} */
export function findPostgres() {
  const debian = '/usr/lib/postgresql';
  const folders = [
    ...(existsSync(debian)
      ? readdirSync(debian)
          .sort((a, b) => Number(b) - Number(a))
          .map(version => join(debian, version, 'bin'))
      : []),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  for (const bin of folders) {
    if (existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres'))) {
      const text = execFileSync(join(bin, 'postgres'), ['--version'], {
        encoding: 'utf8',
      });
      return { bin, version: Number(/(\d+)/.exec(text)?.[1]) };
    }
  }
  return undefined;
}

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

/** PostgreSQL does not run as root, so root lends it another user. */
function unprivileged() {
  if (process.getuid?.() !== 0) {
    return {};
  }
  try {
    const id = (/** @type {string} */ flag) =>
      Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return { uid: 65534, gid: 65534 };
  }
}

/**
 * A throw-away PostgreSQL for the tests: what is there, else what can be
 * installed.
 *
 * @returns {Promise<{ url: string, version: number, stop: () => Promise<void> } | { reason: string }>}
 */
export async function startPostgres() {
  let found = findPostgres();
  if (!found && canInstall()) {
    await install(['postgresql'], 'Installing PostgreSQL');
    found = findPostgres();
  }
  if (!found) {
    return {
      reason:
        'PostgreSQL is missing: install it (on Debian: apt-get install postgresql)',
    };
  }
  const folder = mkdtempSync(join(tmpdir(), 'slipway-postgres-'));
  const user = unprivileged();
  if (user.uid !== undefined) {
    chownSync(folder, user.uid, user.gid);
  }
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const init = await run(
    join(found.bin, 'initdb'),
    [
      '--pgdata',
      data,
      '--username',
      'slipway',
      '--auth',
      'trust',
      '--encoding',
      'UTF8',
      '--no-locale',
      '--no-sync',
    ],
    {
      ...user,
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder },
      log: 'postgres-init.log',
    },
  );
  if (init.code !== 0) {
    rmSync(folder, { recursive: true, force: true });
    return { reason: `PostgreSQL could not be set up; see ${init.logFile}` };
  }
  const port = await freePort();
  const server = spawn(
    join(found.bin, 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${folder}`,
      // Nobody needs this data after a crash.
      '-c',
      'fsync=off',
      '-c',
      'synchronous_commit=off',
      '-c',
      'max_connections=300',
    ],
    {
      ...user,
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder },
      stdio: 'ignore',
    },
  );
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = new Promise(resolve => {
        server.once('exit', resolve);
      });
      server.kill('SIGQUIT');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await accepts(found.bin, port)) {
      return {
        url: `postgres://slipway@127.0.0.1:${port}/postgres`,
        version: found.version,
        stop,
      };
    }
    await sleep(100);
  }
  await stop();
  return {
    reason: 'PostgreSQL was started and did not get ready within 10 seconds',
  };
}

/** @param {string} bin @param {number} port */
async function accepts(bin, port) {
  const ready = join(bin, 'pg_isready');
  const result = await run(ready, ['-h', '127.0.0.1', '-p', String(port)], {
    env: process.env,
    log: 'postgres-ready.log',
  });
  return result.code === 0;
}
