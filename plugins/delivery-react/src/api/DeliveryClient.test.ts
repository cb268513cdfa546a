import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { registerMswTestHooks } from '@backstage/frontend-test-utils';
import { DeliveryClient } from './DeliveryClient';
import { deliveryErrorCode } from './deliveryErrorCode';

const BASE = 'http://portal.example/api/delivery';

describe('DeliveryClient', () => {
  const server = setupServer();
  registerMswTestHooks(server);

  const client = DeliveryClient.create({
    fetchApi: { fetch: (...args) => fetch(...args) },
    discoveryApi: { getBaseUrl: async () => BASE },
  });

  function record(path: string): URL[] {
    const urls: URL[] = [];
    server.use(
      http.get(`${BASE}${path}`, ({ request }) => {
        urls.push(new URL(request.url));
        return HttpResponse.json({ version: 7 });
      }),
    );
    return urls;
  }

  it('asks for the fleet with the filters that are set, and no others', async () => {
    const urls = record('/fleet');
    await client.getFleet({
      chain: 'n9',
      owned: undefined,
      text: 'a&b=c',
      offset: 0,
      limit: 100,
    });
    expect(Object.fromEntries(urls[0].searchParams)).toEqual({
      chain: 'n9',
      text: 'a&b=c',
      offset: '0',
      limit: '100',
    });
  });

  it('passes the version of a signal on, so that a lagging replica catches up', async () => {
    const urls = record('/entities/component/default/checkout/deployments');
    await client.getDeployments('component:default/checkout', { atLeast: 42 });
    expect(urls[0].search).toBe('?atLeast=42');
  });

  it('encodes each part of the entity ref, so that none leaves its place in the path', async () => {
    const fetched: string[] = [];
    const recording = DeliveryClient.create({
      fetchApi: {
        fetch: async input => {
          fetched.push(String(input));
          return new Response('{}');
        },
      },
    });
    await recording.getHistory('component:default/..%2F..%2Fsecret?x#y', {
      environment: 'production',
      cursor: 'a+b',
      limit: 20,
    });
    expect(fetched).toEqual([
      'plugin://delivery/entities/component/default/..%252F..%252Fsecret%3Fx%23y/history?environment=production&cursor=a%2Bb&limit=20',
    ]);
  });

  it('throws the answer of a refusal with its code', async () => {
    server.use(
      http.get(`${BASE}/fleet`, () =>
        HttpResponse.json(
          {
            error: {
              name: 'ServiceUnavailableError',
              message: 'Not loaded yet',
              code: 'delivery.not-ready',
            },
            response: { statusCode: 503 },
          },
          { status: 503 },
        ),
      ),
    );
    const error = await client.getFleet({}).catch(e => e);
    expect(error).toMatchObject({ name: 'ResponseError', statusCode: 503 });
    expect(deliveryErrorCode(error)).toBe('delivery.not-ready');
  });

  it('finds no code in what a proxy or another plugin answered', async () => {
    server.use(
      http.get(
        `${BASE}/fleet`,
        () => new HttpResponse('<h1>Bad gateway</h1>', { status: 502 }),
      ),
    );
    const error = await client.getFleet({}).catch(e => e);
    expect(error.name).toBe('ResponseError');
    expect(deliveryErrorCode(error)).toBeUndefined();
    expect(
      deliveryErrorCode({ body: { error: { code: 'catalog.nope' } } }),
    ).toBeUndefined();
  });

  it('asks for a plan of one target, each name in its place', async () => {
    const fetched: string[] = [];
    const recording = DeliveryClient.create({
      fetchApi: {
        fetch: async input => {
          fetched.push(String(input));
          return new Response('{}');
        },
      },
    });
    await recording.planAction({
      entityRef: 'component:default/checkout',
      environment: '../staging',
      action: 'hard-refresh',
      target: 'main/argocd/a&b',
    });
    await recording.getAction('component:default/checkout', '../x');
    expect(fetched).toEqual([
      'plugin://delivery/entities/component/default/checkout/environments/..%2Fstaging/plans/hard-refresh?target=main%2Fargocd%2Fa%26b',
      'plugin://delivery/entities/component/default/checkout/actions/..%2Fx',
    ]);
  });

  it('asks for an action with all that the person said', async () => {
    const bodies: unknown[] = [];
    server.use(
      http.post(
        `${BASE}/entities/component/default/checkout/environments/production/actions/sync`,
        async ({ request }) => {
          bodies.push(await request.json());
          return HttpResponse.json({ id: 'a1' }, { status: 202 });
        },
      ),
    );
    await expect(
      client.requestAction(
        {
          entityRef: 'component:default/checkout',
          environment: 'production',
          action: 'sync',
          target: 't',
        },
        {
          seen: 's',
          reason: 'Release',
          idempotencyKey: 'k',
          options: { prune: true },
        },
      ),
    ).resolves.toEqual({ id: 'a1' });
    expect(bodies).toEqual([
      {
        target: 't',
        seen: 's',
        reason: 'Release',
        idempotencyKey: 'k',
        options: { prune: true },
      },
    ]);
  });

  it('asks for activity with the filters that are set, and no others', async () => {
    const urls = record('/activity');
    await client.getActivity({
      actor: 'user:default/ada',
      environment: undefined,
    });
    expect(urls[0].search).toBe('?actor=user%3Adefault%2Fada');
  });

  it('aborts the request when nobody waits for it any more', async () => {
    record('/fleet');
    const controller = new AbortController();
    controller.abort();
    await expect(
      client.getFleet({}, { signal: controller.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
