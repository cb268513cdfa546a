/**
 * Status reads: how fast the delivery backend answers what pages ask, over
 * 5,000 services in four environments, and what it costs to get there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { mockCredentials } from '@backstage/backend-test-utils';
import { FleetPage } from '@slipway/plugin-delivery-common';
import { freePorts } from '../packages/app/e2e-tests/support/portal';
import { BenchProcess } from './support/childProcess';
import type { BackendFigures } from './support/deliveryBackend';
import type { LoadOrder, LoadResult } from './support/loadGenerator';
import { seededRandom } from './support/random';
import { progress, publish } from './support/report';
import { Bench, runBenchmark } from './support/run';
import { distributionOf, round } from './support/statistics';

const SERVICES = 5_000;
const ENVIRONMENTS = 4;

/** Requests under way at any moment; each is followed by the next at once. */
const CONNECTIONS = 4;
const SECONDS = 8;
const WARM_UP_SECONDS = 2;

/** How many different questions a case has at most. */
const VARIANTS = 2_000;

/** As a browser asks, so that answers are compressed as they are for one. */
const HEADERS = {
  authorization: mockCredentials.user.header(),
  'accept-encoding': 'gzip, deflate, br, zstd',
};

/** A question that pages ask, in all its variants. */
type Case = { title: string; paths: string[] };

function cases(): Case[] {
  const random = seededRandom(42);
  const pick = (count: number) => Math.floor(random() * count);
  const many = (make: () => string) => Array.from({ length: VARIANTS }, make);
  const fleet = '/api/delivery/fleet?limit=100';
  return [
    { title: 'fleet, first window', paths: [`${fleet}&offset=0`] },
    {
      title: 'fleet by system, first window',
      paths: [`${fleet}&offset=0&groupBy=system`],
    },
    {
      title: 'fleet, random windows',
      paths: many(() => `${fleet}&offset=${pick(SERVICES - 100)}`),
    },
    {
      title: 'fleet, random text',
      paths: many(() => `${fleet}&offset=0&text=${pick(SERVICES)}`),
    },
    {
      title: 'fleet, needs attention',
      paths: [`${fleet}&offset=0&attention=true`],
    },
    { title: 'fleet, owned', paths: [`${fleet}&offset=0&owned=true`] },
    {
      title: 'deployments of an entity',
      paths: many(
        () =>
          `/api/delivery/entities/component/default/service-${String(
            pick(SERVICES),
          ).padStart(4, '0')}/deployments`,
      ),
    },
  ];
}

type Start = {
  title: string;
  /** Until the process was made and its plugins were there. */
  bootMs: number;
  /** From there until every service showed every environment. */
  completeMs: number;
  /** While it got there. */
  figures: BackendFigures;
};

async function startBackend(options: {
  title: string;
  port: number;
  folder: string;
  defer: Bench['defer'];
}): Promise<{ backend: BenchProcess; start: Start }> {
  const { title, port, folder, defer } = options;
  progress(title);
  const begin = performance.now();
  const backend = await BenchProcess.start({
    script: 'deliveryBackend.ts',
    args: [String(port), folder],
  });
  defer(() => backend.stop());
  const booted = performance.now();
  while (!(await isComplete(port))) {
    await wait(20);
  }
  const complete = performance.now();
  const { figures } = await backend.ask<{
    type: 'figures';
    figures: BackendFigures;
  }>({ type: 'end' }, 'figures');
  return {
    backend,
    start: {
      title,
      bootMs: booted - begin,
      completeMs: complete - booted,
      figures,
    },
  };
}

/** Whether every service is there with all its environments. */
async function isComplete(port: number): Promise<boolean> {
  const read = async (query: string) => {
    const response = await fetch(
      `http://localhost:${port}/api/delivery/fleet?${query}`,
      { headers: { authorization: HEADERS.authorization } },
    );
    return response.ok ? ((await response.json()) as FleetPage) : undefined;
  };
  const first = await read('limit=1');
  if (
    first?.totals.services !== SERVICES ||
    first.totals.unmatchedApplications > 0
  ) {
    return false;
  }
  for (let offset = SERVICES - 500; offset >= 0; offset -= 500) {
    const page = await read(`limit=500&offset=${offset}`);
    const complete = page?.rows.every(
      ({ cells }) => Object.keys(cells).length === ENVIRONMENTS,
    );
    if (!complete) {
      return false;
    }
  }
  return true;
}

