import { existsSync } from 'node:fs';
import { run } from './run.mjs';
import { step } from './say.mjs';

/** Whether packages can be installed here without asking anybody. */
export function canInstall() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

let updated = false;

/**
 * Installs Debian packages.
 *
 * @param {string[]} packages
 * @param {string} title
 * @returns {Promise<boolean>} whether it worked; the log says why not
 */
export async function install(packages, title) {
  const progress = step(title);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (!updated) {
    const update = await run('apt-get', ['update'], {
      env,
      log: 'apt-update.log',
      onLine: progress.progress,
    });
    updated = update.code === 0;
  }
  const result = await run(
    'apt-get',
    ['install', '--yes', '--no-install-recommends', ...packages],
    {
      env,
      log: `apt-${packages[0]}.log`,
      onLine: progress.progress,
    },
  );
  if (result.code === 0) {
    progress.done();
  } else {
    progress.failed(`the log is ${result.logFile}`);
  }
  return result.code === 0;
}
