import { readdirSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { Problem } from './problem.mjs';
import { say } from './say.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureApp } from './prepare.mjs';

/** The benchmarks there are, by name. */
export function benchmarkNames() {
  return readdirSync(join(ROOT, 'benchmarks'))
    .filter(name => name.endsWith('.bench.ts'))
    .map(name => name.replace(/\.bench\.ts$/, ''))
    .sort();
}

/**
 * Runs benchmarks, one after the other, each in a process of its own.
 *
 * @param {string[]} names all of them when empty
 */
export async function run(names) {
  const known = benchmarkNames();
  const unknown = names.filter(name => !known.includes(name));
  if (unknown.length > 0) {
    throw new Problem(
      `There is no benchmark '${unknown[0]}'.`,
      `There are ${known.join(', ')}.`,
      2,
    );
  }
  const toolchain = await prepare();
  await ensureApp(toolchain);
  const chromium = await ensureChromium();
  for (const name of names.length > 0 ? names : known) {
    say(`\n${name}`);
    const child = spawn(
      toolchain.node,
      [
        '--require',
        join(
          ROOT,
          'node_modules',
          '@backstage',
          'cli-node',
          'config',
          'nodeTransform.cjs',
        ),
        join(ROOT, 'benchmarks', `${name}.bench.ts`),
      ],
      {
        cwd: ROOT,
        env: {
          ...toolchain.env,
          ...('path' in chromium && { SLIPWAY_CHROMIUM: chromium.path }),
        },
        stdio: 'inherit',
      },
    );
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    if (code !== 0) {
      throw new Problem(
        `The benchmark '${name}' did not finish (status ${code}).`,
      );
    }
  }
}
