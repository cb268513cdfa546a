import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a real program and gives what it printed; throws when it fails. */
export async function run(
  program: string,
  args: readonly string[],
  options?: { cwd?: string; env?: Record<string, string> },
): Promise<string> {
  const { stdout } = await execute(program, [...args], {
    cwd: options?.cwd,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      ...options?.env,
    },
  });
  return stdout;
}
