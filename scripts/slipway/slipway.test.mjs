import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(import.meta.dirname, 'main.mjs');

const home = mkdtempSync(join(tmpdir(), 'slipway-test-'));
after(() => rmSync(home, { recursive: true, force: true }));

/**
 * Runs the command as a person would, in a home of its own.
 *
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function slipway(args, env = {}) {
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [MAIN, ...args],
      {
        env: {
          ...process.env,
          SLIPWAY_HOME: home,
          SLIPWAY_DATA_HOME: join(home, 'data'),
          ...env,
        },
        timeout: 60_000,
      },
    );
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = /** @type {any} */ (error);
    return { code, stdout, stderr };
  }
}

/** @param {string} host @returns {Promise<{ port: number, close: () => void }>} */
function occupy(host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () =>
      resolve({
        port: /** @type {import('node:net').AddressInfo} */ (server.address())
          .port,
        close: () => server.close(),
      }),
    );
  });
}

test('an unknown command is named, with those there are', async () => {
  const { code, stderr } = await slipway(['launch']);
  assert.equal(code, 2);
  assert.match(stderr, /no command 'launch'/);
  assert.match(stderr, /up, dev, test/);
});

test('an unknown option is named', async () => {
  const { code, stderr } = await slipway(['up', '--prot', '7007']);
  assert.equal(code, 2);
  assert.match(stderr, /--prot/);
  assert.match(stderr, /help lists the options of 'up'/);
});

for (const [option, value] of [
  ['--port', 'abc'],
  ['--port', '80'],
  ['--services', '6000'],
  ['--speed', '0'],
]) {
  test(`${option} ${value} is refused with what would do`, async () => {
    const { code, stderr } = await slipway(['up', option, value]);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`${option} is '${value}'`));
    assert.match(stderr, /Give one, such as/);
  });
}

test('a busy port is named before anything is installed', async () => {
  const taken = await occupy('127.0.0.1');
  try {
    const { code, stdout, stderr } = await slipway([
      'up',
      '--port',
      String(taken.port),
    ]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(`Port ${taken.port}, which the portal needs, is in use`),
    );
    assert.match(stderr, /choose another port with --port/);
    assert.doesNotMatch(stdout, /Installing/);
  } finally {
    taken.close();
  }
});

test('a second `up` over the same data is refused while the first lives', async () => {
  const data = join(home, 'locked');
  const { mkdirSync } = await import('node:fs');
  mkdirSync(data);
  writeFileSync(join(data, 'lock'), String(process.pid));
  const { code, stderr } = await slipway(['up'], { SLIPWAY_DATA_HOME: data });
  assert.equal(code, 1);
  assert.match(
    stderr,
    new RegExp(`running already \\(process ${process.pid}\\)`),
  );
});

test('an unreachable registry is told from other failures', async () => {
  const closed = await occupy('127.0.0.1');
  closed.close();
  const { code, stderr } = await slipway(['yarn', '--version'], {
    npm_config_registry: `http://127.0.0.1:${closed.port}/`,
    npm_config_fetch_retries: '0',
    npm_config_cache: join(home, 'empty-cache'),
  });
  assert.equal(code, 1);
  assert.match(stderr, /registry cannot be reached/);
  assert.match(stderr, /npm config set registry/);
});

test('a scenario without a running sandbox says how to start one', async () => {
  const { code, stderr } = await slipway(['scenario', 'bad-image']);
  assert.equal(code, 1);
  assert.match(stderr, /not running/);
  assert.match(stderr, /slipway up/);
});

test('the shell wrapper works from any folder', async () => {
  const { stdout } = await promisify(execFile)(
    join(ROOT, 'slipway'),
    ['help'],
    {
      cwd: tmpdir(),
    },
  );
  assert.match(stdout, /Usage: \.\/slipway <command>/);
});

/**
 * Starts a part by a process that is killed then, and waits until the part has
 * ended, too.
 *
 * @param {{ name: string, program: string, stdout: 'ignore' | 'pipe' }} part
 */
async function endsWithItsParent({ name, program, stdout }) {
  const middle = join(home, `${name}.cjs`);
  writeFileSync(
    middle,
    `const { spawn } = require('node:child_process');
     const child = spawn(process.execPath, ['--require', ${JSON.stringify(
       join(import.meta.dirname, 'die-with-parent.cjs'),
     )}, '-e', ${JSON.stringify(program)}],
       { detached: true, stdio: ['ignore', '${stdout}', 'ignore', 'ipc'] });
     child.stdout?.resume();
     process.send(child.pid);
     setInterval(() => {}, 1000);`,
  );
  const parent = fork(middle);
  /** @type {number} */
  const pid = await new Promise(resolve => {
    parent.once('message', message => resolve(Number(message)));
  });
  const alive = () => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  assert.equal(alive(), true);
  // Long enough for the child to have run its preload.
  await sleep(500);
  parent.kill('SIGKILL');
  for (let waited = 0; alive() && waited < 20_000; waited += 50) {
    await sleep(50);
  }
  if (alive()) {
    process.kill(pid, 'SIGKILL');
    assert.fail('It outlived the process that started it');
  }
}

test('a part ends when the process that started it is killed', () =>
  endsWithItsParent({
    name: 'plain',
    program: 'setInterval(() => {}, 1000)',
    stdout: 'ignore',
  }));

test('a part that logs what nobody caught ends with its reader, too', () =>
  // As Backstage does: each failed write of the log is another thing to log.
  endsWithItsParent({
    name: 'logging',
    program: `process.on('uncaughtException', error => console.log(error));
      process.on('SIGTERM', () => console.log('stopping'));
      setInterval(() => console.log('still here'), 10);`,
    stdout: 'pipe',
  }));
