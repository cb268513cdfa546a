import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, stamp, workspaceFolders } from './fingerprint.mjs';
import { ROOT } from './paths.mjs';
import { Problem } from './problem.mjs';
import { run } from './run.mjs';
import { step } from './say.mjs';
import { ensureToolchain, installProblem, requireSpace } from './toolchain.mjs';

/** @typedef {import('./toolchain.mjs').Toolchain} Toolchain */

const INSTALL_ATTEMPTS = 3;

/**
 * Installs the dependencies that yarn.lock names, unless they are there. Yarn
 * itself takes ten seconds to find out that nothing is to be done.
 *
 * @param {Toolchain} toolchain
 */
export async function ensureDependencies(toolchain) {
  const state = fingerprint([
    join(ROOT, 'package.json'),
    join(ROOT, 'yarn.lock'),
    join(ROOT, '.yarnrc.yml'),
    ...workspaceFolders().map(folder => join(folder, 'package.json')),
  ]);
  const installed = stamp('dependencies');
  if (installed.matches(state) && existsSync(join(ROOT, 'node_modules'))) {
    return;
  }
  requireSpace('install the dependencies');
  installed.clear();
  const progress = step(
    'Installing dependencies (about two minutes the first time)',
  );
  for (let attempt = 1; ; attempt += 1) {
    const result = await run(
      toolchain.node,
      [toolchain.yarn, 'install', '--immutable'],
      {
        cwd: ROOT,
        env: toolchain.env,
        log: 'install.log',
        onLine: line =>
          progress.progress(line.replace(/^➤ YN\d+: [│┌└·] ?/, '')),
      },
    );
    if (result.code === 0) {
      break;
    }
    const problem = installProblem(
      result.tail,
      'the dependencies',
      result.logFile,
    );
    // Yarn 4.13 can crash when it repeats a request that timed out. What it has
    // fetched so far is in its cache, so the next attempt goes on from there.
    if (attempt === INSTALL_ATTEMPTS || !problem.mayPass) {
      progress.failed();
      throw problem;
    }
  }
  installed.set(state);
  progress.done();
}

/**
 * Builds the app that the backend serves, unless it is there.
 *
 * @param {Toolchain} toolchain
 */
export async function ensureApp(toolchain) {
  const folders = workspaceFolders().filter(folder => {
    const { role } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    ).backstage;
    return /^(frontend|web|common)/.test(role);
  });
  const state = fingerprint([
    join(ROOT, 'yarn.lock'),
    join(ROOT, 'backstage.json'),
    ...folders,
  ]);
  const built = stamp('app');
  if (
    built.matches(state) &&
    existsSync(join(ROOT, 'packages', 'app', 'dist', 'index.html.tmpl'))
  ) {
    return;
  }
  requireSpace('build the app');
  built.clear();
  const progress = step('Building the app (about half a minute)');
  const result = await run(
    toolchain.node,
    [
      join(ROOT, 'node_modules', '@backstage', 'cli', 'bin', 'backstage-cli'),
      'package',
      'build',
    ],
    {
      cwd: join(ROOT, 'packages', 'app'),
      env: { ...toolchain.env, NODE_ENV: 'production' },
      log: 'build-app.log',
      onLine: progress.progress,
    },
  );
  if (result.code !== 0) {
    progress.failed();
    throw new Problem(
      'The app could not be built.',
      `The log ${result.logFile} says why:\n${result.tail
        .slice(-12)
        .join('\n')}`,
    );
  }
  built.set(state);
  progress.done();
}

/**
 * Everything that must be there before the portal can start.
 *
 * @returns {Promise<Toolchain>}
 */
export async function prepare() {
  const toolchain = await ensureToolchain();
  await ensureDependencies(toolchain);
  return toolchain;
}
