import { createBackendModule } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  isPermission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { PermissionPolicy } from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { deliveryDeploymentReadPermission } from '@slipway/plugin-delivery-common';
import {
  isInEnvironmentRule,
  isServiceOwnerRule,
} from '@slipway/plugin-delivery-node';
import request from 'supertest';
import { application, image, workload } from './__testUtils__/applications';
import { eventually } from './__testUtils__/eventually';
import { FakeUpstream, FakeWorld } from './__testUtils__/FakeUpstream';
import { startPortal } from './__testUtils__/portal';

// A real catalog, which processes its entities before it has them.
jest.setTimeout(120_000);

const ADA = 'user:default/ada';

/** What each caller of these tests may do. */
const POLICY: {
  [user: string]: { catalog?: PolicyDecision; delivery?: PolicyDecision };
} = {
  'user:default/everything': {},
  'user:default/no-deployments': {
    delivery: { result: AuthorizeResult.DENY },
  },
  'user:default/no-catalog': { catalog: { result: AuthorizeResult.DENY } },
  'user:default/staging-only': {
    delivery: {
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'delivery',
      resourceType: 'delivery-deployment',
      conditions: {
        rule: isInEnvironmentRule.name,
        resourceType: 'delivery-deployment',
        params: { environments: ['staging'] },
      },
    },
  },
  'user:default/own-deployments': {
    delivery: {
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'delivery',
      resourceType: 'delivery-deployment',
      conditions: {
        rule: isServiceOwnerRule.name,
        resourceType: 'delivery-deployment',
        params: { claims: [ADA] },
      },
    },
  },
  'user:default/own-entities': {
    catalog: {
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions: {
        rule: 'IS_ENTITY_OWNER',
        resourceType: 'catalog-entity',
        params: { claims: [ADA] },
      },
    },
  },
};

const policy: PermissionPolicy = {
  async handle({ permission }, user) {
    // Plugins ask, too, with no user.
    const { catalog, delivery } =
      POLICY[user?.info.userEntityRef ?? 'user:default/everything'];
    if (isPermission(permission, deliveryDeploymentReadPermission)) {
      return delivery ?? { result: AuthorizeResult.ALLOW };
    }
    if (isPermission(permission, catalogEntityReadPermission)) {
      return catalog ?? { result: AuthorizeResult.ALLOW };
    }
    return { result: AuthorizeResult.ALLOW };
  },
};

function component(name: string, owner: string, system?: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      annotations: {
        'backstage.io/managed-by-location': 'test:x',
        'backstage.io/managed-by-origin-location': 'test:x',
      },
    },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner,
      ...(system !== undefined && { system }),
    },
  };
}

/**
 * One service of ada's and one of somebody else's. Whatever somebody might not
 * be allowed to know of has "secret" in it, so that one search through an
 * answer finds every leak: of the service `secret`, and of production.
 */
function secretWorld(): FakeWorld {
  const run = (
    service: string,
    environment: string,
    tag: string,
    namespace: string,
    wave?: string,
  ) =>
    application({
      name: `${service}-${environment}`,
      labels: { 'app.kubernetes.io/name': service },
      annotations: {
        'backstage.io/entity-ref': `component:${service}`,
        ...(wave !== undefined && { 'argocd.argoproj.io/sync-wave': wave }),
      },
      destination: { name: `eks-${environment}`, namespace },
      workloads: [workload({ name: service, wanted: image(tag) })],
    });
  const world = new FakeWorld();
  world.applications = [
    run('checkout', 'staging', '1.8.2', 'shop-staging'),
    run('checkout', 'production', 'secret-1.8.1', 'secret-prod', '7'),
    run('secret', 'staging', 'secret-2.0.0', 'secret-staging'),
    // In an environment that no chain has
    run('secret', 'secret-place', 'secret-2.0.0', 'nowhere'),
    application({
      name: 'secret-unmatched',
      labels: {},
      annotations: {},
    }),
  ];
  return world;
}

/** The delivery backend with a real catalog and real permissions. */
async function start() {
  const { server } = await startPortal({
    upstreams: [new FakeUpstream(secretWorld())],
    entities: [
      component('checkout', ADA, 'shop'),
      component('secret', 'group:default/secret', 'secret'),
    ],
    policy: createBackendModule({
      pluginId: 'permission',
      moduleId: 'test-policy',
      register(env) {
        env.registerInit({
          deps: { policies: policyExtensionPoint },
          async init({ policies }) {
            policies.setPolicy(policy);
          },
        });
      },
    }),
  });
  const get = async (user: string, path: string) => {
    const { status, body } = await request(server)
      .get(`/api/delivery${path}`)
      .set(
        'authorization',
        mockCredentials.user.header(`user:default/${user}`),
      );
    return { status, body };
  };
  await eventually(
    async () => {
      const { body } = await get('everything', '/fleet');
      expect(body).toMatchObject({
        totals: { all: 2, unmatchedApplications: 1 },
      });
      expect(Object.keys(body.rows[0].cells)).toHaveLength(2);
    },
    { withinMs: 30_000 },
  );
  return { get };
}

