import { spawn } from 'node:child_process';
import { ROOT } from './paths.mjs';
import { ensureToolchain } from './toolchain.mjs';

/**
 * Runs the pinned Yarn under the pinned Node, for machines that have neither.
 *
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export async function run(args) {
  const toolchain = await ensureToolchain();
  const child = spawn(toolchain.node, [toolchain.yarn, ...args], {
    cwd: ROOT,
    env: toolchain.env,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => resolve(code ?? 1));
  });
}
