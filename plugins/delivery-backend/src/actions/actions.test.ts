import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { ActingUpstream } from '../__testUtils__/ActingUpstream';
import { application, sha } from '../__testUtils__/applications';
import { serviceEntity, startDelivery } from '../__testUtils__/backend';
import { eventually as eventuallyWithin } from '../__testUtils__/eventually';
import { FakeArgoCd } from '../__testUtils__/FakeArgoCd';
import { FakeUpstream, FakeWorld } from '../__testUtils__/FakeUpstream';
import { openApiDocument } from '../schema/openapi';

jest.setTimeout(120_000);

/** Whole backends start here, on machines that may be busy. */
function eventually(expectation: () => unknown): Promise<void> {
  return eventuallyWithin(expectation, { withinMs: 30_000 });
}

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

const entity = '/api/delivery/entities/component/default/checkout';
const environment = `${entity}/environments/staging`;
const ADA = 'user:default/ada';
const BOB = 'user:default/bob';

/** What nobody, or only some, may do: by permission and person. */
class Policy {
  readonly #denied = new Set<string>();

  deny(permission: string, user = '*'): void {
    this.#denied.add(`${user} ${permission}`);
  }

  allows(permission: string, user: string): boolean {
    return !['*', user].some(who => this.#denied.has(`${who} ${permission}`));
  }

  get factory() {
    return createServiceFactory({
      service: coreServices.permissions,
      deps: { auth: coreServices.auth },
      factory: ({ auth }) =>
        mockServices.permissions.mock({
          authorizeConditional: async requests =>
            requests.map(() => ({ result: AuthorizeResult.ALLOW })),
          authorize: async (requests, { credentials } = fail()) =>
            requests.map(({ permission }) => ({
              result: this.allows(
                permission.name,
                auth.isPrincipal(credentials, 'user')
                  ? credentials.principal.userEntityRef
                  : 'service',
              )
                ? AuthorizeResult.ALLOW
                : AuthorizeResult.DENY,
            })),
        }),
    });
  }
}

function fail(): never {
  throw new Error('Asked for nobody');
}

function outOfSync(part: Parameters<typeof application>[0] = {}): FakeArgoCd {
  const argo = new FakeArgoCd({
    sync: { state: 'out-of-sync', revisions: [sha('2')] },
    policy: { automated: false, prune: false, selfHeal: false },
    commits: { [sha('2')]: { sha: sha('2'), message: 'Release 1.9.0\n\nx' } },
    ...part,
  });
  argo.resources = [
    {
      group: 'apps',
      kind: 'Deployment',
      name: 'checkout',
      state: 'out-of-sync',
      requiresPruning: false,
      hook: false,
    },
  ];
  return argo;
}

async function start(
  options: { argo?: FakeArgoCd; world?: FakeWorld; readOnly?: boolean } = {},
) {
  const { argo = outOfSync(), world = new FakeWorld(), readOnly } = options;
  const upstream = readOnly
    ? new FakeUpstream(
        Object.assign(world, { applications: [argo.application] }),
      )
    : new ActingUpstream(argo, world);
  const policy = new Policy();
  const backend = await startDelivery({
    upstreams: [upstream],
    entities: [serviceEntity({ name: 'checkout' })],
    config: {
      actions: { pace: { milliseconds: 100 }, grace: { seconds: 2 } },
    },
    features: [policy.factory],
  });
  const as = (user: string) => {
    const header = mockCredentials.user.header(user);
    return {
      get: (path: string) =>
        request(backend.server).get(path).set('Authorization', header),
      post: (path: string, body: object) =>
        request(backend.server)
          .post(path)
          .set('Authorization', header)
          .send(body),
    };
  };
  const ada = as(ADA);
  const it = {
    argo,
    policy,
    upstream,
    server: backend.server,
    as,
    ada,
    plan: async (action: string, user = ADA) =>
      (await as(user).get(`${environment}/plans/${action}`)).body,
    ask: (action: string, body: object, user = ADA) =>
      as(user).post(`${environment}/actions/${action}`, body),
    body: async (action: string) => ({
      seen: (await it.plan(action)).seen,
      reason: 'the canary\nlooks bad',
      idempotencyKey: randomUUID(),
    }),
    activity: async () => (await ada.get('/api/delivery/activity')).body,
    /** Lets operations run to their ends. */
    finish: async (id: string) => {
      await eventually(async () => {
        argo.moveOn();
        const { body } = await ada.get(`${entity}/actions/${id}`);
        expect(body.phase).not.toBe('running');
      });
      return (await ada.get(`${entity}/actions/${id}`)).body;
    },
  };
  await eventually(async () => {
    const { body } = await ada.get(`${entity}/deployments`);
    expect(
      body.environments?.flatMap(
        (entry: { deployments: unknown[] }) => entry.deployments,
      ).length,
    ).toBeGreaterThan(0);
  });
  return it;
}

describe('acting on a deployment', () => {
  it('says what would happen, does it, and tells and records what came of it', async () => {
    const { argo, ada, ask, plan, finish, activity } = await start();
    const planned = await plan('sync');
    expect(faultsOf('ActionPlan', planned)).toEqual([]);
    expect(planned).toMatchObject({
      steps: [
        'Argo CD applies 2222222 (Release 1.9.0), what git asks for, to checkout-staging on main (cluster eks-staging, namespace shop-staging).',
        '1 resource differs and is changed: Deployment checkout.',
        'Hooks run again, if git has any.',
        'A dry run changes nothing: it only says what would happen.',
      ],
      changes: [{ kind: 'Deployment', name: 'checkout', change: 'change' }],
    });
    const answer = await ask('sync', {
      seen: planned.seen,
      reason: 'the canary looks bad',
      idempotencyKey: randomUUID(),
      options: { prune: true },
    });
    expect(answer.status).toBe(202);
    expect(faultsOf('DeploymentAction', answer.body)).toEqual([]);
    expect(answer.body).toMatchObject({
      action: 'sync',
      phase: 'running',
      requestedBy: ADA,
      options: { prune: true },
    });

    const over = await finish(answer.body.id);
    expect(faultsOf('DeploymentAction', over)).toEqual([]);
    expect(over).toMatchObject({
      phase: 'succeeded',
      summary: expect.stringContaining('Argo CD applied 2222222'),
    });
    expect(argo.syncs).toMatchObject([
      {
        prune: true,
        infos: {
          'slipway.dev/action': over.id,
          'slipway.dev/requested-by': ADA,
          'slipway.dev/reason': 'the canary looks bad',
        },
      },
    ]);
    expect((await activity()).entries).toMatchObject([
      { event: 'succeeded', actionId: over.id, result: over.summary },
      {
        event: 'requested',
        actionId: over.id,
        reason: 'the canary looks bad',
        stateSeen:
          'Git and the cluster differed at 2222222 (Release 1.9.0); health was healthy; no sync was under way.',
        actor: { ref: ADA, kind: 'user' },
      },
    ]);
    const { body } = await ada.get(`${entity}/deployments`);
    expect(faultsOf('ServiceDeployments', body)).toEqual([]);
    expect(body.environments[1].deployments[0]).toMatchObject({
      latestAction: { id: over.id, phase: 'succeeded' },
      actions: [
        { action: 'sync', available: true },
        { action: 'refresh', available: true },
        { action: 'hard-refresh', available: true },
        {
          action: 'terminate',
          available: false,
          code: 'delivery.no-operation',
        },
        {
          action: 'revert',
          available: false,
          code: 'delivery.nothing-to-revert',
        },
      ],
    });
  });

  it('does a double click once', async () => {
    const { argo, ask, body, finish, activity } = await start();
    const asked = await body('sync');
    const answers = await Promise.all([
      ask('sync', asked),
      ask('sync', asked),
      ask('sync', asked),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 202]);
    const ids = new Set(answers.map(answer => answer.body.id));
    expect(ids.size).toBe(1);
    const [id] = ids;
    await finish(id);
    expect(argo.syncs).toHaveLength(1);
    // Long after, when the state is another: still the same action.
    const late = await ask('sync', asked);
    expect([late.status, late.body.id]).toEqual([200, id]);
    expect(
      (await activity()).entries.map(({ event }: { event: string }) => event),
    ).toEqual(['succeeded', 'requested']);
  });

  it('refuses another request under a key that was used', async () => {
    const { ask, body } = await start();
    const asked = await body('sync');
    await ask('sync', asked);
    const answer = await ask('sync', { ...asked, options: { prune: true } });
    expect([answer.status, answer.body.error.code]).toEqual([
      409,
      'delivery.idempotency-key-reused',
    ]);
  });

  it('lets the second of two people know that somebody was first', async () => {
    const { argo, ask, body, activity, as } = await start();
    const [one, other] = [await body('sync'), await body('sync')];
    const answers = await Promise.all([
      ask('sync', one, ADA),
      ask('sync', other, BOB),
    ]);
    const refused = answers.find(({ status }) => status === 409);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect([
      'delivery.operation-in-progress',
      'delivery.state-changed',
    ]).toContain(refused?.body.error.code);
    await eventually(() => expect(argo.syncs).toHaveLength(1));
    expect((await activity()).entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          event: 'refused',
          code: refused?.body.error.code,
        }),
      ]),
    );
    // A3, B4: while it is under way, it can be ended and not asked for again.
    argo.moveOn();
    const { body: plan } = await as(BOB).get(`${environment}/plans/sync`);
    expect(plan.blocked.code).toBe('delivery.operation-in-progress');
    const ended = await ask('terminate', await body('terminate'), BOB);
    expect(ended.status).toBe(202);
    await eventually(() => expect(argo.terminations).toBe(1));
  });

  it('refuses what was decided on another state, and does nothing', async () => {
    const { argo, ask, body, activity } = await start();
    const asked = await body('sync');
    argo.push(sha('3'));
    argo.look();
    const answer = await ask('sync', asked);
    expect([answer.status, answer.body.error.code]).toEqual([
      409,
      'delivery.state-changed',
    ]);
    expect(argo.syncs).toHaveLength(0);
    expect((await activity()).entries).toMatchObject([
      {
        event: 'refused',
        code: 'delivery.state-changed',
        stateSeen: expect.stringContaining('3333333'),
      },
    ]);
  });

  it('asks once when the answer of Argo CD was lost', async () => {
    const { argo, ask, body, finish } = await start();
    argo.mishaps = ['answer-lost'];
    const { body: action } = await ask('sync', await body('sync'));
    expect(await finish(action.id)).toMatchObject({ phase: 'succeeded' });
    expect(argo.syncs).toHaveLength(1);
  });

  it('A4: names the window that is closed, and when it opens', async () => {
    const { argo, plan, ask, body } = await start();
    argo.windows = {
      allowed: false,
      opensAt: '2026-11-23T06:00:00.000Z',
      windows: [
        {
          kind: 'deny',
          schedule: '0 0 * * *',
          timeZone: 'UTC',
          duration: '6h',
          manualSync: false,
          active: true,
        },
      ],
    };
    expect((await plan('sync')).blocked).toEqual({
      code: 'delivery.sync-window-closed',
      reason:
        'Argo CD forbids syncs now: the window (deny, 0 0 * * * UTC for 6h) is open. Syncs are possible again from 23 Nov 2026, 06:00 UTC.',
      until: '2026-11-23T06:00:00.000Z',
    });
    const answer = await ask('sync', await body('sync'));
    expect([answer.status, answer.body.error.code]).toEqual([
      409,
      'delivery.sync-window-closed',
    ]);
  });

  it('A2, A3: tells what is wrong with the upstream apart from what the person may do', async () => {
    const { argo, ada } = await start();
    for (const [kind, status, code] of [
      ['not-found', 409, 'delivery.upstream-refused'],
      ['forbidden', 409, 'delivery.upstream-refused'],
      ['unauthenticated', 409, 'delivery.upstream-refused'],
      ['conflict', 409, 'delivery.state-changed'],
      ['unavailable', 503, 'delivery.upstream-unavailable'],
    ] as const) {
      argo.fault = { kind, message: 'It said no.' };
      const answer = await ada.get(`${environment}/plans/sync`);
      expect([kind, answer.status, answer.body.error.code]).toEqual([
        kind,
        status,
        code,
      ]);
      expect(answer.body.error.message).not.toMatch(/deleted/);
    }
  });
});

