import { readMetricsPort, startMetrics } from './metrics';

// Imported before anything that measures, so that it measures into something.
// A metrics port that is taken or wrong is no reason for a portal not to start.
try {
  startMetrics({ port: readMetricsPort(process.env.METRICS_PORT) }).catch(warn);
} catch (error) {
  warn(error);
}

function warn(error: unknown) {
  process.stderr.write(`There are no metrics: ${String(error)}\n`);
}
