import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ServiceUnavailableError } from '@backstage/errors';

/** A Git command that ended with a status other than 0. */
export class GitError extends Error {
  readonly status: number | undefined;
  readonly stderr: string;

  constructor(options: {
    command: string;
    status: number | undefined;
    stderr: string;
  }) {
    super(
      `git ${options.command} failed with status ${
        options.status
      }: ${options.stderr.trim()}`,
    );
    this.name = 'GitError';
    this.status = options.status;
    this.stderr = options.stderr;
  }
}

/**
 * Environment of every Git process here: nothing of the user's own
 * configuration, hooks or prompts may change what the sandbox does.
 */
export function gitEnvironment(options: {
  configFile: string;
}): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')),
  );
  return {
    ...inherited,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: options.configFile,
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

/**
 * Runs Git to its end and gives what it printed.
 *
 * @throws GitError when it ends with a status other than 0.
 * @throws ServiceUnavailableError when Git is not installed.
 */
export async function runGit(options: {
  args: readonly string[];
  directory: string;
  configFile: string;
  /** Text or chunks for its standard input. */
  input?: string | AsyncIterable<string | Buffer> | Iterable<string | Buffer>;
}): Promise<Buffer> {
  const { args, directory, configFile, input } = options;
  const child = spawn('git', args, {
    cwd: directory,
    env: gitEnvironment({ configFile }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const ended = waitForEnd(child);
  // Git may end before it has read everything; its status says why, the
  // broken pipe does not.
  const fed = pipeline(
    Readable.from(typeof input === 'string' ? [input] : input ?? []),
    child.stdin,
  ).catch(() => undefined);
  const [status] = await Promise.all([ended, fed]);
  if (status !== 0) {
    throw new GitError({
      command: args[0] ?? '',
      status,
      stderr: Buffer.concat(errors).toString('utf8'),
    });
  }
  return Buffer.concat(output);
}

function waitForEnd(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.once('error', error =>
      reject(
        new ServiceUnavailableError(
          'Git could not be started; install git and put it on the PATH',
          error,
        ),
      ),
    );
    child.once('close', status => resolve(status ?? undefined));
  });
}
