import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs a script in a Node.js process of its own, and resolves with what it
 * prints. For what a process reads of its environment once, such as its time
 * zone: a test only has a copy of that environment. Paths of `require` are those
 * below `src`.
 */
export async function runInProcess(options: {
  script: string;
  env: { [name: string]: string };
}): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    [
      ...[
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      ],
      ...['--eval', options.script],
    ],
    {
      cwd: join(__dirname, '..'),
      env: { ...process.env, ...options.env },
    },
  );
  return stdout.trim();
}
