import { join } from 'node:path';
import { browserTests } from './browserTests.mjs';
import { ensureChromium } from './chromium.mjs';
import { readOptions } from './options.mjs';
import { jestTests } from './jestTests.mjs';
import { nodeTests } from './nodeTests.mjs';
import { LOGS, ROOT } from './paths.mjs';
import { startPostgres } from './postgres.mjs';
import { prepare } from './prepare.mjs';
import { run as runCommand } from './run.mjs';
import { say, seconds, step } from './say.mjs';

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} skipped each with its reason
 * @property {string} [details] what to read when something failed
 */

/**
 * Installs what is needed and runs everything that can fail: types, lint,
 * formatting, configuration, unit and integration tests on SQLite and
 * PostgreSQL, and the browser tests. Ends with one line of figures.
 *
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export async function run(args) {
  const { values } = readOptions(
    args,
    { only: { type: 'string', multiple: true } },
    { command: 'test' },
  );
  const start = Date.now();
  const toolchain = await prepare();
  const postgres = await startPostgres();
  const chromium = await ensureChromium();

  const backstage = join(
    ROOT,
    'node_modules',
    '@backstage',
    'cli',
    'bin',
    'backstage-cli',
  );
  const env = {
    ...toolchain.env,
    // Docker is not asked for databases: what is there is named below.
    BACKSTAGE_TEST_DISABLE_DOCKER: '1',
    ...('url' in postgres && {
      [`BACKSTAGE_TEST_DATABASE_POSTGRES${postgres.version}_CONNECTION_STRING`]:
        postgres.url,
      // The name under which the tests ask for a PostgreSQL of any version.
      BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING: postgres.url,
      SLIPWAY_TEST_POSTGRES: postgres.url,
    }),
    ...('path' in chromium && { SLIPWAY_CHROMIUM: chromium.path }),
  };

  /**
   * A check that is one command and passes when the command does.
   *
   * @param {string} title
   * @param {string[]} words
   * @returns {{ title: string, run: () => Promise<Outcome> }}
   */
  const check = (title, words) => ({
    title,
    run: async () => {
      const result = await runCommand(toolchain.node, words, {
        cwd: ROOT,
        env,
        log: `test-${title.replace(/\W+/g, '-')}.log`,
      });
      return result.code === 0
        ? { passed: 1, failed: 0, skipped: [] }
        : {
            passed: 0,
            failed: 1,
            skipped: [],
            details: result.tail.slice(-60).join('\n'),
          };
    },
  });
  const bin = (/** @type {string[]} */ ...parts) =>
    join(ROOT, 'node_modules', ...parts);

  /** @type {{ title: string, run: () => Promise<Outcome> }[]} */
  const suites = [
    check('types', [bin('typescript', 'bin', 'tsc')]),
    check('types of scripts', [
      bin('typescript', 'bin', 'tsc'),
      '--project',
      'scripts/slipway',
    ]),
    check('lint', [backstage, 'repo', 'lint', '--max-warnings', '0']),
    check('formatting', [
      bin('prettier', 'bin-prettier.js'),
      '--check',
      '--loglevel',
      'warn',
      '.',
    ]),
    check('configuration', [
      backstage,
      'config:check',
      '--lax',
      '--config',
      join(ROOT, 'app-config.yaml'),
    ]),
    check('configuration for production', [
      backstage,
      'config:check',
      '--lax',
      '--config',
      join(ROOT, 'app-config.yaml'),
      '--config',
      join(ROOT, 'app-config.production.yaml'),
    ]),
    { title: 'slipway command', run: () => nodeTests(toolchain, env) },
    {
      title: 'unit and integration tests',
      run: () => jestTests(toolchain, backstage, env),
    },
    {
      title: 'browser tests',
      run: () =>
        'path' in chromium
          ? browserTests(toolchain, env)
          : Promise.resolve({
              passed: 0,
              failed: 0,
              skipped: [`browser tests: ${chromium.reason}`],
            }),
    },
  ];
  const chosen = values.only
    ? suites.filter(({ title }) =>
        values.only?.some(word => title.includes(word)),
      )
    : suites;

  const total = { passed: 0, failed: 0, skipped: /** @type {string[]} */ ([]) };
  if ('reason' in postgres) {
    say(`  PostgreSQL is left out: ${postgres.reason}`);
  }
  try {
    for (const suite of chosen) {
      const progress = step(suite.title);
      const outcome = await suite.run();
      total.passed += outcome.passed;
      total.failed += outcome.failed;
      total.skipped.push(...outcome.skipped);
      const figures = `${outcome.passed} passed, ${outcome.failed} failed${
        outcome.skipped.length ? `, ${outcome.skipped.length} skipped` : ''
      }`;
      if (outcome.failed > 0) {
        progress.failed(figures);
        say(indent(outcome.details ?? ''));
      } else {
        progress.done(figures);
      }
    }
  } finally {
    if ('stop' in postgres) {
      await postgres.stop();
    }
  }
  if (total.skipped.length > 0) {
    say('\nSkipped, and why:');
    for (const reason of total.skipped) {
      say(`  – ${reason}`);
    }
  }
  say(`\nTook ${seconds(Date.now() - start)}; logs are in ${LOGS}.`);
  say(
    `${total.passed} passed, ${total.failed} failed${
      total.skipped.length ? `, ${total.skipped.length} skipped` : ''
    }`,
  );
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

/** @param {string} text */
function indent(text) {
  return text
    .split('\n')
    .map(line => `      ${line}`)
    .join('\n');
}
