import { createServer } from 'node:net';
import { AddressInfo } from 'node:net';
import { metrics } from '@opentelemetry/api';
import { readMetricsPort, startMetrics } from './metrics';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise(done => server.close(done));
  return port;
}

describe('metrics', () => {
  it('shows what is counted, and how Node is doing, to Prometheus', async () => {
    const port = await freePort();
    const endpoint = await startMetrics({ port, host: '127.0.0.1' });
    try {
      metrics.getMeter('test').createCounter('things').add(3, { kind: 'a' });
      const response = await fetch(`http://127.0.0.1:${port}/metrics`);
      const text = await response.text();
      expect(text).toMatch(/^things_total\{.*kind="a".*\} 3/m);
      expect(text).toContain('nodejs_eventloop');
    } finally {
      await endpoint?.stop();
    }
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
  });

  it('listens nowhere unless it is told a port', async () => {
    expect(await startMetrics({ port: readMetricsPort(undefined) })).toBe(
      undefined,
    );
    expect(readMetricsPort('')).toBeUndefined();
    expect(readMetricsPort('9464')).toBe(9464);
  });

  it.each(['none', '-1', '70000', '1.5'])('takes %s for no port', text => {
    expect(() => readMetricsPort(text)).toThrow(/METRICS_PORT is no port/);
  });
});