const CHECKOUT = '/entities/component/default/checkout';
const SECRET = '/entities/component/default/secret';

/** Every way of asking for the fleet. */
const FLEET = [
  '/fleet',
  '/fleet?groupBy=system',
  '/fleet?groupBy=namespace',
  '/fleet?groupBy=wave',
  '/fleet?text=secret',
  '/fleet?attention=true',
  '/fleet?owned=true',
];

describe('with real permissions', () => {
  let get: Awaited<ReturnType<typeof start>>['get'];

  beforeAll(async () => {
    ({ get } = await start());
  });

  /** Everything that a caller can be told, as one text. */
  async function allThatIsTold(user: string): Promise<string> {
    const answers: unknown[] = [];
    for (const path of [
      ...FLEET,
      `${CHECKOUT}/deployments`,
      `${CHECKOUT}/history`,
    ]) {
      answers.push((await get(user, path)).body);
    }
    // The errors of a refusal name what was asked for, so they are not in it.
    return JSON.stringify(answers).replaceAll('text=secret', '');
  }

  it('tells everything to whom it is allowed', async () => {
    expect(await allThatIsTold('everything')).toContain('secret');
    expect((await get('everything', `${SECRET}/deployments`)).status).toBe(200);
  });

  it.each(['staging-only', 'own-deployments', 'own-entities'])(
    'counts for %s only what may be seen',
    async user => {
      for (const path of FLEET) {
        const { body } = await get(user, path);
        const rows = body.rows.length;
        expect({
          path,
          totals: body.totals,
          groups: body.groups,
        }).toMatchObject({
          path,
          totals: { services: rows, unmatchedApplications: 0 },
        });
        expect(
          body.groups.reduce(
            (sum: number, group: { services: number }) => sum + group.services,
            0,
          ),
        ).toBe(rows);
      }
    },
  );

  it.each(['own-entities', 'own-deployments'])(
    'tells %s nothing of the services of others',
    async user => {
      const { body } = await get(user, '/fleet');
      expect(
        body.rows.map((row: { entityRef: string }) => row.entityRef),
      ).toEqual(['component:default/checkout']);
      expect(body.totals.all).toBe(1);
      expect(await allThatIsTold(user)).not.toMatch(
        /component:default\/secret/,
      );
    },
  );

  it('says to whom the catalog does not show an entity that there is none', async () => {
    for (const part of ['deployments', 'history']) {
      expect(await get('own-entities', `${SECRET}/${part}`)).toMatchObject({
        status: 404,
        body: { error: { code: 'delivery.entity-not-found' } },
      });
    }
  });

  it('refuses the deployments and the history of services that are not theirs', async () => {
    for (const part of ['deployments', 'history']) {
      expect(await get('own-deployments', `${SECRET}/${part}`)).toMatchObject({
        status: 403,
        body: { error: { code: 'delivery.read-not-allowed' } },
      });
    }
  });

  it('tells of one environment nothing that is of another: release, place, group or difference', async () => {
    const answers = [
      await get('staging-only', `${CHECKOUT}/deployments`),
      await get('staging-only', `${CHECKOUT}/history`),
      await get('staging-only', '/fleet?text=checkout'),
      await get('staging-only', '/fleet?text=checkout&groupBy=namespace'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(JSON.stringify(answers)).not.toContain('secret');
    const search = await get('staging-only', '/fleet?text=secret-1.8.1');
    expect(search.body.totals.services).toBe(0);
  });

  it('says of the chains only what is configured and what may be seen', async () => {
    const chainFor = async (user: string) => {
      const { body } = await get(user, '/fleet');
      return body.chains[0].environments.map(
        ({ id }: { id: string }) => id,
      ) as string[];
    };
    const configured = ['development', 'staging', 'production', 'recovery'];
    expect(await chainFor('everything')).toEqual([...configured, 'unassigned']);
    for (const user of [
      'own-entities',
      'own-deployments',
      'staging-only',
      'no-deployments',
    ]) {
      expect([user, await chainFor(user)]).toEqual([user, configured]);
    }
  });

  it('groups by the sync wave of what may be seen only', async () => {
    const groupsFor = async (user: string) => {
      const { body } = await get(user, '/fleet?groupBy=wave&text=checkout');
      return body.groups.map(({ key }: { key: string }) => key) as string[];
    };
    expect(await groupsFor('everything')).toEqual(['7']);
    expect(await groupsFor('staging-only')).toEqual(['']);
  });

  it.each(['no-deployments', 'no-catalog'])(
    'tells %s nothing at all',
    async user => {
      for (const path of FLEET) {
        expect((await get(user, path)).body).toMatchObject({
          rows: [],
          groups: [],
          totals: {
            services: 0,
            attention: 0,
            all: 0,
            unmatchedApplications: 0,
          },
          upstreams: [],
        });
      }
      for (const path of [CHECKOUT, SECRET]) {
        for (const part of ['deployments', 'history']) {
          expect((await get(user, `${path}/${part}`)).status).toBe(
            user === 'no-catalog' ? 404 : 403,
          );
        }
      }
    },
  );
});
