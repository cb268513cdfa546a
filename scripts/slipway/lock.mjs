import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DATA, RUNNING } from './paths.mjs';
import { Problem } from './problem.mjs';

const FILE = join(DATA, 'lock');

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Takes the data folder for this process: two backends on one set of SQLite
 * files would both write.
 *
 * @returns {() => void} gives it back
 */
export function lockData() {
  mkdirSync(DATA, { recursive: true });
  if (existsSync(FILE)) {
    const pid = Number(readFileSync(FILE, 'utf8'));
    if (pid && pid !== process.pid && isAlive(pid)) {
      throw new Problem(
        `Slipway is running already (process ${pid}).`,
        'Use that one, or stop it with Ctrl-C where it runs.',
      );
    }
    // Left behind by a process that was killed.
    rmSync(FILE, { force: true });
  }
  writeFileSync(FILE, String(process.pid), { flag: 'wx' });
  return () => {
    rmSync(FILE, { force: true });
    rmSync(RUNNING, { force: true });
  };
}
