import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LOGS } from './paths.mjs';

/**
 * Runs a command to its end, its output in a log file.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} options.log name of the log file below .slipway/logs
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {(line: string) => void} [options.onLine] told each line of output
 * @param {number} [options.uid] run as this user
 * @param {number} [options.gid]
 * @returns {Promise<{ code: number, tail: string[], logFile: string }>}
 */
export async function run(command, args, options) {
  mkdirSync(LOGS, { recursive: true });
  const logFile = join(LOGS, options.log);
  const log = createWriteStream(logFile);
  /** @type {string[]} */
  const tail = [];
  let rest = '';
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    uid: options.uid,
    gid: options.gid,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  /** @param {Buffer} chunk */
  function take(chunk) {
    log.write(chunk);
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      tail.push(line);
      if (tail.length > 400) {
        tail.shift();
      }
      options.onLine?.(line);
    }
  }
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const forward = () => child.kill('SIGTERM');
  process.once('SIGINT', forward);
  process.once('SIGTERM', forward);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, signal) =>
        resolve(status ?? (signal ? 1 : 0)),
      );
    });
    if (rest) {
      tail.push(rest);
    }
    return { code, tail, logFile };
  } finally {
    process.removeListener('SIGINT', forward);
    process.removeListener('SIGTERM', forward);
    await new Promise(resolve => {
      log.end(() => resolve(undefined));
    });
  }
}
