/**
 * Entry point of `./slipway`. It runs on Node 18 or later with nothing
 * installed, so it and what it imports use Node's own modules only.
 */
import { Problem } from './problem.mjs';

const [major] = process.versions.node.split('.').map(Number);
if (major < 18) {
  console.error(
    `slipway: Node.js ${process.versions.node} is too old. Install Node.js 24 with npm, then run this again.`,
  );
  process.exit(1);
}

/** @type {Record<string, { load: () => Promise<{ run: (args: string[]) => Promise<number | void> }> }>} */
const COMMANDS = {
  up: { load: () => import('./up.mjs') },
  dev: { load: () => import('./dev.mjs') },
  test: { load: () => import('./test.mjs') },
  bench: { load: () => import('./bench.mjs') },
  scenario: { load: () => import('./scenario.mjs') },
  doctor: { load: () => import('./doctor.mjs') },
  yarn: { load: () => import('./yarn.mjs') },
  help: { load: () => import('./help.mjs') },
};

const [word = 'help', ...args] = process.argv.slice(2);
const name = ['-h', '--help'].includes(word) ? 'help' : word;

try {
  const command = COMMANDS[name];
  if (!command) {
    throw new Problem(
      `There is no command '${word}'.`,
      `Commands are ${Object.keys(COMMANDS).join(
        ', ',
      )}; ./slipway help explains them.`,
      2,
    );
  }
  const { run } = await command.load();
  process.exitCode = (await run(args)) ?? process.exitCode ?? 0;
} catch (error) {
  if (error instanceof Problem) {
    console.error(`\nslipway: ${error.message}`);
    if (error.fix) {
      console.error(`         ${error.fix}`);
    }
    process.exitCode = error.exitCode;
  } else {
    console.error(error);
    process.exitCode = 1;
  }
}
