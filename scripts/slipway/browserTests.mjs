import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HOME, ROOT } from './paths.mjs';
import { ensureApp } from './prepare.mjs';
import { run as runCommand } from './run.mjs';

/** @typedef {import('./toolchain.mjs').Toolchain} Toolchain */
/** @typedef {import('./test.mjs').Outcome} Outcome */

/**
 * The portal in a real browser, over the sandbox.
 *
 * @param {Toolchain} toolchain
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome>}
 */
export async function browserTests(toolchain, env) {
  await ensureApp(toolchain);
  const output = join(HOME, 'playwright-results.json');
  rmSync(output, { force: true });
  const result = await runCommand(
    toolchain.node,
    [
      join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js'),
      'test',
      '--reporter=line,json',
    ],
    {
      cwd: ROOT,
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: output },
      log: 'test-browser.log',
    },
  );
  if (!existsSync(output)) {
    return {
      passed: 0,
      failed: 1,
      skipped: [],
      details: result.tail.slice(-60).join('\n'),
    };
  }
  const { stats, suites, errors } = JSON.parse(readFileSync(output, 'utf8'));
  /** @param {any} suite @returns {any[]} */
  const specsOf = suite => [
    ...(suite.specs ?? []),
    ...(suite.suites ?? []).flatMap(specsOf),
  ];
  /** @type {any[]} */
  const specs = suites.flatMap(specsOf);
  const failed = stats.unexpected + errors.length;
  return {
    passed: stats.expected + stats.flaky,
    failed: failed || (result.code === 0 ? 0 : 1),
    skipped: specs
      .filter(spec =>
        spec.tests.some((/** @type {any} */ test) => test.status === 'skipped'),
      )
      .map(
        spec =>
          `${spec.title}: ${
            spec.tests[0].annotations[0]?.description ?? 'no reason given'
          }`,
      ),
    details: [
      ...errors.map((/** @type {any} */ error) => error.message),
      ...specs
        .filter(spec => !spec.ok)
        .map(
          spec =>
            `${spec.file} › ${spec.title}\n${spec.tests
              .flatMap((/** @type {any} */ test) =>
                test.results.map(
                  (/** @type {any} */ r) => r.error?.message ?? '',
                ),
              )
              .join('\n')}`,
        ),
    ].join('\n\n'),
  };
}
