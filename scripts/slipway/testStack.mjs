/**
 * A sandbox and a portal for the browser tests, in a process of their own that
 * is told what to do over IPC. Arguments are those of `up`; the data folder is
 * SLIPWAY_DATA_HOME. Messages: `stop-portal` (with a `signal`) and `start-portal`,
 * both with a `name` for further replicas, which also take a `port`, `configs`
 * and more of an `env`.
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
const portals = new Map([['portal', await stack.startPortal(env)]]);
stack.remember(sandbox);

/** @type {Record<string, (message: any) => Promise<void>>} */
const orders = {
  'stop-portal': async ({ name = 'portal', signal }) => {
    const portal = portals.get(name);
    if (portal) {
      await stack.stopPart(portal, signal);
    }
  },
  'start-portal': async ({ name = 'portal', port, configs, env: more }) => {
    const variant = name === 'portal' ? undefined : { name, port, configs };
    portals.set(name, await stack.startPortal({ ...env, ...more }, variant));
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
