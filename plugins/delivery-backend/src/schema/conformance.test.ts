import {
  createBackendModule,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import request from 'supertest';
import {
  application,
  image,
  sha,
  workload,
} from '../__testUtils__/applications';
import { serviceEntity, startDelivery } from '../__testUtils__/backend';
import { eventually } from '../__testUtils__/eventually';
import { FakeUpstream, FakeWorld } from '../__testUtils__/FakeUpstream';
import { openApiDocument } from './openapi';

jest.setTimeout(60_000);

/**
 * `wrapServer` of Backstage validates in the background of a proxy and knows
 * OpenAPI 3.0; here the very schemas of the document, which are JSON Schema
 * 2020-12 in OpenAPI 3.1, are held against the answers, and every object in
 * them is closed.
 */
const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema({ $id: 'api', components: openApiDocument.components });

function faultsOf(schema: string, body: unknown) {
  const validate = ajv.getSchema(`api#/components/schemas/${schema}`);
  if (!validate) {
    throw new Error(`No schema ${schema}`);
  }
  validate(body);
  return validate.errors ?? [];
}

/** Until a backend holds everything, on a busy machine. */
const LOADED = { withinMs: 30_000 };

const entityPath = '/api/delivery/entities/component/default/checkout';

/** A world with every field of an application in use. */
function richWorld(): FakeWorld {
  const world = new FakeWorld();
  const commits = {
    [sha('1')]: {
      sha: sha('1'),
      author: 'Ada',
      date: '2026-11-01T09:00:00Z',
      message: 'Release 1.8.2',
      url: 'https://git.example/c/1',
    },
  };
  world.applications = [
    application({ commits, url: 'https://argocd.example/checkout' }),
    application({
      name: 'checkout-prod',
      destination: {
        server: 'https://ABC.gr7.us-east-1.eks.amazonaws.com',
        namespace: 'shop-prod',
      },
      policy: { automated: false, prune: false, selfHeal: false },
      workloads: [workload({ wanted: image('1.9.0'), live: image('1.8.0') })],
      sync: { state: 'out-of-sync', revisions: [sha('2')] },
      health: {
        state: 'healthy',
        message: 'fine',
        since: '2026-11-01T10:01:00Z',
      },
      operation: {
        phase: 'succeeded',
        message: 'successfully synced',
        startedAt: '2026-11-01T10:00:00Z',
        finishedAt: '2026-11-01T10:00:30Z',
        initiatedBy: 'ada',
        automated: false,
        dryRun: false,
        partial: false,
        revisions: [sha('1')],
      },
      conditions: [
        {
          type: 'OrphanedResourceWarning',
          severity: 'warning',
          message: 'one orphan',
          since: '2026-11-01T10:00:00Z',
        },
      ],
    }),
    // Unbound, and stale by its own account
    application({
      name: 'checkout-dr',
      annotations: {},
      destination: { name: 'eks-recovery', namespace: 'shop-dr' },
      conditions: [
        {
          type: 'UnknownError',
          severity: 'error',
          message: 'status exceeds the limit and may be stale',
        },
      ],
    }),
  ];
  return world;
}

const entities = [
  serviceEntity({ name: 'checkout', system: 'shop' }),
  serviceEntity({ name: 'order', owner: 'order-team' }),
];

/** Decides by name of permission. */
function permissionsFactory(decide: {
  [permission: string]: PolicyDecision | undefined;
}) {
  const allow: PolicyDecision = { result: AuthorizeResult.ALLOW };
  return createServiceFactory({
    service: coreServices.permissions,
    deps: {},
    factory: () =>
      mockServices.permissions.mock({
        authorizeConditional: async requests =>
          requests.map(({ permission }) => decide[permission.name] ?? allow),
        authorize: async requests =>
          requests.map(({ permission, resourceRef }) => {
            const decision = decide[permission.name] ?? allow;
            if (decision.result !== AuthorizeResult.CONDITIONAL) {
              return { result: decision.result };
            }
            const allowed = resourceRef?.endsWith('#staging');
            return {
              result: allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
            };
          }),
      }),
  });
}

async function start(
  decide: { [permission: string]: PolicyDecision | undefined } = {},
) {
  const { server } = await startDelivery({
    upstreams: [new FakeUpstream(richWorld())],
    entities,
    features: [permissionsFactory(decide)],
  });
  return {
    get: (path: string) => request(server).get(path),
    /** Until the read model holds all that there is to see. */
    loaded: () =>
      eventually(async () => {
        const { body } = await request(server).get('/api/delivery/fleet');
        expect(body.version).toBeGreaterThan(1);
        // Who sees nothing is told of no upstream either.
        expect(body.upstreams?.[0]?.state ?? 'live').toBe('live');
      }),
  };
}

describe('the API', () => {
  it('answers what its document says, and nothing else', async () => {
    const { get, loaded } = await start();
    await loaded();
    await eventually(async () =>
      expect(
        (
          await get('/api/delivery/fleet')
        ).body.totals.unmatchedApplications,
      ).toBe(0),
    );
    for (const [schema, path] of [
      ['FleetPage', '/api/delivery/fleet'],
      ['FleetPage', '/api/delivery/fleet?groupBy=wave&attention=true&limit=1'],
      ['ServiceDeployments', `${entityPath}/deployments`],
      [
        'ServiceDeployments',
        '/api/delivery/entities/component/default/order/deployments',
      ],
      ['HistoryPage', `${entityPath}/history?limit=1`],
    ]) {
      const { status, body } = await get(path);
      expect({ path, status, faults: faultsOf(schema, body) }).toEqual({
        path,
        status: 200,
        faults: [],
      });
    }
    const { body } = await get(`${entityPath}/deployments`);
    expect(faultsOf('ServiceDeployments', { ...body, more: 1 })).not.toEqual(
      [],
    );
  });

  it('pages through history by a cursor that fits its query only', async () => {
    const { get, loaded } = await start();
    await loaded();
    await eventually(async () =>
      expect((await get(`${entityPath}/history`)).body.entries).toHaveLength(2),
    );
    const first = await get(`${entityPath}/history?limit=1`);
    const cursor = first.body.nextCursor;
    const second = await get(`${entityPath}/history?limit=1&cursor=${cursor}`);
    expect(second.body.entries).toHaveLength(1);
    expect(second.body).not.toHaveProperty('nextCursor');
    expect(second.body.entries[0].id).not.toBe(first.body.entries[0].id);
    for (const path of [
      `${entityPath}/history?environment=staging&cursor=${cursor}`,
      `${entityPath}/history?cursor=bm90aGluZw`,
      '/api/delivery/entities/component/default/order/history?cursor=%ff',
    ]) {
      const { status, body } = await get(path);
      expect([path, status]).toEqual([path, 400]);
      expect(body.error.code).toMatch(/^delivery\.invalid-/);
    }
    expect(
      (await get(`${entityPath}/history?environment=production`)).body.entries,
    ).toHaveLength(1);
  });

  it.each([
    ['/api/delivery/fleet?limit=0'],
    ['/api/delivery/fleet?limit=501'],
    ['/api/delivery/fleet?limit=x'],
    ['/api/delivery/fleet?offset=-1'],
    ['/api/delivery/fleet?groupBy=owner'],
    ['/api/delivery/fleet?owned=maybe'],
    ['/api/delivery/fleet?unknown=1'],
    [`/api/delivery/fleet?text=${'x'.repeat(201)}`],
    ['/api/delivery/fleet?atLeast=99999999999999999999'],
    [`/api/delivery/entities/component/default/${'x'.repeat(64)}/deployments`],
    ['/api/delivery/entities/component/default/..%2Fadmin/deployments'],
    ['/api/delivery/entities/component/default/a%0d%0ab/deployments'],
    ['/api/delivery/entities/component/de%20fault/checkout/deployments'],
    ['/api/delivery/entities/1component/default/checkout/history'],
    ['/api/delivery/entities/component/default/a%23production/history'],
    [`${entityPath}/history?environment=Production`],
    ['/api/delivery/entities/component/default/%zz/deployments'],
  ])('refuses %s as a bad request with its code', async path => {
    const { get } = await start();
    const { status, body } = await get(path);
    expect({ status, code: body.error?.code }).toEqual({
      status: 400,
      code: 'delivery.invalid-parameter',
    });
    expect(faultsOf('Error', body)).toEqual([]);
  });

  it('says with a code that an entity is not there', async () => {
    const { get, loaded } = await start();
    await loaded();
    const { status, body } = await get(
      '/api/delivery/entities/component/default/nobody/deployments',
    );
    expect({ status, code: body.error.code }).toEqual({
      status: 404,
      code: 'delivery.entity-not-found',
    });
  });

  it('lets nobody in without credentials', async () => {
    const { get } = await start();
    const { status } = await get('/api/delivery/fleet').set(
      'Authorization',
      mockCredentials.none.header(),
    );
    expect(status).toBe(401);
  });

  it('answers 503 with its code until the read model is loaded', async () => {
    const { server } = await startDelivery({
      upstreams: [],
      entities,
      features: [
        createBackendModule({
          pluginId: 'delivery',
          moduleId: 'breaks-the-database',
          register(env) {
            env.registerInit({
              deps: { database: coreServices.database },
              async init({ database }) {
                const knex = await database.getClient();
                // The migrations still run, and then the follower meets this.
                knex.on('query', ({ sql }) => {
                  if (/select .*delivery_version/.test(sql)) {
                    throw new Error('the database is away');
                  }
                });
              },
            });
          },
        }),
      ],
    });
    const { status, body } = await request(server).get('/api/delivery/fleet');
    expect({ status, code: body.error?.code }).toEqual({
      status: 503,
      code: 'delivery.not-ready',
    });
  });
});

describe('what a caller may see', () => {
  const onlyStaging: PolicyDecision = {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'delivery',
    resourceType: 'delivery-deployment',
    conditions: {
      rule: 'IS_IN_ENVIRONMENT',
      resourceType: 'delivery-deployment',
      params: { environments: ['staging'] },
    },
  };
  const onlyOrders: PolicyDecision = {
    ...onlyStaging,
    conditions: {
      rule: 'IS_SERVICE_OWNER',
      resourceType: 'delivery-deployment',
      params: { claims: ['group:default/order-team'] },
    },
  };
  const deny: PolicyDecision = { result: AuthorizeResult.DENY };

  it('is every cell with an unconditional permission', async () => {
    const { get } = await start();
    await eventually(async () => {
      const { body } = await get('/api/delivery/fleet');
      expect(body.totals).toMatchObject({ all: 2, attention: 1 });
      expect(Object.keys(body.rows[0].cells)).toEqual([
        'staging',
        'production',
        'recovery',
      ]);
      expect(body.rows[0].cells.recovery.bound).toBe(false);
    }, LOADED);
  });

  it('is no cell of another environment, not even by search, sum or comparison', async () => {
    const { get } = await start({ 'delivery.deployment.read': onlyStaging });
    await eventually(async () => {
      const { body } = await get('/api/delivery/fleet');
      expect(body.totals).toMatchObject({ all: 2, attention: 0 });
      expect(Object.keys(body.rows[0].cells)).toEqual(['staging']);
    }, LOADED);
    const search = async (text: string) =>
      (await get(`/api/delivery/fleet?text=${text}`)).body.totals.services;
    expect([await search('1.8.2'), await search('1.9.0')]).toEqual([1, 0]);

    const { body } = await get(`${entityPath}/deployments`);
    expect(
      body.environments.map(
        (entry: { environment: { id: string } }) => entry.environment.id,
      ),
    ).toEqual(['staging']);
    expect(JSON.stringify(body)).not.toContain('1.9.0');
    const history = await get(`${entityPath}/history`);
    expect(
      history.body.entries.map(
        (entry: { environment: string }) => entry.environment,
      ),
    ).toEqual(['staging']);
    const refused = await get(`${entityPath}/history?environment=production`);
    expect([refused.status, refused.body.error.code]).toEqual([
      403,
      'delivery.read-not-allowed',
    ]);
  });

  it('is no row, and no count, of a service without a cell they may read', async () => {
    const { get, loaded } = await start({
      'delivery.deployment.read': onlyOrders,
    });
    await loaded();
    await eventually(async () => {
      const { body } = await get('/api/delivery/fleet');
      expect(
        body.rows.map(({ entityRef }: { entityRef: string }) => entityRef),
      ).toEqual(['component:default/order']);
      expect(body.totals).toMatchObject({ services: 1, all: 1 });
    });
  });

  it('is nothing when the permission is denied', async () => {
    const { get, loaded } = await start({ 'delivery.deployment.read': deny });
    await loaded();
    const fleet = await get('/api/delivery/fleet');
    expect(fleet.body).toMatchObject({ rows: [], totals: { all: 0 } });
    const { status, body } = await get(`${entityPath}/deployments`);
    expect([status, body.error.code]).toEqual([
      403,
      'delivery.read-not-allowed',
    ]);
  });

  it('is no service that the catalog does not show to them', async () => {
    const { get, loaded } = await start({ 'catalog.entity.read': deny });
    await loaded();
    expect((await get('/api/delivery/fleet')).body.rows).toEqual([]);
  });
});
