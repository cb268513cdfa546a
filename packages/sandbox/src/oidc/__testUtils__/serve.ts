import { createModel } from '../../model';
import { DefaultOidcServer } from '../server';

/**
 * Runs a provider until its parent goes away: Jest cannot load
 * `oidc-provider`, so its tests talk to a process of its own.
 */
async function serve(): Promise<void> {
  const [directory, port] = process.argv.slice(2);
  const { people, groups } = createModel();
  const server = await DefaultOidcServer.create({
    directory,
    portalUrls: ['http://localhost:7007'],
    clientId: 'portal',
    clientSecret: 'secret-of-the-portal',
    people,
    groups,
  });
  await server.start({ port: Number(port) });
  const stop = async () => {
    await server.stop();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('disconnect', stop);
  process.on('message', async (message: { type?: string; person?: string }) => {
    if (message.type === 'end' && message.person !== undefined) {
      const count = await server.endSessions(message.person);
      process.send?.({ type: 'ended', count });
    }
  });
  process.send?.({ type: 'ready', url: server.url });
}

serve().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
