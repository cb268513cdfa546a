/**
 * Upstream load: how many requests reach Argo CD a minute, by the number of open
 * tabs and of replicas. It has to depend on neither (docs/architecture.md).
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BrowserContext, Request } from '@playwright/test';
import {
  freePorts,
  Portal,
  startPortal,
} from '../packages/app/e2e-tests/support/portal';
import { Balancer } from './support/balancer';
import { gridOf, launchChromium, openFleet } from './support/browser';
import { PageClient } from './support/PageClient';
import { progress, publish, ROOT } from './support/report';
import { runBenchmark } from './support/run';

const TABS = [0, 1, 20, 100];

/** How long each row is observed: every figure a minute is made of this. */
const WINDOW_S = 20;
/** In a world with commits, one is pushed so often. */
const COMMIT_EVERY_S = 10;
/** For what a commit or a new tab sets in motion to come to an end. */
const SETTLE_S = 4;

/** Tabs beyond this are `PageClient`s: a machine bears so many real ones. */
const REAL_TABS = Math.min(100, Math.max(1, cpus().length * 10));

/** Services that get the commits, one after the other. */
const SERVICES = ['checkout', 'order', 'payment', 'catalog', 'search', 'cart'];

/** Requests that arrived at every Argo CD since its start, by route. */
async function requestsOf(portal: Portal): Promise<Map<string, number>> {
  const response = await fetch(`${portal.sandbox.urls.control}/status`);
  const status = (await response.json()) as {
    argocd: { [instance: string]: { requests: { [route: string]: number } } };
  };
  const counts = new Map<string, number>();
  for (const { requests } of Object.values(status.argocd)) {
    for (const [route, count] of Object.entries(requests)) {
      counts.set(route, (counts.get(route) ?? 0) + count);
    }
  }
  return counts;
}

type Observation = {
  replicas: number;
  tabs: number;
  /** How many of the tabs are in Chromium. */
  realTabs: number;
  commits: number;
  /** Within the window. */
  requests: number;
  perMinute: number;
  byRoute: { [route: string]: number };
  /** Requests of all tabs to the portal within the window. */
  pageReads: number;
};

/** Open pages, most of them in Chromium. */
class OpenPages {
  readonly #context: BrowserContext;
  readonly #url: string;
  readonly #clients: PageClient[] = [];
  #browserReads = 0;
  #latest: Request | undefined;

  static async open(options: {
    context: BrowserContext;
    url: string;
  }): Promise<OpenPages> {
    const pages = new OpenPages(options.context, options.url);
    options.context.on('request', request => pages.#note(request));
    return pages;
  }

  private constructor(context: BrowserContext, url: string) {
    this.#context = context;
    this.#url = url;
  }

  get count(): number {
    return this.realCount + this.#clients.length;
  }

  get realCount(): number {
    return this.#context.pages().length;
  }

  /** Reads of the fleet that all pages made so far. */
  get reads(): number {
    return this.#clients.reduce(
      (sum, { reads }) => sum + reads,
      this.#browserReads,
    );
  }

  async growTo(count: number): Promise<void> {
    while (this.count < count) {
      if (this.realCount === 0) {
        await openFleet({
          context: this.#context,
          url: this.#url,
          person: 'Tomas Okafor',
        });
      } else if (this.realCount < REAL_TABS) {
        const page = await this.#context.newPage();
        page.setDefaultTimeout(120_000);
        await page.goto(`${this.#url}/deployments`);
        await gridOf(page).waitFor();
      } else {
        await this.#openClient();
      }
    }
  }

  async close(): Promise<void> {
    for (const client of this.#clients.splice(0)) {
      client.close();
    }
    for (const page of this.#context.pages()) {
      await page.close();
    }
    await this.#context.clearCookies();
  }

  async #openClient(): Promise<void> {
    const authorization = await this.#latest?.headerValue('authorization');
    if (!this.#latest || !authorization) {
      throw new Error('No page has read the fleet yet');
    }
    this.#clients.push(
      await PageClient.open({
        portalUrl: this.#url,
        request: { url: this.#latest.url(), authorization },
      }),
    );
  }

  #note(request: Request): void {
    if (new URL(request.url()).pathname === '/api/delivery/fleet') {
      this.#browserReads++;
      this.#latest = request;
    }
  }
}

async function observe(options: {
  portal: Portal;
  pages: OpenPages;
  replicas: number;
  withCommits: boolean;
}): Promise<Observation> {
  const { portal, pages, replicas, withCommits } = options;
  const before = await requestsOf(portal);
  const readsBefore = pages.reads;
  const end = performance.now() + WINDOW_S * 1_000;
  let commits = 0;
  for (let at = 0; withCommits && at < WINDOW_S; at += COMMIT_EVERY_S) {
    await portal.scenario('new-commit', {
      service: SERVICES[commits % SERVICES.length],
      environment: 'development',
    });
    commits++;
    await wait(
      Math.max(
        0,
        end - performance.now() - (WINDOW_S - at - COMMIT_EVERY_S) * 1_000,
      ),
    );
  }
  await wait(Math.max(0, end - performance.now()));
  const byRoute: { [route: string]: number } = {};
  let requests = 0;
  for (const [route, count] of await requestsOf(portal)) {
    const arrived = count - (before.get(route) ?? 0);
    if (arrived > 0) {
      byRoute[route] = arrived;
      requests += arrived;
    }
  }
  return {
    replicas,
    tabs: pages.count,
    realTabs: pages.realCount,
    commits,
    requests,
    perMinute: requests * (60 / WINDOW_S),
    byRoute,
    pageReads: pages.reads - readsBefore,
  };
}

