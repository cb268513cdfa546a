import { connect, createServer, Server, Socket } from 'node:net';

/** Gives connections to replicas in turn, as what stands before them would. */
export class Balancer {
  readonly #ports: number[] = [];
  readonly #open = new Set<Socket>();
  readonly #server: Server;
  #next = 0;

  static async listen(port: number): Promise<Balancer> {
    const balancer = new Balancer();
    await new Promise<void>((resolve, reject) => {
      balancer.#server.once('error', reject);
      balancer.#server.listen({ port, host: 'localhost' }, resolve);
    });
    return balancer;
  }

  private constructor() {
    this.#server = createServer(client => this.#forward(client));
  }

  /** A replica that takes connections from now on. */
  add(port: number): void {
    this.#ports.push(port);
  }

  async close(): Promise<void> {
    for (const socket of this.#open) {
      socket.destroy();
    }
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  #forward(client: Socket): void {
    const port = this.#ports[this.#next % this.#ports.length];
    this.#next++;
    if (port === undefined) {
      client.destroy();
      return;
    }
    const replica = connect({ port, host: 'localhost' });
    for (const socket of [client, replica]) {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
      // One end that breaks takes the other with it; that is all there is to do.
      socket.once('error', () => {
        client.destroy();
        replica.destroy();
      });
    }
    client.pipe(replica).pipe(client);
  }
}
