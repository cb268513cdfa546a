import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { HOME, ROOT } from './paths.mjs';
import { requirePorts } from './ports.mjs';
import { findPostgres } from './postgres.mjs';
import { say } from './say.mjs';
import {
  freeSpace,
  gitVersion,
  nodePackage,
  PINS,
  systemNodeIsSupported,
} from './toolchain.mjs';

/**
 * Looks at the machine and says what `up` and `test` will find.
 *
 * @returns {Promise<number>} 1 when `up` cannot work
 */
export async function run() {
  const carrier = nodePackage();
  const free = freeSpace();
  const chromium = findChromium();
  const postgres = findPostgres();
  const git = gitVersion();

  /** @type {{ ok: boolean | 'optional', what: string, detail: string }[]} */
  const findings = [
    systemNodeIsSupported()
      ? { ok: true, what: 'Node.js', detail: process.versions.node }
      : 'name' in carrier
      ? {
          ok: true,
          what: 'Node.js',
          detail: `${process.versions.node} here; ${PINS.node} is installed into .slipway for what Backstage runs on`,
        }
      : {
          ok: false,
          what: 'Node.js',
          detail: `${process.versions.node}; Backstage needs 22 or 24, and ${carrier.reason} it must be installed by hand`,
        },
    git
      ? { ok: true, what: 'git', detail: git }
      : {
          ok: false,
          what: 'git',
          detail: 'missing; install it (on Debian: apt-get install git)',
        },
    {
      ok: free === undefined || free > 4 * 1024 ** 3,
      what: 'Disk',
      detail:
        free === undefined
          ? 'the file system does not say'
          : `${(free / 1024 ** 3).toFixed(
              1,
            )} GB free for ${HOME}; about 4 GB are needed`,
    },
    {
      ok: true,
      what: 'Dependencies',
      detail: existsSync(join(ROOT, 'node_modules'))
        ? 'installed'
        : 'not installed yet; up and test do it',
    },
    chromium
      ? { ok: true, what: 'Chromium', detail: chromium }
      : {
          ok: 'optional',
          what: 'Chromium',
          detail:
            'missing; only ./slipway test needs it, and installs it when root on Debian',
        },
    postgres
      ? {
          ok: true,
          what: 'PostgreSQL',
          detail: `${postgres.version}, ${postgres.bin}`,
        }
      : {
          ok: 'optional',
          what: 'PostgreSQL',
          detail:
            'missing; only ./slipway test needs it, and installs it when root on Debian',
        },
  ];
  for (const [port, what] of /** @type {[number, string][]} */ ([
    [7007, 'Port 7007, portal'],
    ...[0, 1, 2, 3, 4].map(index => [
      7080 + index,
      `Port ${7080 + index}, sandbox`,
    ]),
  ])) {
    const problem = await requirePorts([
      { port, what: 'it', option: '--port or --sandbox-port' },
    ]).catch(error => error);
    findings.push({
      ok: !problem,
      what,
      detail: problem
        ? `in use; stop that program, or choose others with --port and --sandbox-port`
        : 'free',
    });
  }
  for (const { ok, what, detail } of findings) {
    const glyph = ok === true ? '✓' : ok === 'optional' ? '–' : '✗';
    say(`  ${glyph} ${what}: ${detail}`);
  }
  const broken = findings.filter(({ ok }) => ok === false);
  say(
    broken.length === 0
      ? '\nNothing stands in the way of ./slipway up.'
      : `\n${broken.length} thing${
          broken.length > 1 ? 's' : ''
        } to mend before ./slipway up.`,
  );
  return broken.length === 0 ? 0 : 1;
}
