import { createServer, IncomingMessage, request, Server } from 'node:http';
import { AddressInfo } from 'node:net';

/** What happens to a request on its way. */
export type Interference =
  /** It goes on to the server. */
  | { kind: 'pass' }
  /** It goes on to the server, and the answer gets lost. */
  | { kind: 'lose-answer' }
  /** Nothing ever answers. */
  | { kind: 'hang' }
  | { kind: 'answer'; status: number; headers?: { [name: string]: string } };

/** A server in front of another, on which a network can go wrong in any way. */
export class GitProxy {
  /** Decides of each request; may do something else first. */
  interfere: (
    request: IncomingMessage,
  ) => Interference | Promise<Interference> = () => ({ kind: 'pass' });
  /** Method and path of each request. */
  readonly requests: string[] = [];
  readonly #target: string;
  readonly #server: Server;

  static async start(target: string): Promise<GitProxy> {
    const proxy = new GitProxy(target);
    await new Promise<void>(resolve =>
      proxy.#server.listen(0, '127.0.0.1', resolve),
    );
    return proxy;
  }

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer(async (incoming, response) => {
      this.requests.push(`${incoming.method} ${incoming.url}`);
      const decided = await this.interfere(incoming);
      if (decided.kind === 'hang') {
        return;
      }
      if (decided.kind === 'answer') {
        incoming.resume();
        response.writeHead(decided.status, decided.headers).end();
        return;
      }
      const onwards = request(
        new URL(incoming.url ?? '/', this.#target),
        { method: incoming.method, headers: incoming.headers },
        answer => {
          if (decided.kind === 'lose-answer') {
            answer.resume().on('end', () => response.destroy());
          } else {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
          }
        },
      );
      onwards.on('error', () => response.destroy());
      incoming.pipe(onwards);
    });
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}
