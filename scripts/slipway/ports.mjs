import { createServer } from 'node:net';
import { Problem } from './problem.mjs';

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<string | undefined>} the error's code, if it is not free
 */
function probe(port, host) {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', error =>
      resolve(/** @type {NodeJS.ErrnoException} */ (error).code ?? 'error'),
    );
    server.listen({ port, host, exclusive: true }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}

/**
 * Makes sure that ports are free before anything is started: a Backstage
 * backend whose port is taken logs that and goes on running.
 *
 * @param {{ port: number, what: string, option: string }[]} wanted
 */
export async function requirePorts(wanted) {
  for (const { port, what, option } of wanted) {
    for (const host of ['127.0.0.1', '::1']) {
      const code = await probe(port, host);
      // A machine without IPv6 has nothing that could be taken there.
      if (code && !['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(code)) {
        throw new Problem(
          code === 'EACCES'
            ? `Port ${port}, which ${what} needs, may not be used by you.`
            : `Port ${port}, which ${what} needs, is in use by another program.`,
          `Stop that program, or choose another port with ${option}.`,
        );
      }
    }
  }
}
