import { rmSync } from 'node:fs';
import { lockData } from './lock.mjs';
import { decimalNumber, readOptions, wholeNumber } from './options.mjs';
import { DATA } from './paths.mjs';
import { ensureApp, prepare } from './prepare.mjs';
import { Problem } from './problem.mjs';
import { requirePorts } from './ports.mjs';
import { say } from './say.mjs';
import { createStack, stopRequested } from './stack.mjs';

/** @param {string[]} args */
export function upOptions(args) {
  const { values } = readOptions(
    args,
    {
      fresh: { type: 'boolean', default: false },
      port: { type: 'string' },
      'sandbox-port': { type: 'string' },
      services: { type: 'string' },
      speed: { type: 'string' },
    },
    { command: 'up' },
  );
  return {
    fresh: values.fresh === true,
    port: wholeNumber(values.port, {
      option: '--port',
      min: 1024,
      max: 65535,
      fallback: 7007,
    }),
    sandboxPort: wholeNumber(values['sandbox-port'], {
      option: '--sandbox-port',
      min: 1024,
      max: 65531,
      fallback: 7080,
    }),
    services: wholeNumber(values.services, {
      option: '--services',
      min: 28,
      max: 5000,
      fallback: 28,
    }),
    speed: decimalNumber(values.speed, {
      option: '--speed',
      min: 0.1,
      max: 1000,
      fallback: 1,
    }),
  };
}

/**
 * Installs what is missing, starts sandbox and portal, and runs until it is
 * asked to stop or a part ends.
 *
 * @param {string[]} args
 */
export async function run(args) {
  const { fresh, ...options } = upOptions(args);
  const unlock = lockData();
  try {
    // Before the minutes that an install can take, not after.
    await requirePorts([
      { port: options.port, what: 'the portal', option: '--port' },
    ]);
    const toolchain = await prepare();
    await ensureApp(toolchain);
    if (fresh) {
      for (const part of ['portal', 'sandbox', 'portal-secrets.json']) {
        rmSync(`${DATA}/${part}`, { recursive: true, force: true });
      }
    }
    const stack = createStack(toolchain, options);
    // Listens from here on, so that a Ctrl-C during the start stops cleanly too.
    const asked = stopRequested();
    try {
      const started = (async () => {
        const sandbox = await stack.startSandbox();
        await stack.startPortal(stack.portalEnvironment(sandbox));
        stack.remember(sandbox);
        stack.introduce(sandbox);
      })();
      const interrupted = await Promise.race([started, asked]);
      if (!interrupted) {
        const end = await Promise.race([asked, stack.firstEnd()]);
        if (typeof end === 'object') {
          throw new Problem(
            `The ${end.part.name} ${end.how}, so everything is being stopped.`,
            `Its log is ${end.part.logFile}. The last it said:\n${end.part
              .tail()
              .slice(-12)
              .join('\n')}`,
          );
        }
      }
      started.catch(() => undefined);
      say('\n  Stopping …');
    } finally {
      await stack.stop();
    }
    say(
      '  Stopped. Your data is kept; ./slipway up --fresh starts from nothing.',
    );
  } finally {
    unlock();
  }
}
