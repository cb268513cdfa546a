/**
 * autocannon in a process of its own. It takes a `LoadOrder`, answers it with
 * `{ type: 'done', result }`, and ends on `{ type: 'stop' }`.
 */
import autocannon from 'autocannon';

/** What load to make. */
export type LoadOrder = {
  type: 'load';
  url: string;
  connections: number;
  seconds: number;
  headers: { [name: string]: string };
  paths: string[];
};

/** What came of it. */
export type LoadResult = {
  /** Of each request that was answered with 2xx: milliseconds. */
  latencies: number[];
  /** Requests answered otherwise, or not at all. */
  failures: number;
  seconds: number;
  bytes: number;
};

async function load(order: LoadOrder): Promise<LoadResult> {
  const latencies: number[] = [];
  const instance = autocannon({
    url: order.url,
    connections: order.connections,
    duration: order.seconds,
    headers: order.headers,
    requests: order.paths.map(path => ({ method: 'GET', path })),
  });
  // autocannon's own histogram counts whole milliseconds, which is too coarse.
  instance.on(
    'response',
    (_client: unknown, status: number, _bytes: number, time: number) => {
      if (status >= 200 && status < 300) {
        latencies.push(time);
      }
    },
  );
  const result = await instance;
  return {
    latencies,
    failures: result.non2xx + result.errors + result.timeouts,
    seconds: result.duration,
    bytes: result.throughput.total,
  };
}

process.on('message', async (message: LoadOrder | { type: 'stop' }) => {
  if (message.type === 'load') {
    process.send?.({ type: 'done', result: await load(message) });
  } else {
    process.exit(0);
  }
});
process.once('disconnect', () => process.exit(1));
process.send?.({ type: 'ready' });