/** What a replica of the production profile over the sandbox needs. */
function replica(options: {
  portal: Portal;
  name: string;
  port: number;
  database: URL;
}) {
  const { portal, name, port, database } = options;
  const { sandbox, env } = portal;
  return {
    name,
    port,
    configs: [
      join(ROOT, 'app-config.production.yaml'),
      join(
        ROOT,
        'packages',
        'app',
        'e2e-tests',
        'support',
        'replicas.config.yaml',
      ),
    ],
    env: {
      // Browsers see one portal, whichever replica answers.
      PORTAL_URL: portal.url,
      REPLICA_PORT: String(port),
      SESSION_SECRET: 'benchmark',
      POSTGRES_HOST: database.hostname,
      POSTGRES_PORT: database.port,
      POSTGRES_USER: database.username,
      POSTGRES_PASSWORD: 'trusted',
      OIDC_METADATA_URL: `${sandbox.urls.oidc}/.well-known/openid-configuration`,
      OIDC_CLIENT_ID: env.SLIPWAY_OIDC_CLIENT_ID,
      OIDC_CLIENT_SECRET: env.SLIPWAY_OIDC_CLIENT_SECRET,
      CATALOG_LOCATION: `${sandbox.urls.git}/slipway/catalog/src/branch/main/all.yaml`,
      ARGOCD_URL: sandbox.urls.argocd.microservices,
      ARGOCD_TOKEN: sandbox.credentials.argocd.microservices.token,
    },
  };
}

runBenchmark(async ({ defer }) => {
  // Plain JavaScript modules, which TypeScript's own imports cannot reach.
  const { startPostgres } = (await import(
    '../scripts/slipway/postgres.mjs'
  )) as {
    startPostgres: () => Promise<
      { url: string; stop: () => Promise<void> } | { reason: string }
    >;
  };
  progress('starting PostgreSQL');
  const postgres = await startPostgres();
  if ('reason' in postgres) {
    throw new Error(postgres.reason);
  }
  defer(() => postgres.stop());

  progress('starting the sandbox');
  const portal = await startPortal({ speed: 10 });
  defer(() => portal.stop());
  // Its portal is on SQLite, which replicas cannot share.
  await portal.stopPortal();
  const balancer = await Balancer.listen(Number(new URL(portal.url).port));
  defer(() => balancer.close());

  const browser = await launchChromium();
  defer(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
  });
  const pages = await OpenPages.open({ context, url: portal.url });
  defer(() => pages.close());

  const ports = await freePorts(2);
  const observations: Observation[] = [];
  for (const replicas of [1, 2]) {
    progress(`starting replica ${replicas}`);
    const port = ports + replicas - 1;
    if (replicas === 1) {
      // It asks itself through the balancer while it starts.
      balancer.add(port);
    }
    await portal.startReplica(
      replica({
        portal,
        name: `replica-${replicas}`,
        port,
        database: new URL(postgres.url),
      }),
    );
    if (replicas > 1) {
      balancer.add(port);
    }
    for (const tabs of TABS) {
      progress(`${replicas} replica(s), ${tabs} tab(s)`);
      await pages.growTo(tabs);
      for (const withCommits of [false, true]) {
        await wait(SETTLE_S * 1_000);
        observations.push(
          await observe({ portal, pages, replicas, withCommits }),
        );
      }
    }
    await pages.close();
  }

  publish({
    name: 'upstream-load',
    conditions: [
      `24 services in three environments on one Argo CD; each row was observed for ${WINDOW_S} s, and the figure a minute is that times ${
        60 / WINDOW_S
      }.`,
      `Up to ${REAL_TABS} tabs are tabs of Chromium; the others are clients that hold the page's socket and make the page's request at the same moments.`,
      'Replicas share one PostgreSQL, behind a balancer that gives them connections in turn.',
    ],
    tables: [
      {
        title: 'Requests that reach Argo CD',
        columns: [
          'replicas',
          'tabs',
          'in Chromium',
          'commits',
          'requests',
          'a minute',
          'a commit',
          'reads by pages',
        ],
        rows: observations.map(found => [
          found.replicas,
          found.tabs,
          found.realTabs,
          found.commits,
          found.requests,
          found.perMinute,
          found.commits > 0 ? (found.requests / found.commits).toFixed(1) : '–',
          found.pageReads,
        ]),
      },
    ],
    results: { windowSeconds: WINDOW_S, observations },
  });
});
