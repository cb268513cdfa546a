import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { CACHE, HOME, TOOLCHAIN } from './paths.mjs';
import { Problem } from './problem.mjs';
import { run } from './run.mjs';
import { step } from './say.mjs';

/** What Backstage 1.55 runs on, see `engines` in package.json. */
const SUPPORTED_MAJORS = [22, 24];

/** Pinned, so that everybody runs the same; see docs/architecture.md. */
export const PINS = { node: '24.21.0', yarn: '4.13.0' };

/** Free space that an install with a build takes, in bytes, with some to spare. */
const NEEDED_SPACE = 4 * 1024 ** 3;

/**
 * The package that carries Node's own binary for this machine, or why there is
 * none.
 *
 * @returns {{ name: string } | { reason: string }}
 */
export function nodePackage() {
  if (process.platform !== 'linux') {
    return { reason: `on ${process.platform}` };
  }
  if (!['x64', 'arm64'].includes(process.arch)) {
    return { reason: `on ${process.arch} processors` };
  }
  const report = /** @type {any} */ (process.report?.getReport());
  if (!report?.header?.glibcVersionRuntime) {
    return { reason: 'on a Linux without glibc' };
  }
  return { name: `node-linux-${process.arch}` };
}

/** Whether the Node that runs this is one that Backstage supports. */
export function systemNodeIsSupported() {
  return SUPPORTED_MAJORS.includes(Number(process.versions.node.split('.')[0]));
}

/** @returns {string | undefined} the version that git says it is */
export function gitVersion() {
  try {
    return execFileSync('git', ['--version'], { encoding: 'utf8' })
      .trim()
      .replace('git version ', '');
  } catch {
    return undefined;
  }
}

/**
 * Bytes that are free where ./slipway keeps its files.
 *
 * @returns {number | undefined} undefined where the file system does not say
 */
export function freeSpace() {
  try {
    mkdirSync(HOME, { recursive: true });
    const { bavail, bsize } = statfsSync(HOME);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** @param {string} purpose what the space is for, such as "install" */
export function requireSpace(purpose) {
  const free = freeSpace();
  if (free !== undefined && free < NEEDED_SPACE) {
    throw new Problem(
      `The disk has ${(free / 1024 ** 3).toFixed(
        1,
      )} GB free, and to ${purpose} takes about 4 GB.`,
      `Free some space where ${HOME} is, or set SLIPWAY_HOME to a folder on another disk.`,
    );
  }
}

/**
 * Says what a failed download means. Its `mayPass` is true when the same may
 * succeed later without anybody doing anything.
 *
 * @param {string[]} tail last lines of the tool's output
 * @param {string} what what was being installed
 * @param {string} logFile
 * @returns {Problem & { mayPass: boolean }}
 */
export function installProblem(tail, what, logFile) {
  const text = tail.join('\n');
  if (/ENOSPC/.test(text)) {
    return Object.assign(
      new Problem(
        `The disk is full: ${what} could not be installed.`,
        'Free some space, then run this again; it goes on where it stopped.',
      ),
      { mayPass: false },
    );
  }
  if (
    /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ECONNRESET|EAI_AGAIN|ENETUNREACH|network|RequestError|TimeoutError|onCancel|getaddrinfo/i.test(
      text,
    )
  ) {
    return Object.assign(
      new Problem(
        `The package registry cannot be reached, so ${what} could not be installed.`,
        `Check the network, or name your own registry with 'npm config set registry'. The log is ${logFile}.`,
      ),
      { mayPass: true },
    );
  }
  return Object.assign(
    new Problem(
      `${what} could not be installed.`,
      `The log ${logFile} says why. Its last line: ${
        tail.filter(Boolean).slice(-1)[0] ?? 'nothing'
      }`,
    ),
    { mayPass: false },
  );
}

/** @returns {string | undefined} the registry that npm is configured to use */
function npmRegistry() {
  try {
    const url = execFileSync('npm', ['config', 'get', 'registry'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return /^https?:\/\//.test(url) ? url.replace(/\/$/, '') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @typedef {object} Toolchain
 * @property {string} node path of the Node to run everything with
 * @property {string} yarn path of Yarn's script
 * @property {NodeJS.ProcessEnv} env environment in which `node` is that Node
 */

/**
 * Makes sure that the pinned tools are there, and installs them if not: Yarn
 * always, Node when the system's is not one that Backstage supports.
 *
 * @returns {Promise<Toolchain>}
 */
export async function ensureToolchain() {
  if (!gitVersion()) {
    throw new Problem(
      'git is missing.',
      'Install git (on Debian: apt-get install git), then run this again.',
    );
  }
  const ownNode = !systemNodeIsSupported();
  const carrier = nodePackage();
  if (ownNode && 'reason' in carrier) {
    throw new Problem(
      `Backstage needs Node.js 22 or 24, this is ${process.versions.node}, and ${carrier.reason} slipway cannot install one itself.`,
      'Install Node.js 24, then run this again.',
    );
  }
  const modules = join(TOOLCHAIN, 'node_modules');
  const yarn = join(modules, '@yarnpkg', 'cli-dist', 'bin', 'yarn.js');
  const node =
    ownNode && 'name' in carrier
      ? join(modules, carrier.name, 'bin', 'node')
      : process.execPath;

  const wanted = {
    '@yarnpkg/cli-dist': PINS.yarn,
    ...(ownNode && 'name' in carrier && { [carrier.name]: PINS.node }),
  };
  const missing = Object.entries(wanted).filter(
    ([name, version]) => installedVersion(join(modules, name)) !== version,
  );
  if (missing.length > 0 || !existsSync(node) || !existsSync(yarn)) {
    requireSpace('install the tools');
    const progress = step(
      `Installing ${ownNode ? `Node.js ${PINS.node} and ` : ''}Yarn ${
        PINS.yarn
      }`,
    );
    mkdirSync(TOOLCHAIN, { recursive: true });
    writeFileSync(
      join(TOOLCHAIN, 'package.json'),
      `${JSON.stringify(
        { private: true, dependencies: wanted },
        undefined,
        2,
      )}\n`,
    );
    const result = await run(
      process.platform === 'win32' ? 'npm.cmd' : 'npm',
      [
        'install',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
      ],
      { cwd: TOOLCHAIN, env: process.env, log: 'toolchain.log' },
    ).catch(error => {
      progress.failed();
      throw new Problem(
        `npm could not be started (${error.code ?? error.message}).`,
        'Install npm, which comes with Node.js, then run this again.',
      );
    });
    if (result.code !== 0 || !existsSync(node) || !existsSync(yarn)) {
      progress.failed();
      throw installProblem(result.tail, 'the tools', result.logFile);
    }
    progress.done();
  }

  const registry = process.env.YARN_NPM_REGISTRY_SERVER ?? npmRegistry();
  return {
    node,
    yarn,
    env: {
      ...process.env,
      PATH: [dirname(node), process.env.PATH].join(delimiter),
      NODE_COMPILE_CACHE: join(CACHE, 'node'),
      // Yarn does not read npm's settings, and a mirror is set there.
      ...(registry && { YARN_NPM_REGISTRY_SERVER: registry }),
    },
  };
}

/** @param {string} folder */
function installedVersion(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      .version;
  } catch {
    return undefined;
  }
}