describe('who may act', () => {
  it('is decided for each request: a permission that was withdrawn is gone, and that is recorded', async () => {
    const { argo, policy, ada, ask, body, activity } = await start();
    const asked = await body('sync');
    policy.deny('delivery.deployment.sync', ADA);
    const answer = await ask('sync', asked);
    expect([answer.status, answer.body.error.code]).toEqual([
      403,
      'delivery.action-not-allowed',
    ]);
    const plan = await ada.get(`${environment}/plans/sync`);
    expect([plan.status, plan.body.error.code]).toEqual([
      403,
      'delivery.action-not-allowed',
    ]);
    expect(argo.syncs).toHaveLength(0);
    expect((await activity()).entries).toMatchObject([
      {
        event: 'refused',
        code: 'delivery.action-not-allowed',
        actor: { ref: ADA, kind: 'user' },
        reason: asked.reason,
      },
    ]);
    const { body: deployments } = await ada.get(`${entity}/deployments`);
    expect(deployments.environments[1].deployments[0].actions[0]).toMatchObject(
      {
        action: 'sync',
        available: false,
        code: 'delivery.action-not-allowed',
      },
    );
  });

  it('is nobody where the platform does not say that the application belongs to the service', async () => {
    const argo = outOfSync({ annotations: {} });
    const { ada, ask, activity } = await start({ argo });
    const { body } = await ada.get(`${entity}/deployments`);
    const [deployment] = body.environments[1].deployments;
    expect(
      deployment.actions.map(
        ({ available, code }: { available: boolean; code: string }) => [
          available,
          code,
        ],
      ),
    ).toEqual(Array(5).fill([false, 'delivery.unbound']));
    const plan = await ada.get(`${environment}/plans/sync`);
    expect([plan.status, plan.body.error.code]).toEqual([
      403,
      'delivery.unbound',
    ]);
    const answer = await ask('sync', {
      seen: 'x',
      reason: 'mine now',
      idempotencyKey: randomUUID(),
    });
    expect([answer.status, answer.body.error.code]).toEqual([
      403,
      'delivery.unbound',
    ]);
    // Not even looked at.
    expect([argo.reads, argo.syncs.length]).toEqual([0, 0]);
    expect((await activity()).entries).toMatchObject([
      { event: 'refused', code: 'delivery.unbound' },
    ]);
  });

  it('is nobody once the application was handed to another service, even if that was not seen yet', async () => {
    const { argo, ask, body } = await start();
    const asked = await body('sync');
    argo.application = {
      ...argo.application,
      annotations: { 'backstage.io/entity-ref': 'component:default/other' },
    };
    const answer = await ask('sync', asked);
    expect([answer.status, answer.body.error.code]).toEqual([
      409,
      'delivery.state-changed',
    ]);
    expect(argo.syncs).toHaveLength(0);
  });

  it('is nobody where the portal may only read', async () => {
    const { ada } = await start({ readOnly: true });
    const plan = await ada.get(`${environment}/plans/sync`);
    expect([plan.status, plan.body.error.code]).toEqual([
      409,
      'delivery.read-only',
    ]);
  });

  it('is no machine', async () => {
    const { server } = await start();
    for (const path of [
      `${environment}/plans/sync`,
      `${entity}/actions/${randomUUID()}`,
    ]) {
      const { status } = await request(server)
        .get(path)
        .set('Authorization', mockCredentials.service.header());
      expect([path, status]).toEqual([path, 403]);
    }
    const { status } = await request(server)
      .post(`${environment}/actions/sync`)
      .set('Authorization', mockCredentials.service.header())
      .send({ seen: 'x', reason: 'x', idempotencyKey: randomUUID() });
    expect(status).toBe(403);
  });

  it('shows an action to who asked, and to who may read the audit, and to nobody else', async () => {
    const { policy, ask, body, as, finish } = await start();
    const { body: action } = await ask('refresh', await body('refresh'));
    await finish(action.id);
    policy.deny('delivery.activity.read');
    const seenBy = async (user: string) => {
      const found = await as(user).get(`${entity}/actions/${action.id}`);
      const { body: deployments } = await as(user).get(`${entity}/deployments`);
      return [
        found.status,
        deployments.environments[1].deployments[0].latestAction?.id,
      ];
    };
    expect(await seenBy(ADA)).toEqual([200, action.id]);
    expect(await seenBy(BOB)).toEqual([404, undefined]);
    const other = await as(ADA).get(
      `/api/delivery/entities/component/default/nobody/actions/${action.id}`,
    );
    expect(other.status).toBe(404);
  });
});

