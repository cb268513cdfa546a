import { Writable } from 'node:stream';
import { SteppedClock } from '../__testUtils__/steppedClock';
import { SimulatedCluster } from '../cluster';
import { Applications } from './controller/applications';
import { StreamHub } from './streamHub';
import { Application } from './wire';

/** A client that reads only when a test lets it. */
class SlowClient extends Writable {
  readonly names: string[] = [];
  #reading = false;
  #waiting: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 1 });
  }

  status(): this {
    return this;
  }

  setHeader(): this {
    return this;
  }

  flushHeaders(): void {}

  _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.names.push(
      JSON.parse(chunk.toString()).result.application.metadata.name,
    );
    if (this.#reading) setImmediate(done);
    else this.#waiting = done;
  }

  async readAll(): Promise<void> {
    this.#reading = true;
    this.#waiting?.();
    this.#waiting = undefined;
    let before = -1;
    while (before !== this.names.length) {
      before = this.names.length;
      for (let turn = 0; turn < 20; turn++) {
        await new Promise(resolve => setImmediate(resolve));
      }
    }
  }
}

function setup() {
  const clock = new SteppedClock();
  const cluster = SimulatedCluster.create({ name: 'in-cluster', clock });
  const applications = Applications.create({ cluster, namespaces: ['*'] });
  const hub = StreamHub.create(applications);
  const client = new SlowClient();
  return {
    client,
    hub,
    put: (name: string) =>
      applications.put({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name, namespace: 'argocd' },
        spec: { destination: {} },
      } as Application),
    subscribe: (replay: boolean) =>
      hub.subscribe({
        response: client,
        events: false,
        filter: {
          accepts: () => true,
          fields: undefined,
          replay,
          minimumVersion: 0,
        },
      }),
  };
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

describe('the buffer of a stream', () => {
  it('A19: holds 1,000 events for a slow client and loses newer ones', async () => {
    const { client, put, subscribe } = setup();
    subscribe(false);
    await nextTurn();
    for (let index = 0; index < 1500; index++) put(`app-${index}`);
    await client.readAll();
    // One was on its way already when the buffer began to fill.
    expect(client.names).toHaveLength(1001);
    expect(client.names.at(-1)).toBe('app-1000');
    put('later');
    await client.readAll();
    expect(client.names.at(-1)).toBe('later');
  });

  it('loses nothing of a replay, however long', async () => {
    const { client, put, subscribe } = setup();
    for (let index = 0; index < 1500; index++) put(`app-${index}`);
    subscribe(true);
    await client.readAll();
    expect(client.names).toHaveLength(1500);
  });

  it('forgets a client that has gone', async () => {
    const { client, hub, put, subscribe } = setup();
    subscribe(false);
    await nextTurn();
    expect(hub.size).toBe(1);
    client.destroy();
    await nextTurn();
    expect(hub.size).toBe(0);
    put('app');
    expect(client.names).toEqual([]);
  });
});
