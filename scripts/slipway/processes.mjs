import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LOGS, ROOT } from './paths.mjs';

/** How long a part may take to stop by itself before it is killed. */
const STOP_LIMIT_MS = 8_000;

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} logFile
 * @property {number | undefined} pid
 * @property {Promise<string>} ended resolves, with words, when it is over
 * @property {() => string[]} tail the last lines it said
 * @property {(predicate: (message: any) => boolean) => Promise<any>} message
 *   the first message of the part over IPC that fits
 */

/**
 * Parts that live and die together: when one ends, whoever waits is told, and
 * `stop` ends all of them. Each part also ends by itself when this process is
 * killed, because it watches the IPC channel (die-with-parent.cjs).
 */
export function createProcessGroup() {
  /** @type {{ part: Part, child: import('node:child_process').ChildProcess }[]} */
  const running = [];

  /**
   * Starts a TypeScript entry point under the transform that Backstage's own
   * CLI uses, without the CLI's wrapper around it.
   *
   * @param {object} options
   * @param {string} options.name
   * @param {string} options.node
   * @param {string} options.entry
   * @param {string[]} options.args
   * @param {string} options.cwd
   * @param {NodeJS.ProcessEnv} options.env
   * @returns {Part}
   */
  function start({ name, node, entry, args, cwd, env }) {
    mkdirSync(LOGS, { recursive: true });
    const logFile = join(LOGS, `${name}.log`);
    const log = createWriteStream(logFile);
    const child = spawn(
      node,
      [
        '--require',
        join(ROOT, 'scripts', 'slipway', 'die-with-parent.cjs'),
        '--require',
        join(
          ROOT,
          'node_modules',
          '@backstage',
          'cli-node',
          'config',
          'nodeTransform.cjs',
        ),
        entry,
        ...args,
      ],
      // A group of its own, so that Ctrl-C reaches only us and the order of
      // stopping is ours.
      { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    /** @type {string[]} */
    const lines = [];
    /** @param {Buffer} chunk */
    const take = chunk => {
      log.write(chunk);
      lines.push(...chunk.toString().split('\n').filter(Boolean));
      lines.splice(0, Math.max(0, lines.length - 60));
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    const ended = new Promise(resolve => {
      child.once('error', error =>
        resolve(`could not be started: ${error.message}`),
      );
      child.once('exit', (code, signal) =>
        resolve(
          signal ? `was ended by ${signal}` : `ended with status ${code}`,
        ),
      );
    });
    const part = {
      name,
      logFile,
      pid: child.pid,
      ended,
      tail: () => lines,
      /** @param {(message: any) => boolean} predicate */
      message: predicate =>
        new Promise(resolve => {
          child.on('message', message => {
            if (predicate(message)) {
              resolve(message);
            }
          });
        }),
    };
    running.push({ part, child });
    return part;
  }

  /**
   * Ends one part, which then no longer counts as ended by itself.
   *
   * @param {Part} part
   * @param {NodeJS.Signals} [signal]
   */
  async function stopPart(part, signal = 'SIGTERM') {
    const index = running.findIndex(entry => entry.part === part);
    if (index < 0) {
      return;
    }
    const [{ child }] = running.splice(index, 1);
    if (child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await part.ended;
    clearTimeout(timer);
  }

  async function stop() {
    // The last one started depends on those before it.
    for (const { part } of [...running].reverse()) {
      await stopPart(part);
    }
  }

  return {
    start,
    stop,
    stopPart,
    /** @returns {Promise<{ part: Part, how: string }>} */
    firstEnd: () =>
      Promise.race(
        running.map(({ part }) => part.ended.then(how => ({ part, how }))),
      ),
  };
}
