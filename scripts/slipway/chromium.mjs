import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstall, install } from './debian.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

/** @returns {string | undefined} path of a Chromium on this machine */
export function findChromium() {
  const named = process.env.SLIPWAY_CHROMIUM;
  if (named && existsSync(named)) {
    return named;
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap(name => folders.map(folder => join(folder, name))).find(
    path => existsSync(path),
  );
}

/**
 * Chromium for the browser tests: what is there, else what can be installed.
 *
 * @returns {Promise<{ path: string } | { reason: string }>}
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) {
    return { path: found };
  }
  if (canInstall()) {
    await install(['chromium', 'fonts-dejavu-core'], 'Installing Chromium');
    const path = findChromium();
    return path
      ? { path }
      : {
          reason:
            'Chromium could not be installed; see .slipway/logs/apt-chromium.log',
        };
  }
  return {
    reason:
      'Chromium is missing: install it (on Debian: apt-get install chromium), or name it in SLIPWAY_CHROMIUM',
  };
}
