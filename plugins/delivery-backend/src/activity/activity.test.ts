import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { ActivityEntry } from '@slipway/plugin-delivery-common';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import request from 'supertest';
import { application } from '../__testUtils__/applications';
import { serviceEntity, startDelivery } from '../__testUtils__/backend';
import { eventually } from '../__testUtils__/eventually';
import { FakeUpstream, FakeWorld } from '../__testUtils__/FakeUpstream';
import { openApiDocument } from '../schema/openapi';

// Each test starts a backend.
jest.setTimeout(60_000);

const ACTIVITY = '/api/delivery/activity';
const SYNC =
  '/api/delivery/entities/component/default/checkout/environments/staging/actions/sync';

/** A body that is understood, and a state that never was. */
const BODY = {
  seen: 'another-state',
  reason: 'The fix for #12',
  idempotencyKey: '7d5f0c1e-0000-4000-8000-000000000000',
};

/** What the auditor of Backstage was told. */
type AuditorEvent = {
  eventId: string;
  severityLevel?: string;
  meta?: object;
  url?: string;
  error?: string;
};

/** The delivery backend with an auditor that remembers. */
async function start(
  decide: { [permission: string]: PolicyDecision | undefined } = {},
) {
  const world = new FakeWorld();
  world.applications = [application()];
  const told: AuditorEvent[] = [];
  const decisionOn = (name: string): PolicyDecision =>
    decide[name] ?? { result: AuthorizeResult.ALLOW };
  const { server } = await startDelivery({
    upstreams: [new FakeUpstream(world)],
    entities: [
      serviceEntity({ name: 'checkout' }),
      serviceEntity({ name: 'order', owner: 'order-team' }),
    ],
    features: [
      mockServices.auditor.mock({
        createEvent: async ({ eventId, severityLevel, meta, request: req }) => {
          const event: AuditorEvent = {
            eventId,
            ...(severityLevel && { severityLevel }),
            ...(meta && { meta }),
            ...(req && { url: req.originalUrl }),
          };
          return {
            success: async () => {
              told.push(event);
            },
            fail: async ({ error }) => {
              told.push({ ...event, error: error.message });
            },
          };
        },
      }).factory,
      createServiceFactory({
        service: coreServices.permissions,
        deps: {},
        factory: () =>
          mockServices.permissions.mock({
            authorizeConditional: async requests =>
              requests.map(({ permission }) => decisionOn(permission.name)),
            authorize: async requests =>
              requests.map(({ permission }) => {
                const { result } = decisionOn(permission.name);
                return {
                  result:
                    result === AuthorizeResult.ALLOW
                      ? AuthorizeResult.ALLOW
                      : AuthorizeResult.DENY,
                };
              }),
          }),
      }),
    ],
  });
  await eventually(async () => {
    const { body } = await request(server).get('/api/delivery/fleet');
    expect(body.totals?.all ?? 0).toBe(
      decide['catalog.entity.read']?.result === AuthorizeResult.DENY ? 0 : 2,
    );
  });
  const activity = async (query: { [name: string]: string } = {}) => {
    const { status, body } = await request(server).get(ACTIVITY).query(query);
    return { status, body, entries: (body.entries ?? []) as ActivityEntry[] };
  };
  return { server, told, activity };
}

const DENY: PolicyDecision = { result: AuthorizeResult.DENY };

function ownedBy(...claims: string[]): PolicyDecision {
  return {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'delivery',
    resourceType: 'delivery-deployment',
    conditions: {
      rule: 'IS_SERVICE_OWNER',
      resourceType: 'delivery-deployment',
      params: { claims },
    },
  };
}

