import { isMainThread } from 'node:worker_threads';
import { toError } from '@backstage/errors';
import { readCommandLine, usage } from './commandLine';
import { startSandbox } from './sandbox';
import type { Sandbox } from './sandbox';

/** The longest that stopping may take before the process just ends. */
const LONGEST_STOP_MS = 5000;

/** Errors whose message is meant for the person at the keyboard. */
const expected = ['ConflictError', 'InputError', 'ServiceUnavailableError'];

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2));
  if (!options) {
    print(usage);
    return;
  }
  const running: { sandbox?: Sandbox } = {};
  let isStopping = false;

  async function stop(): Promise<void> {
    if (isStopping) {
      return;
    }
    isStopping = true;
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
    await running.sandbox?.stop();
    process.exit(0);
  }
  const stopOrFail = () => {
    stop().catch(fail);
  };
  process.once('SIGTERM', stopOrFail);
  process.once('SIGINT', stopOrFail);
  // A parent that died without a word must not leave servers behind.
  process.once('disconnect', stopOrFail);

  const begun = performance.now();
  const sandbox = await startSandbox({
    ...options,
    onProgress: message => print(`${message}\n`),
  });
  running.sandbox = sandbox;
  const { urls, credentials } = sandbox;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  print(`Control server at ${urls.control}\nReady after ${seconds} s\n`);
  const personas = sandbox.model.people.flatMap(({ displayName, persona }) =>
    persona ? [{ name: displayName, role: persona.title }] : [],
  );
  process.send?.({ type: 'ready', urls, credentials, personas });
}

function print(text: string): void {
  process.stdout.write(text);
}

function fail(error: unknown): void {
  const { name, message, stack } = toError(error);
  const text = expected.includes(name)
    ? message
    : `The sandbox failed: ${stack ?? message}`;
  process.stderr.write(`${text}\n`, () => process.exit(1));
}

// The transform that runs TypeScript loads this file's preloads in a worker
// thread too; a sandbox may only start in the main one.
if (isMainThread) {
  main().catch(fail);
}