async function load(
  order: Omit<LoadOrder, 'type' | 'connections' | 'headers'>,
): Promise<LoadResult> {
  const generator = await BenchProcess.start({ script: 'loadGenerator.ts' });
  try {
    const { result } = await generator.ask<{
      type: 'done';
      result: LoadResult;
    }>(
      { type: 'load', connections: CONNECTIONS, headers: HEADERS, ...order },
      'done',
    );
    return result;
  } finally {
    await generator.stop();
  }
}

async function measure(options: {
  backend: BenchProcess;
  port: number;
  one: Case;
}) {
  const { backend, port, one } = options;
  progress(one.title);
  const url = `http://localhost:${port}`;
  await load({ url, seconds: WARM_UP_SECONDS, paths: one.paths });
  await backend.ask({ type: 'begin' }, 'begun');
  const { latencies, failures, seconds, bytes } = await load({
    url,
    seconds: SECONDS,
    paths: one.paths,
  });
  const { figures } = await backend.ask<{
    type: 'figures';
    figures: BackendFigures;
  }>({ type: 'end' }, 'figures');
  const { count, ...latencyMs } = distributionOf(latencies);
  return {
    title: one.title,
    variants: one.paths.length,
    requests: count,
    failures,
    latencyMs,
    perSecond: count / seconds,
    bytesPerAnswer: bytes / count,
    backend: figures,
  };
}

runBenchmark(async ({ defer }) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  defer(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePorts(1);
  const first = await startBackend({
    title: 'first start, everything is written',
    port,
    folder,
    defer,
  });
  await first.backend.stop();
  const second = await startBackend({
    title: 'restart, everything is read',
    port,
    folder,
    defer,
  });
  const starts = [first.start, second.start];
  const reads: Awaited<ReturnType<typeof measure>>[] = [];
  for (const one of cases()) {
    reads.push(await measure({ backend: second.backend, port, one }));
  }
  publish({
    name: 'status-reads',
    conditions: [
      `${SERVICES} services in ${ENVIRONMENTS} environments: ${
        SERVICES * ENVIRONMENTS
      } applications of 5 Argo CD instances, on SQLite.`,
      `${CONNECTIONS} requests at any moment, each followed by the next at once, for ${SECONDS} s after ${WARM_UP_SECONDS} s to warm up; answers are compressed.`,
      'The load comes from a process of its own, on the same machine.',
    ],
    tables: [
      {
        title: 'Reads',
        columns: [
          'request',
          'different',
          'p50 ms',
          'p99 ms',
          'max ms',
          'answers/s',
          'CPU ms each',
          'KiB each',
          'failures',
          'RSS MiB',
        ],
        rows: reads.map(read => [
          read.title,
          read.variants,
          round(read.latencyMs.p50),
          round(read.latencyMs.p99),
          round(read.latencyMs.max),
          Math.round(read.perSecond),
          round(read.backend.cpuMs / read.requests),
          round(read.bytesPerAnswer / 1024),
          read.failures,
          Math.round(read.backend.rssMiB),
        ]),
      },
      {
        title: 'Start',
        columns: [
          'start',
          'process s',
          'until complete s',
          'CPU s',
          'event loop held up, max ms',
          'held up by its own work, max ms',
          'p99 ms',
          'RSS MiB',
        ],
        rows: starts.map(({ title, bootMs, completeMs, figures }) => [
          title,
          round(bootMs / 1000),
          round(completeMs / 1000),
          round(figures.cpuMs / 1000),
          round(figures.loop.maxMs),
          round(figures.loop.maxCpuMs),
          round(figures.loop.p99Ms),
          Math.round(figures.rssMiB),
        ]),
      },
    ],
    results: { starts, reads },
  });
  if (reads.some(({ failures }) => failures > 0)) {
    throw new Error('Not every request was answered');
  }
});
