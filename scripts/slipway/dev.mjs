import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { lockData } from './lock.mjs';
import { ROOT } from './paths.mjs';
import { ensureDependencies } from './prepare.mjs';
import { say } from './say.mjs';
import { createStack, stopRequested } from './stack.mjs';
import { ensureToolchain } from './toolchain.mjs';
import { upOptions } from './up.mjs';

const APP_URL = 'http://localhost:3000';

/**
 * What `yarn start` runs: the sandbox, and Backstage's own development server
 * over it, which rebuilds and reloads as files change.
 *
 * @param {string[]} args
 */
export async function run(args) {
  const { fresh: _, ...options } = upOptions(args);
  const unlock = lockData();
  try {
    const toolchain = await ensureToolchain();
    await ensureDependencies(toolchain);
    const stack = createStack(toolchain, { ...options, appUrl: APP_URL });
    const asked = stopRequested();
    try {
      const sandbox = await stack.startSandbox();
      stack.remember(sandbox);
      stack.introduce(sandbox);
      const child = spawn(
        toolchain.node,
        [
          join(
            ROOT,
            'node_modules',
            '@backstage',
            'cli',
            'bin',
            'backstage-cli',
          ),
          'repo',
          'start',
        ],
        { cwd: ROOT, env: stack.portalEnvironment(sandbox), stdio: 'inherit' },
      );
      const ended = new Promise(resolve => {
        child.once('exit', resolve);
        child.once('error', resolve);
      });
      await Promise.race([asked, ended, stack.firstEnd()]);
      child.kill('SIGTERM');
      await ended;
    } finally {
      say('  Stopping …');
      await stack.stop();
    }
  } finally {
    unlock();
  }
}
