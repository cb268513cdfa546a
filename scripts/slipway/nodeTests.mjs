import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { run as runCommand } from './run.mjs';

/** @typedef {import('./toolchain.mjs').Toolchain} Toolchain */
/** @typedef {import('./test.mjs').Outcome} Outcome */

/**
 * The tests of ./slipway itself, on Node's own runner.
 *
 * @param {Toolchain} toolchain
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome>}
 */
export async function nodeTests(toolchain, env) {
  const files = readdirSync(join(ROOT, 'scripts', 'slipway'))
    .filter(name => name.endsWith('.test.mjs'))
    .map(name => join(ROOT, 'scripts', 'slipway', name));
  const result = await runCommand(
    toolchain.node,
    ['--test', '--test-reporter=tap', ...files],
    {
      cwd: ROOT,
      env,
      log: 'test-slipway.log',
    },
  );
  const figure = (/** @type {string} */ word) =>
    Number(
      result.tail
        .map(line => new RegExp(`^# ${word} (\\d+)`).exec(line)?.[1])
        .find(Boolean) ?? 0,
    );
  const failed = figure('fail');
  return {
    passed: figure('pass'),
    // A runner that died has run something that nobody counted.
    failed: failed || (result.code === 0 ? 0 : 1),
    skipped: result.tail
      .filter(line => /^\s*ok .*# SKIP/.test(line))
      .map(line => line.replace(/^\s*ok \d+ - /, '')),
    details: result.tail
      .filter(line => !/^\s*(ok|duration_ms|---|\.\.\.)/.test(line))
      .slice(-80)
      .join('\n'),
  };
}