describe('what can be named', () => {
  it('is one of several targets, which must be said, and none that is not there', async () => {
    const world = new FakeWorld();
    const argo = outOfSync();
    const upstream = await start({ argo, world });
    world.change(it => {
      it.applications = [
        argo.application,
        application({
          name: 'checkout-west',
          destination: { name: 'eks-staging', namespace: 'west-staging' },
        }),
      ];
    });
    await eventually(async () => {
      const { status, body } = await upstream.ada.get(
        `${environment}/plans/sync`,
      );
      expect([status, body.error?.code]).toEqual([
        400,
        'delivery.target-required',
      ]);
    });
    const named = await upstream.ada.get(
      `${environment}/plans/sync?target=main%2Fargocd%2Fcheckout-staging`,
    );
    expect(named.status).toBe(200);
    for (const target of [
      'main%2Fargocd%2Fsomebody-elses',
      '..%2F..%2Fclusters',
    ]) {
      const { status, body } = await upstream.ada.get(
        `${environment}/plans/sync?target=${target}`,
      );
      expect([target, status, body.error.code]).toEqual([
        target,
        404,
        'delivery.deployment-not-found',
      ]);
    }
    const nowhere = await upstream.ada.get(
      `${entity}/environments/production/plans/sync`,
    );
    expect([nowhere.status, nowhere.body.error.code]).toEqual([
      404,
      'delivery.deployment-not-found',
    ]);
  });

  // One backend for all of them: each that runs takes its share of the machine.
  it('is refused as a bad request when it is not of its documented form', async () => {
    const { argo, ada, ask, body } = await start();
    const wrong: [string, object][] = [
      ['no reason', { reason: undefined }],
      ['an empty reason', { reason: '' }],
      ['a reason of blanks', { reason: ' \n ' }],
      ['a reason that is too long', { reason: 'x'.repeat(501) }],
      ['a reason with a carriage return', { reason: 'a\r\nSigned-off-by: b' }],
      ['a reason with a NUL', { reason: 'a\0b' }],
      ['a reason that reads backwards', { reason: 'a\u202eb' }],
      ['no key', { idempotencyKey: undefined }],
      ['a key that is none', { idempotencyKey: 'again' }],
      ['a huge state', { seen: 'x'.repeat(129) }],
      ['a target with a line break', { target: 'a\nb' }],
      ['a huge target', { target: 'x'.repeat(1_025) }],
      ['an unknown key', { force: true }],
      ['an unknown option', { options: { replace: true } }],
      ['an option that is none', { options: { prune: 'yes' } }],
    ];
    for (const [what, part] of wrong) {
      const answer = await ask('sync', {
        seen: 'x',
        reason: 'because',
        idempotencyKey: randomUUID(),
        ...part,
      });
      expect([what, answer.status, answer.body.error.code]).toEqual([
        what,
        400,
        'delivery.invalid-parameter',
      ]);
    }
    const withOptions = await ask('refresh', {
      ...(await body('refresh')),
      options: { prune: true },
    });
    expect([withOptions.status, withOptions.body.error.code]).toEqual([
      400,
      'delivery.invalid-parameter',
    ]);
    const unknown = await ada.get(`${environment}/plans/rollback`);
    expect(unknown.status).toBe(400);
    expect(argo.syncs).toHaveLength(0);
  });
});
