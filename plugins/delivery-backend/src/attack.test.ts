import {
  ApplicationCommands,
  ApplicationUpstream,
  ObservedApplication,
} from '@slipway/plugin-delivery-node';
import { Entity } from '@backstage/catalog-model';
import {
  DEPLOYMENT_ACTION_KINDS,
  EnvironmentDeployments,
  FleetRow,
} from '@slipway/plugin-delivery-common';
import request from 'supertest';
import {
  application,
  image,
  sha,
  workload,
} from './__testUtils__/applications';
import { serviceEntity, startDelivery } from './__testUtils__/backend';
import { eventually } from './__testUtils__/eventually';
import { FakeUpstream, FakeWorld } from './__testUtils__/FakeUpstream';

// A whole backend is started, and every attack asks it many things.
jest.setTimeout(120_000);

/**
 * A production application of the payments team. Whatever a stranger must not
 * learn of it has "secret" in it, so that one search through an answer finds
 * every leak.
 */
function secretApplication(
  part: Parameters<typeof application>[0],
): ObservedApplication {
  const commits = {
    [sha('1')]: {
      sha: sha('1'),
      author: 'secret author',
      message: 'secret commit message',
      url: 'https://git.example/secret/commit',
    },
  };
  return application({
    project: 'payments',
    labels: { team: 'payments', tier: 'backend' },
    annotations: { 'argocd.argoproj.io/sync-wave': '77' },
    destination: { name: 'secret-cluster', namespace: 'secret-pay-prod' },
    sources: [{ repoUrl: 'https://git.example/secret.git', path: 'secret' }],
    url: 'https://argocd.example/secret',
    workloads: [workload({ name: 'pay', wanted: image('secret-4.2.0') })],
    health: {
      state: 'degraded',
      message: 'secret health message',
      since: '2026-11-01T10:01:00Z',
    },
    operation: {
      phase: 'failed',
      message: 'secret operation message',
      initiatedBy: 'secret-user',
      startedAt: '2026-11-01T10:00:00Z',
      finishedAt: '2026-11-01T10:00:30Z',
      automated: false,
      dryRun: false,
      partial: false,
      revisions: [sha('1')],
    },
    conditions: [
      { type: 'SyncError', severity: 'error', message: 'secret condition' },
      {
        type: 'UnknownError',
        severity: 'error',
        message: 'secret status may be stale',
      },
    ],
    commits,
    ...part,
  });
}

/** Everything that the payments team has in production. */
const VICTIMS: ObservedApplication[] = [
  // Bound by the platform's annotation
  secretApplication({
    name: 'payments-prod',
    annotations: { 'backstage.io/entity-ref': 'component:default/payments' },
  }),
  // Bound by delivery.bindings, as the service's own annotation claims it
  secretApplication({ name: 'ledger-secret-prod' }),
  // Bound by delivery.bindings, as its name suggests it
  secretApplication({ name: 'wallet-prod' }),
  // In delivery.bindings, and the team has no service for it
  secretApplication({ name: 'vault-secret-prod', labels: { vault: 'yes' } }),
  // Nothing says whose it is
  secretApplication({
    name: 'orphan-secret-prod',
    project: 'unruled',
    labels: { orphan: 'yes' },
  }),
];

/** How Mallory tries to get at them; each is a component of his own. */
const ATTACKS: { name: string; namespace?: string; annotations?: Claims }[] = [
  { name: 'by-name', annotations: { 'argocd/app-name': 'payments-prod' } },
  {
    name: 'by-name-of-a-bound-one',
    annotations: { 'argocd/app-name': 'ledger-secret-prod' },
  },
  {
    name: 'by-name-of-one-of-a-name',
    annotations: { 'argocd/app-name': 'wallet-prod' },
  },
  {
    name: 'by-name-of-an-unclaimed-one',
    annotations: { 'argocd/app-name': 'vault-secret-prod' },
  },
  {
    name: 'by-name-of-an-orphan',
    annotations: { 'argocd/app-name': 'orphan-secret-prod' },
  },
  {
    name: 'by-full-name',
    annotations: { 'argocd/app-name': 'argocd_vault-secret-prod' },
  },
  {
    name: 'by-selector',
    annotations: { 'argocd/app-selector': 'team=payments' },
  },
  {
    name: 'by-wide-selector',
    annotations: { 'argocd/app-selector': '!nothing' },
  },
  {
    name: 'by-label-of-an-orphan',
    annotations: { 'argocd/app-selector': 'orphan' },
  },
  { name: 'by-project', annotations: { 'argocd/project-name': 'payments' } },
  {
    name: 'by-open-project',
    annotations: { 'argocd/project-name': 'unruled' },
  },
  {
    name: 'by-namespace',
    annotations: {
      'argocd/app-namespace': 'argocd',
      'argocd/app-selector': '!nothing',
    },
  },
  {
    name: 'by-instance',
    annotations: {
      'argocd/instance-name': 'main',
      'argocd/app-selector': 'tier=backend',
    },
  },
  {
    name: 'by-environment',
    annotations: {
      'argocd/app-name': 'vault-secret-prod',
      'slipway.dev/environment': 'development',
    },
  },
  {
    name: 'by-mixed-case',
    annotations: { 'argocd/app-name': 'Payments-Prod' },
  },
  {
    name: 'by-look-alike',
    // Cyrillic letters
    annotations: { 'argocd/app-name': 'р\u0430yments-prod' },
  },
  {
    name: 'by-invisible-letters',
    annotations: { 'argocd/app-name': 'payments\u200b-prod' },
  },
  { name: 'by-spaces', annotations: { 'argocd/app-name': ' payments-prod ' } },
  {
    name: 'by-somebody-elses-ref',
    annotations: {
      'backstage.io/entity-ref': 'component:default/payments',
      'argocd/app-name': 'vault-secret-prod',
    },
  },
  // The very names of the team's services, in a namespace of his own
  { name: 'payments', namespace: 'mallory' },
  { name: 'ledger', namespace: 'mallory' },
  { name: 'wallet', namespace: 'mallory' },
  // And the names of what they have no service for
  { name: 'vault-secret' },
  { name: 'orphan-secret' },
];

