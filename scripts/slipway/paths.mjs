import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Everything that ./slipway makes and git ignores. */
export const HOME = process.env.SLIPWAY_HOME ?? join(ROOT, '.slipway');

export const TOOLCHAIN = join(HOME, 'toolchain');
export const STAMPS = join(HOME, 'stamps');

/** What the sandbox and the portal keep; tests give each run one of its own. */
export const DATA = process.env.SLIPWAY_DATA_HOME ?? join(HOME, 'data');

export const LOGS = process.env.SLIPWAY_DATA_HOME
  ? join(DATA, 'logs')
  : join(HOME, 'logs');
export const CACHE = join(HOME, 'cache');

/** What a running `./slipway up` says about itself, for `./slipway scenario`. */
export const RUNNING = join(DATA, 'running.json');
