import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** The endpoint that Prometheus reads, once it listens. */
export type MetricsEndpoint = {
  stop(): Promise<void>;
};

/**
 * Lets Prometheus read what Backstage and Node measure, at `/metrics` on a port
 * of its own, which no ingress leads to. Backstage counts through the
 * OpenTelemetry API, which forgets everything until somebody registers a
 * provider; and only what is created after that is counted.
 *
 * @param options.port - Without one nothing is registered.
 */
export async function startMetrics(options: {
  port: number | undefined;
  host?: string;
}): Promise<MetricsEndpoint | undefined> {
  const { port, host } = options;
  if (port === undefined) {
    return undefined;
  }
  const exporter = new PrometheusExporter({
    port,
    host,
    preventServerStart: true,
  });
  const provider = new MeterProvider({ readers: [exporter] });
  metrics.setGlobalMeterProvider(provider);
  const runtime = new RuntimeNodeInstrumentation();
  runtime.setMeterProvider(provider);
  await exporter.startServer();
  return {
    async stop() {
      runtime.disable();
      metrics.disable();
      await provider.shutdown();
    },
  };
}

/**
 * Reads `METRICS_PORT`.
 *
 * @throws Error when it is set and no port.
 */
export function readMetricsPort(text: string | undefined): number | undefined {
  if (!text) {
    return undefined;
  }
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`METRICS_PORT is no port: '${text}'`);
  }
  return port;
}