describe('the activity', () => {
  it('has a line, and the auditor an event, for an action that is not permitted', async () => {
    const { server, told, activity } = await start({
      'delivery.deployment.sync': DENY,
    });
    const { status } = await request(server).post(SYNC).send(BODY);
    expect(status).toBe(403);
    const { entries } = await activity();
    expect(entries).toEqual([
      {
        id: expect.any(String),
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        event: 'refused',
        action: 'sync',
        entityRef: 'component:default/checkout',
        environment: 'staging',
        actor: { ref: 'user:default/mock', kind: 'user' },
        reason: BODY.reason,
        result: expect.any(String),
        code: 'delivery.action-not-allowed',
      },
    ]);
    expect(told).toEqual([
      {
        eventId: 'deployment-action',
        severityLevel: 'medium',
        url: SYNC,
        error: entries[0].result,
        meta: {
          actionType: 'sync',
          event: 'refused',
          entityRef: 'component:default/checkout',
          environment: 'staging',
          actor: 'user:default/mock',
          actorKind: 'user',
          reason: BODY.reason,
          result: entries[0].result,
          code: 'delivery.action-not-allowed',
        },
      },
    ]);
    expect(JSON.stringify(told)).not.toMatch(
      new RegExp(`${BODY.idempotencyKey}|${BODY.seen}|mock-user-token`),
    );
  });

  it('has one line for each body that is not understood', async () => {
    const { server, told, activity } = await start();
    const bodies = {
      'something missing': { ...BODY, seen: undefined },
      'a reason that is no text': { ...BODY, reason: { $ne: 1 } },
      'a reason that is too long': { ...BODY, reason: 'x'.repeat(501) },
      'an unknown field': { ...BODY, cluster: 'production' },
      nothing: undefined,
    };
    for (const [what, body] of Object.entries(bodies)) {
      const { status } = await request(server).post(SYNC).send(body);
      expect([what, status]).toEqual([what, 400]);
    }
    const { entries } = await activity();
    expect(entries).toHaveLength(5);
    for (const entry of entries) {
      expect(entry).toMatchObject({
        event: 'refused',
        entityRef: 'component:default/checkout',
        actor: { ref: 'user:default/mock', kind: 'user' },
        code: 'delivery.invalid-parameter',
      });
      expect(entry.reason?.length ?? 0).toBeLessThanOrEqual(500);
    }
    expect(told).toHaveLength(5);
  });

  it('has a line for a body that is no JSON, which is a bad request with its code', async () => {
    const { server, activity } = await start();
    const { status, body } = await request(server)
      .post(SYNC)
      .set('content-type', 'application/json')
      .send('{"seen": ');
    expect([status, body.error.code]).toEqual([
      400,
      'delivery.invalid-parameter',
    ]);
    expect((await activity()).entries).toHaveLength(1);
  });

  it('has a line for a service that is not there, and for an environment where it does not run', async () => {
    const { server, activity } = await start();
    for (const path of [
      SYNC.replace('checkout', 'ghost'),
      SYNC.replace('staging', 'nowhere'),
    ]) {
      expect((await request(server).post(path).send(BODY)).status).toBe(404);
    }
    expect(
      (await activity()).entries.map(
        ({ entityRef, environment, code }) =>
          `${entityRef} ${environment} ${code}`,
      ),
    ).toEqual([
      'component:default/checkout nowhere delivery.deployment-not-found',
      'component:default/ghost staging delivery.entity-not-found',
    ]);
  });

  it('names a service that tries to act, which is for people', async () => {
    const { server, activity } = await start();
    const { status } = await request(server)
      .post(SYNC)
      .set('authorization', mockCredentials.service.header())
      .send(BODY);
    expect(status).toBe(403);
    expect((await activity()).entries).toEqual([
      expect.objectContaining({
        actor: { ref: 'external:test-service', kind: 'service' },
      }),
    ]);
  });

  it('has no line for reading, for who is nobody, nor for a path that is about no service', async () => {
    const { server, told, activity } = await start();
    for (const answer of [
      await request(server).get('/api/delivery/fleet?limit=0'),
      await request(server).get(
        '/api/delivery/entities/component/default/ghost/deployments',
      ),
      await request(server)
        .post(SYNC)
        .set('authorization', mockCredentials.none.header())
        .send(BODY),
      await request(server)
        .post(SYNC.replace('checkout', '..%2Fclusters'))
        .send(BODY),
      await request(server).post(SYNC.replace('sync', 'delete')).send(BODY),
      await request(server).delete(SYNC),
    ]) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    expect((await activity()).entries).toEqual([]);
    expect(told).toEqual([]);
  });

  it('answers what the document says, page by page', async () => {
    const { server, activity } = await start();
    for (let index = 0; index < 5; index++) {
      await request(server).post(SYNC.replace('checkout', 'ghost')).send(BODY);
    }
    const ajv = new Ajv2020({ strict: false });
    addFormats(ajv);
    ajv.addSchema({ $id: 'document', ...openApiDocument });
    const isPage = ajv.compile({
      $ref: 'document#/components/schemas/ActivityPage',
    });
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await activity({
        entityRef: 'Component:default/Ghost',
        limit: '2',
        ...(cursor !== undefined && { cursor }),
      });
      expect([isPage(body), isPage.errors]).toEqual([true, null]);
      ids.push(...body.entries.map(({ id }: ActivityEntry) => id));
      cursor = body.nextCursor;
    } while (cursor !== undefined);
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
  });

  it('refuses queries that are not documented, with a code', async () => {
    const { server } = await start();
    for (const query of [
      'limit=101',
      'limit=0',
      'event=all',
      'entityRef=checkout',
      'environment=Production',
      'actor=',
      'cursor=bm90aGluZw',
      'unknown=1',
    ]) {
      const { status, body } = await request(server).get(
        `${ACTIVITY}?${query}`,
      );
      expect([query, status]).toEqual([query, 400]);
      expect(body.error.code).toMatch(/^delivery\.invalid-/);
    }
  });

  it('takes refs as they are, and a cursor for its own query only', async () => {
    const { server, activity } = await start();
    for (let index = 0; index < 2; index++) {
      await request(server).post(SYNC.replace('checkout', 'ghost')).send(BODY);
    }
    const raw = await request(server).get(
      `${ACTIVITY}?entityRef=component:default/ghost&actor=user:default/mock&limit=1`,
    );
    expect(raw.body.entries).toHaveLength(1);
    const other = await activity({ cursor: raw.body.nextCursor, limit: '1' });
    expect([other.status, other.body.error.code]).toEqual([
      400,
      'delivery.invalid-cursor',
    ]);
  });

  it('is refused to whom the policy allows none of it', async () => {
    const { activity } = await start({ 'delivery.activity.read': DENY });
    const ofOne = { entityRef: 'component:default/checkout' };
    for (const query of [undefined, ofOne]) {
      const { status, body } = await activity(query);
      expect([status, body.error.code]).toEqual([
        403,
        'delivery.activity-not-allowed',
      ]);
    }
  });

  it('tells owners of their services, and nobody with conditions of what is in no catalog', async () => {
    const { server, activity } = await start({
      'delivery.activity.read': ownedBy('group:default/order-team'),
    });
    for (const service of ['checkout', 'order', 'ghost']) {
      await request(server).post(SYNC.replace('checkout', service)).send(BODY);
    }
    expect(
      (await activity()).entries.map(({ entityRef }) => entityRef),
    ).toEqual(['component:default/order']);
    const codeFor = async (name: string) => {
      const { body } = await activity({
        entityRef: `component:default/${name}`,
      });
      return body.error?.code;
    };
    expect(await codeFor('order')).toBeUndefined();
    expect(await codeFor('checkout')).toBe('delivery.activity-not-allowed');
    expect(await codeFor('ghost')).toBe('delivery.entity-not-found');
  });

  it('tells nothing to whom the catalog shows nothing', async () => {
    const { activity } = await start({ 'catalog.entity.read': DENY });
    expect((await activity()).status).toBe(403);
  });
});
