import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { HOME } from './paths.mjs';

const TOOLS = join(HOME, 'tools', 'go');

/** The longest that building one tool from source may take. */
const LONGEST_BUILD_MS = 900_000;

/**
 * A command that is written in Go, pinned, built from source once. Go modules
 * are checked against Go's own sum database, so a version is always the same.
 *
 * @param {{ package: string, version: string }} tool
 * @returns {{ path: string } | { reason: string }}
 */
export function ensureGoTool({ package: name, version }) {
  const command = name.split('/').at(-1) ?? name;
  const folder = join(TOOLS, `${command}-${version}`);
  const path = join(folder, command);
  if (existsSync(path)) {
    return { path };
  }
  const missing = goIsMissing();
  if (missing) {
    return { reason: `${command} cannot be built: ${missing}` };
  }
  mkdirSync(folder, { recursive: true });
  try {
    go(['install', `${name}@${version}`], { GOBIN: folder });
  } catch (error) {
    return { reason: `${command} could not be built: ${lastLine(error)}` };
  }
  return { path };
}

/**
 * The files of a Go module.
 *
 * @param {{ module: string, version: string }} options
 * @returns {{ path: string } | { reason: string }}
 */
export function ensureGoModule({ module, version }) {
  const missing = goIsMissing();
  if (missing) {
    return { reason: missing };
  }
  try {
    const answer = go(['mod', 'download', '-json', `${module}@${version}`]);
    return { path: JSON.parse(answer).Dir };
  } catch (error) {
    return { reason: `${module} could not be had: ${lastLine(error)}` };
  }
}

/** @returns {string | undefined} */
function goIsMissing() {
  try {
    go(['version']);
    return undefined;
  } catch {
    return 'Go is missing (https://go.dev/dl)';
  }
}

/**
 * @param {string[]} words
 * @param {NodeJS.ProcessEnv} [env]
 */
function go(words, env = {}) {
  mkdirSync(TOOLS, { recursive: true });
  return execFileSync('go', words, {
    // Outside every module, so that nothing here decides on versions
    cwd: TOOLS,
    env: { ...process.env, GOFLAGS: '', GO111MODULE: 'on', ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_BUILD_MS,
  });
}

/** @param {unknown} error */
function lastLine(error) {
  const { stderr } = /** @type {{ stderr?: string }} */ (error);
  return (
    String(stderr ?? error)
      .trim()
      .split('\n')
      .at(-1) ?? 'no reason given'
  );
}
