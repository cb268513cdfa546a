import { Sandbox } from '@slipway/sandbox';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Changes a file with nothing but git, as a person or a pipeline would.
 *
 * @returns the new commit
 */
export async function pushChange(options: {
  sandbox: Sandbox;
  /** Where to clone. */
  folder: string;
  repository: string;
  file: string;
  change(text: string): string;
  message: string;
}): Promise<string> {
  const { sandbox, folder, repository, change, message } = options;
  const { url, developerUsername, developerToken } = sandbox.credentials.git;
  const clone = await mkdtemp(join(folder, 'clone-'));
  const remote = `${url}/${repository}.git`.replace(
    '://',
    `://${developerUsername}:${developerToken}@`,
  );
  const git = (...args: string[]) => run('git', args, { cwd: clone });
  await git('clone', '--quiet', '--depth', '1', remote, '.');
  const file = join(clone, options.file);
  const before = await readFile(file, 'utf8');
  const after = change(before);
  if (after === before) {
    throw new Error(`${options.file} would stay as it is:\n${before}`);
  }
  await writeFile(file, after);
  await git(
    ...['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'],
    ...['commit', '--quiet', '--all', '--message', message],
  );
  await git('push', '--quiet', 'origin', 'HEAD:main');
  return (await git('rev-parse', 'HEAD')).stdout.trim();
}
