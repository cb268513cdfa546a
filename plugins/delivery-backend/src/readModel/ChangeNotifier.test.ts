import { createServiceFactory } from '@backstage/backend-plugin-api';
import {
  SignalPayload,
  signalsServiceRef,
} from '@backstage/plugin-signals-node';
import { JsonObject } from '@backstage/types';
import { DeliverySignal } from '@slipway/plugin-delivery-common';
import request from 'supertest';
import { application, image, workload } from '../__testUtils__/applications';
import { serviceEntity, startDelivery } from '../__testUtils__/backend';
import { eventually } from '../__testUtils__/eventually';
import { FakeUpstream, FakeWorld } from '../__testUtils__/FakeUpstream';

/** A backend with one healthy service, whose signals are remembered from then on. */
async function start(config: JsonObject = {}) {
  const sent: SignalPayload[] = [];
  const world = new FakeWorld();
  world.applications = [application()];
  const { server } = await startDelivery({
    upstreams: [new FakeUpstream(world)],
    entities: [serviceEntity({ name: 'checkout' })],
    // Too slow to be what catches up.
    config: { poll: { minutes: 10 }, ...config },
    features: [
      createServiceFactory({
        service: signalsServiceRef,
        deps: {},
        factory: () => ({
          async publish(payload) {
            sent.push(payload);
          },
        }),
      }),
    ],
  });
  await eventually(async () => {
    const { body } = await request(server).get('/api/delivery/fleet');
    expect(body.rows?.[0]?.cells?.staging?.status).toBe('healthy');
  });
  sent.length = 0;
  return { server, world, sent };
}

describe('the signal of a change', () => {
  it('carries ids and a version that a refetch reaches at once, and nothing else', async () => {
    const { server, world, sent } = await start();
    world.change(it => {
      it.applications = [
        application({ workloads: [workload({ wanted: image('1.9.0') })] }),
      ];
    });
    await eventually(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      recipients: { type: 'broadcast' },
      channel: 'delivery:deployments',
      message: {
        version: expect.any(Number),
        entityRefs: ['component:default/checkout'],
        upstreams: [],
      },
    });
    const { version } = sent[0].message as unknown as DeliverySignal;
    const { body } = await request(server).get(
      `/api/delivery/fleet?atLeast=${version}`,
    );
    expect(body.version).toBeGreaterThanOrEqual(version);
    expect(body.rows[0].cells.staging.serving.label).toBe('1.9.0');

    world.change(it => {
      it.report = { state: 'down', reason: 'connection refused' };
    });
    await eventually(() =>
      expect(sent[1]?.message).toMatchObject({
        entityRefs: [],
        upstreams: ['fake:main'],
      }),
    );
    const after = await request(server).get('/api/delivery/fleet');
    expect(after.body.rows[0].cells.staging).toMatchObject({
      status: 'healthy',
      observation: { state: 'stale', reason: 'connection refused' },
    });
  });

  it('names no service where the policy may hide some, and says no more of an upstream than before', async () => {
    const { world, sent } = await start({ hints: { nameServices: false } });
    world.change(it => {
      it.applications = [
        application({ workloads: [workload({ wanted: image('1.9.0') })] }),
      ];
    });
    await eventually(() =>
      expect(sent.map(({ message }) => message)).toEqual([
        { version: expect.any(Number), entityRefs: 'many', upstreams: [] },
      ]),
    );
    world.change(it => {
      it.report = { state: 'down', reason: 'connection refused' };
    });
    await eventually(() =>
      expect(sent[1]?.message).toMatchObject({
        entityRefs: [],
        upstreams: ['fake:main'],
      }),
    );
  });
});
