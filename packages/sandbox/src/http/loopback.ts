import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConflictError } from '@backstage/errors';
import { errorCode } from '../util/errorCode';

/** A server that answers on `localhost` and nowhere else. */
export interface LoopbackServer {
  readonly port: number;
  /** `http://localhost:<port>`, without a trailing slash. */
  readonly url: string;
  /** Stops listening and drops every open connection at once. */
  close(): Promise<void>;
}

/** How often to look for a port that is free in both address families. */
const ATTEMPTS = 10;

/**
 * Listens on 127.0.0.1 and, where the machine has it, on ::1: clients resolve
 * `localhost` to either. Port 0 lets the system choose one port for both.
 *
 * @throws ConflictError when the port is in use, in one sentence that names
 * the port, what wanted it and the option that changes it.
 */
export async function listenOnLoopback(options: {
  handler: RequestListener;
  port: number;
  /** What listens, for the message: `the Git server`. */
  purpose: string;
}): Promise<LoopbackServer> {
  const { handler, port, purpose } = options;
  for (let attempt = 1; ; attempt++) {
    const servers: Server[] = [];
    try {
      const first = await listen({ handler, port, host: '127.0.0.1' });
      servers.push(first);
      const chosen = (first.address() as AddressInfo).port;
      const second = await listenIfThere({ handler, port: chosen });
      if (second) {
        servers.push(second);
      }
      return {
        port: chosen,
        url: `http://localhost:${chosen}`,
        close: async () => {
          await Promise.all(servers.map(close));
        },
      };
    } catch (error) {
      await Promise.all(servers.map(close));
      if (errorCode(error) !== 'EADDRINUSE') {
        throw error;
      }
      if (port !== 0 || attempt === ATTEMPTS) {
        throw new ConflictError(
          `Port ${port} for ${purpose} is in use: stop what uses it, or choose other ports with --port-base`,
        );
      }
    }
  }
}

/**
 * Makes sure that ports can be had, before anything is written or deleted for
 * servers that could not start. Port 0 is always free.
 *
 * @throws ConflictError for the first port in use, as {@link listenOnLoopback}.
 */
export async function assertPortsFree(
  wanted: readonly { port: number; purpose: string }[],
): Promise<void> {
  for (const { port, purpose } of wanted) {
    if (port !== 0) {
      const server = await listenOnLoopback({
        port,
        purpose,
        handler: (_request, response) => {
          response.writeHead(503).end();
        },
      });
      await server.close();
    }
  }
}

async function listenIfThere(options: {
  handler: RequestListener;
  port: number;
}): Promise<Server | undefined> {
  try {
    return await listen({ ...options, host: '::1' });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
      return undefined;
    }
    throw error;
  }
}

function listen(options: {
  handler: RequestListener;
  port: number;
  host: string;
}): Promise<Server> {
  const { handler, port, host } = options;
  const server = createServer(handler);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
