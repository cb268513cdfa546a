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

// A whole backend is started, which a busy machine delays.
jest.setTimeout(60_000);

const deploymentsPath =
  '/api/delivery/entities/component/default/checkout/deployments';

describe('the delivery backend', () => {
  it('answers where a service runs, from what an upstream handed in', async () => {
    const world = new FakeWorld();
    world.applications = [
      application(),
      application({
        name: 'checkout-prod',
        destination: { name: 'eks-production', namespace: 'shop-prod' },
        policy: { automated: false, prune: false, selfHeal: false },
      }),
    ];
    const { server } = await startDelivery({
      upstreams: [new FakeUpstream(world)],
      entities: [serviceEntity({ name: 'checkout' })],
    });

    await eventually(async () => {
      const { body, status } = await request(server).get(deploymentsPath);
      expect({ status, body }).toMatchObject({
        status: 200,
        body: {
          entityRef: 'component:default/checkout',
          headline: '1.8.2 serves in Staging and Production.',
          environments: [
            { environment: { id: 'development' }, deployments: [] },
            {
              environment: { id: 'staging' },
              deployments: [
                {
                  binding: { state: 'bound' },
                  assessment: { status: 'healthy' },
                  serving: { tag: '1.8.2' },
                  observation: { state: 'fresh' },
                },
              ],
            },
            {
              environment: { id: 'production' },
              difference: { release: 'same', from: 'staging' },
            },
            { environment: { id: 'recovery' }, deployments: [] },
          ],
        },
      });
    });

    const fleet = await request(server).get('/api/delivery/fleet');
    expect(fleet.body).toMatchObject({
      totals: { services: 1, attention: 0, all: 1, unmatchedApplications: 0 },
      rows: [
        {
          entityRef: 'component:default/checkout',
          cells: {
            staging: { status: 'healthy', serving: { label: '1.8.2' } },
            production: { status: 'healthy', difference: 'same' },
          },
        },
      ],
    });

    const history = await request(server).get(
      '/api/delivery/entities/component/default/checkout/history',
    );
    expect(history.body.entries).toHaveLength(2);
    expect(history.body.entries[0]).toMatchObject({
      source: 'argocd-history',
      initiatedBy: 'ada',
      release: { tag: '1.8.2', revisions: [{ revision: sha('1') }] },
    });
  });

  it('shows a change, with what still serves while it rolls out', async () => {
    const world = new FakeWorld();
    world.applications = [application()];
    const { server } = await startDelivery({
      upstreams: [new FakeUpstream(world)],
      entities: [serviceEntity({ name: 'checkout' })],
    });
    const staging = async () => {
      const { body } = await request(server).get('/api/delivery/fleet');
      return body.rows?.[0]?.cells?.staging;
    };
    await eventually(async () =>
      expect(await staging()).toMatchObject({ status: 'healthy' }),
    );

    world.change(it => {
      it.applications = [
        application({
          sync: { state: 'synced', revisions: [sha('2')] },
          health: { state: 'progressing', since: '2026-11-02T10:00:00Z' },
          workloads: [workload({ wanted: image('1.9.0'), updated: 1 })],
        }),
      ];
    });
    await eventually(async () =>
      expect(await staging()).toMatchObject({
        status: 'progressing',
        serving: { label: '1.8.2' },
        wanted: { label: '1.9.0' },
        note: '1.9.0 is rolling out: 1 of 2 replicas are updated.',
      }),
    );
  });
});
