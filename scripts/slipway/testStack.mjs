/**
 * A sandbox and a portal for the browser tests, in a process of their own that
 * is told what to do over IPC. Arguments are those of `up`; the data folder is
 * SLIPWAY_DATA_HOME. Messages: `stop-portal` (with a `signal`), `start-portal`.
 */
import { ensureApp, prepare } from './prepare.mjs';
import { createStack, stopRequested } from './stack.mjs';
import { upOptions } from './up.mjs';

const { fresh: _, ...options } = upOptions(process.argv.slice(2));
const toolchain = await prepare();
await ensureApp(toolchain);
const stack = createStack(toolchain, options);
const sandbox = await stack.startSandbox();
const env = stack.portalEnvironment(sandbox);
let portal = await stack.startPortal(env);
stack.remember(sandbox);

/** @type {Record<string, (message: any) => Promise<void>>} */
const orders = {
  'stop-portal': async ({ signal }) => stack.stopPart(portal, signal),
  'start-portal': async () => {
    portal = await stack.startPortal(env);
  },
};

process.on('message', async (/** @type {any} */ message) => {
  try {
    await orders[message.type](message);
    process.send?.({ type: 'done', id: message.id });
  } catch (error) {
    process.send?.({ type: 'failed', id: message.id, reason: String(error) });
  }
});
process.send?.({ type: 'ready', portalUrl: stack.portalUrl, sandbox, env });

await Promise.race([
  stopRequested(),
  new Promise(resolve => {
    process.once('disconnect', resolve);
  }),
]);
await stack.stop();
process.exit(0);