type Claims = { [annotation: string]: string };

const MALLORYS: Entity[] = ATTACKS.map(
  ({ name, namespace = 'default', annotations }) => {
    const entity = serviceEntity({ name, owner: 'mallory', annotations });
    return {
      ...entity,
      metadata: { ...entity.metadata, namespace },
    };
  },
);

const PAYMENTS: Entity[] = [
  serviceEntity({ name: 'payments', owner: 'payments' }),
  serviceEntity({
    name: 'ledger',
    owner: 'payments',
    annotations: { 'argocd/app-name': 'ledger-secret-prod' },
  }),
  serviceEntity({ name: 'wallet', owner: 'payments' }),
];

/** Every command that reached the upstream. */
const commands: string[] = [];

function command(name: string) {
  return async () => {
    commands.push(name);
    throw new Error('Nothing may get here');
  };
}

/** Acts, if anybody ever gets so far. */
const recording: ApplicationCommands = {
  read: command('read'),
  refresh: command('refresh'),
  sync: command('sync'),
  terminate: command('terminate'),
  syncWindows: command('syncWindows'),
};

describe('a developer who claims the production of another team', () => {
  let server: Awaited<ReturnType<typeof startDelivery>>['server'];

  beforeAll(async () => {
    const world = new FakeWorld();
    world.applications = VICTIMS;
    const upstream: ApplicationUpstream = Object.assign(
      new FakeUpstream(world),
      { commands: recording },
    );
    // Everything is permitted to everybody here: what stands in the way is the
    // binding alone.
    ({ server } = await startDelivery({
      upstreams: [upstream],
      entities: [...PAYMENTS, ...MALLORYS],
      config: {
        bindings: [
          { match: { project: 'payments' }, owner: 'group:default/payments' },
        ],
      },
    }));
    await eventually(
      async () => {
        const rows = await fleet();
        const missing = PAYMENTS.find(
          ({ metadata }) =>
            !rows.find(
              ({ entityRef }) =>
                entityRef === `component:default/${metadata.name}`,
            )?.cells.production?.bound,
        );
        if (missing) {
          throw new Error(`${missing.metadata.name} is not bound yet`);
        }
      },
      { withinMs: 60_000 },
    );
  });

  const pathOf = ({ metadata }: Entity) =>
    `/api/delivery/entities/component/${metadata.namespace ?? 'default'}/${
      metadata.name
    }`;
  const get = (path: string) => request(server).get(path);

  async function fleet(): Promise<FleetRow[]> {
    const { body } = await get('/api/delivery/fleet?limit=500&groupBy=wave');
    return body.rows ?? [];
  }

  it('is not stopped by a test that would not find anything', async () => {
    for (const entity of PAYMENTS) {
      const path = pathOf(entity);
      const answers = [
        await get(`${path}/deployments`),
        await get(`${path}/history`),
      ];
      for (const part of [
        'secret-4.2.0',
        'secret commit message',
        'secret health message',
        'secret-cluster',
        'https://argocd.example/secret',
      ]) {
        expect(JSON.stringify(answers[0].body)).toContain(part);
      }
      expect(JSON.stringify(answers[1].body)).toContain('secret-4.2.0');
    }
  });

  it.each(MALLORYS.map(entity => [entity.metadata.name, entity] as const))(
    'gets neither detail nor act: %s',
    async (_name, entity) => {
      const path = pathOf(entity);
      const ref = `component:${entity.metadata.namespace}/${entity.metadata.name}`;
      const deployments = await get(`${path}/deployments`);
      const history = await get(`${path}/history`);
      const row = (await fleet()).find(({ entityRef }) => entityRef === ref);
      expect([deployments.status, history.status]).toEqual([200, 200]);
      expect(row).toBeDefined();
      expect(history.body.entries).toEqual([]);
      // Not in its own words, and not by the group that it stands in
      expect(row?.group).toBe('');

      const found = deployments.body.environments.flatMap(
        (environment: EnvironmentDeployments) => environment.deployments,
      );
      for (const deployment of found) {
        expect(Object.keys(deployment).sort()).toEqual([
          'actions',
          'assessment',
          'binding',
          'conditions',
          'entityRef',
          'environment',
          'health',
          'observation',
          'sync',
          'target',
        ]);
        expect(deployment).toMatchObject({
          binding: { state: 'unbound' },
          assessment: { status: 'degraded', reason: 'unbound' },
          target: { id: expect.stringMatching(/^unbound-[0-9a-f]{12}$/) },
          conditions: [],
        });
        expect(Object.keys(deployment.target)).toEqual(['id']);
        expect(
          deployment.actions.map(
            ({ available, code }: { available: boolean; code: string }) => [
              available,
              code,
            ],
          ),
        ).toEqual(
          DEPLOYMENT_ACTION_KINDS.map(() => [false, 'delivery.unbound']),
        );
      }

      const tries = [];
      for (const action of DEPLOYMENT_ACTION_KINDS) {
        for (const [environment, target] of [
          ['production', found[0]?.target.id],
          ['production', 'main/argocd/payments-prod'],
          ['development', 'main/argocd/vault-secret-prod'],
        ]) {
          const plan = await get(
            `${path}/environments/${environment}/plans/${action}`,
          ).query(target === undefined ? {} : { target });
          const act = await request(server)
            .post(`${path}/environments/${environment}/actions/${action}`)
            .send({
              ...(target !== undefined && { target }),
              seen: 'anything',
              reason: 'I want it',
              idempotencyKey: '0f6a8f7a-9d0c-4f63-9a51-6f6c0d7f9a11',
            });
          tries.push({ plan, act });
        }
      }
      for (const { plan, act } of tries) {
        expect([
          'delivery.unbound',
          'delivery.deployment-not-found',
          'delivery.target-required',
        ]).toContain(act.body.error?.code);
        expect([
          'delivery.unbound',
          'delivery.deployment-not-found',
          'delivery.target-required',
        ]).toContain(plan.body.error?.code ?? plan.body.blocked?.code);
      }
      expect(commands).toEqual([]);

      // What he wrote himself is his to see.
      const own = [
        entity.metadata.name,
        ...Object.values(entity.metadata.annotations ?? {}),
        'main/argocd/vault-secret-prod',
      ];
      const told = own.reduce(
        (text, word) => text.replaceAll(word, ''),
        JSON.stringify([
          deployments.body,
          history.body,
          row,
          // An error repeats the request beside what it says.
          ...tries.flatMap(({ plan, act }) => [
            plan.body.error ?? plan.body,
            act.body.error,
          ]),
        ]),
      );
      expect(told).not.toMatch(/secret/i);
    },
  );

  it('takes nothing away from the team by claiming it', async () => {
    for (const name of ['payments', 'ledger', 'wallet']) {
      const { body } = await get(
        `/api/delivery/entities/component/default/${name}/deployments`,
      );
      const production = body.environments.find(
        (entry: EnvironmentDeployments) =>
          entry.environment.id === 'production',
      );
      expect(production.deployments).toMatchObject([
        { binding: { state: 'bound' }, wanted: { tag: 'secret-4.2.0' } },
      ]);
    }
  });

  it('is not shown what belongs to a service that is there', async () => {
    for (const name of [
      'by-name',
      'by-name-of-a-bound-one',
      'by-name-of-one-of-a-name',
    ]) {
      const { body } = await get(
        `/api/delivery/entities/component/default/${name}/deployments`,
      );
      expect(
        body.environments.flatMap(
          (entry: EnvironmentDeployments) => entry.deployments,
        ),
      ).toEqual([]);
    }
  });

  it('cannot make production an environment in which he may act', async () => {
    const { body } = await get(
      '/api/delivery/entities/component/default/by-environment/deployments',
    );
    expect(
      body.environments
        .filter((entry: EnvironmentDeployments) => entry.deployments.length > 0)
        .map((entry: EnvironmentDeployments) => entry.environment.id),
    ).toEqual(['production']);
  });
});
