import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A TypeScript program of the sandbox that runs in a process of its own. */
export interface RunningProgram<T> {
  readonly child: ChildProcess;
  /** The message of type `ready` that it sent. */
  readonly ready: T;
  /** What it has printed so far, both streams. */
  output(): string;
  /** Asks it to stop and gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Node's arguments for running a TypeScript file as the portal's CLI does. */
export function nodeArguments(file: string, args: readonly string[]): string[] {
  const transform = require.resolve(
    '@backstage/cli-node/config/nodeTransform.cjs',
  );
  return ['--require', transform, file, ...args];
}

/** Starts a program and waits until it says that it is ready. */
export async function startProgram<T>(options: {
  file: string;
  args: readonly string[];
}): Promise<RunningProgram<T>> {
  const child = spawn(
    process.execPath,
    nodeArguments(options.file, options.args),
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  let text = '';
  child.stdout?.on('data', chunk => {
    text += chunk;
  });
  child.stderr?.on('data', chunk => {
    text += chunk;
  });
  const ready = await new Promise<T>((resolve, reject) => {
    child.on('message', (message: { type?: string }) => {
      // The transform reports each file that it reads, too.
      if (message.type === 'ready') {
        resolve(message as T);
      }
    });
    child.once('exit', code =>
      reject(new Error(`It ended with code ${code}: ${text}`)),
    );
  });
  return {
    child,
    ready,
    output: () => text,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill(signal);
        await ended;
      }
      return child.exitCode;
    },
  };
}
