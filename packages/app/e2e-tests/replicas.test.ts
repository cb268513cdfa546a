import { resolve } from 'node:path';
import { Client } from 'pg';
import { HistoryPage } from '@slipway/plugin-delivery-common';
import { expect, test } from './support/test';
import { clone } from './support/git';
import { freePorts, Portal } from './support/portal';

const ROOT = resolve(__dirname, '..', '..', '..');
const POSTGRES = process.env.SLIPWAY_TEST_POSTGRES;

/** Configuration and environment of a replica of the production profile. */
function production(portal: Portal, port: number, database: string) {
  const { hostname, port: databasePort, username } = new URL(database);
  return {
    port,
    configs: [
      resolve(ROOT, 'app-config.production.yaml'),
      resolve(__dirname, 'support', 'replicas.config.yaml'),
    ],
    env: {
      PORTAL_URL: `http://localhost:${port}`,
      REPLICA_PORT: String(port),
      SESSION_SECRET: 'replica-test',
      POSTGRES_HOST: hostname,
      POSTGRES_PORT: databasePort,
      POSTGRES_USER: username,
      POSTGRES_PASSWORD: 'trusted',
      OIDC_METADATA_URL: `${portal.sandbox.urls.oidc}/.well-known/openid-configuration`,
      OIDC_CLIENT_ID: portal.env.SLIPWAY_OIDC_CLIENT_ID,
      OIDC_CLIENT_SECRET: portal.env.SLIPWAY_OIDC_CLIENT_SECRET,
      CATALOG_LOCATION: `${portal.sandbox.urls.git}/slipway/catalog/src/branch/main/all.yaml`,
      ARGOCD_URL: portal.sandbox.urls.argocd.microservices,
      ARGOCD_TOKEN: portal.sandbox.credentials.argocd.microservices.token,
    },
  };
}

test('two replicas of the production profile: one reads Argo CD, and when it is killed the other goes on, with nothing lost or doubled', async ({
  portal,
}) => {
  test.skip(
    !POSTGRES,
    'PostgreSQL is missing: ./slipway test starts one where it is installed, and names it in SLIPWAY_TEST_POSTGRES',
  );
  test.setTimeout(600_000);
  const database = String(POSTGRES);
  const base = await freePorts(2);
  const ports: Record<string, number> = { first: base, second: base + 1 };
  const gitops = clone(portal, 'microservices/gitops');
  const path = 'apps/gateway/overlays/dev/kustomization.yaml';
  const running = new Set<string>();

  async function start(name: string) {
    await portal.startReplica({
      name,
      ...production(portal, ports[name], database),
    });
    running.add(name);
  }

  async function history(name: string): Promise<string[]> {
    const response = await fetch(
      `http://localhost:${ports[name]}/api/delivery/entities/component/default/gateway/history?environment=development&limit=100`,
      {
        headers: { authorization: `Bearer ${portal.env.SLIPWAY_PROBE_TOKEN}` },
      },
    );
    expect(response.status).toBe(200);
    const page: HistoryPage = await response.json();
    return page.entries.map(entry => entry.release.tag ?? '');
  }

  /** Releases a tag that nobody else uses. */
  function release(tag: string) {
    gitops.push({
      path,
      change: text => text.replace(/newTag: \S+/, `newTag: ${tag}`),
      message: `Release gateway ${tag}`,
    });
  }

  async function holder(): Promise<string> {
    const client = new Client({
      connectionString: database.replace(
        /\/[^/]*$/,
        '/backstage_plugin_delivery',
      ),
    });
    await client.connect();
    try {
      const { rows } = await client.query<{ holder: string }>(
        "select holder from delivery_leases where upstream_id = 'argocd:main'",
      );
      return rows[0].holder;
    } finally {
      await client.end();
    }
  }

  try {
    await start('first');
    const firstHolder = await holder();
    await start('second');
    expect(await holder()).toBe(firstHolder);

    release('v50.0.1');
    for (const name of ['first', 'second']) {
      await expect
        .poll(() => history(name), { timeout: 60_000 })
        .toContain('v50.0.1');
    }

    await portal.stopReplica('first', 'SIGKILL');
    running.delete('first');
    release('v50.0.2');
    await expect
      .poll(() => history('second'), { timeout: 60_000 })
      .toContain('v50.0.2');
    expect(await holder()).not.toBe(firstHolder);

    const tags = await history('second');
    expect(tags.filter(tag => tag === 'v50.0.1')).toHaveLength(1);
    expect(tags.filter(tag => tag === 'v50.0.2')).toHaveLength(1);
  } finally {
    for (const name of running) {
      await portal.stopReplica(name);
    }
    gitops.dispose();
  }
});
