import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HOME, ROOT } from './paths.mjs';
import { run as runCommand } from './run.mjs';

/** @typedef {import('./toolchain.mjs').Toolchain} Toolchain */
/** @typedef {import('./test.mjs').Outcome} Outcome */

/**
 * Everything that Jest runs.
 *
 * @param {Toolchain} toolchain
 * @param {string} backstage
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome>}
 */
export async function jestTests(toolchain, backstage, env) {
  const output = join(HOME, 'jest-results.json');
  rmSync(output, { force: true });
  const result = await runCommand(
    toolchain.node,
    [
      backstage,
      'repo',
      'test',
      '--watchAll=false',
      // To find what hangs, not what is slow: the machine may be busy.
      '--testTimeout=90000',
      '--json',
      `--outputFile=${output}`,
    ],
    { cwd: ROOT, env, log: 'test-jest.log' },
  );
  if (!existsSync(output)) {
    return {
      passed: 0,
      failed: 1,
      skipped: [],
      details: result.tail.slice(-60).join('\n'),
    };
  }
  const report = JSON.parse(readFileSync(output, 'utf8'));
  /** @type {{ title: string, status: string, fullName: string, failureMessages: string[] }[]} */
  const tests = report.testResults.flatMap(
    (/** @type {any} */ file) => file.assertionResults,
  );
  const failures = tests.filter(({ status }) => status === 'failed');
  /** @type {any[]} */
  const brokenFiles = report.testResults.filter(
    (/** @type {any} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = failures.length + brokenFiles.length;
  return {
    passed: report.numPassedTests,
    failed: failed || (result.code === 0 ? 0 : 1),
    skipped: tests
      .filter(({ status }) =>
        ['pending', 'skipped', 'todo', 'disabled'].includes(status),
      )
      .map(({ fullName }) => fullName),
    details:
      [
        ...failures.map(
          ({ fullName, failureMessages }) =>
            `${fullName}\n${failureMessages.join('\n')}`,
        ),
        ...brokenFiles.map(file => `${file.name}\n${file.message}`),
      ]
        .map(text => text.split('\n').slice(0, 40).join('\n'))
        .join('\n\n') || result.tail.slice(-40).join('\n'),
  };
}
