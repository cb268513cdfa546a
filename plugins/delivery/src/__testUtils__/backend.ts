import { http, HttpResponse, JsonBodyType } from 'msw';
import {
  ActionPlan,
  ActionRequest,
  Deployment,
  DEPLOYMENT_ACTION_KINDS,
  DeploymentAction,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import { DeliveryClient } from '@slipway/plugin-delivery-react';

/** Where the backend of the tests is. */
export const BASE = 'http://portal.example/api/delivery';

export const REF = 'component:default/checkout';

/** The real client, over the network that msw answers. */
export function createClient(): DeliveryClient {
  return DeliveryClient.create({
    fetchApi: { fetch: (...args) => fetch(...args) },
    discoveryApi: { getBaseUrl: async () => BASE },
  });
}

export const production = {
  id: 'production',
  title: 'Production',
  standby: false,
};

export function deployment(change: Partial<Deployment> = {}): Deployment {
  return {
    entityRef: REF,
    environment: 'production',
    target: {
      id: 'main/argocd/checkout-production',
      instance: 'main',
      applicationNamespace: 'argocd',
      application: 'checkout-production',
      cluster: 'eks-production',
      namespace: 'core-business',
      region: 'us-east-1',
    },
    binding: { state: 'bound', by: 'application-annotation' },
    assessment: {
      status: 'waiting',
      reason: 'manual-sync',
      summary: 'Git asks for 1.9.0; a person has to sync it.',
    },
    observation: { source: 'argocd:main', state: 'fresh' },
    wanted: { tag: '1.9.0', revisions: [] },
    serving: { tag: '1.8.2', revisions: [] },
    sync: 'out-of-sync',
    health: 'healthy',
    policy: { automated: false, prune: false, selfHeal: false },
    conditions: [],
    actions: DEPLOYMENT_ACTION_KINDS.map(kind =>
      kind === 'terminate'
        ? {
            action: kind,
            available: false,
            code: 'delivery.no-operation' as const,
            reason: 'No sync is under way, so there is nothing to end.',
          }
        : { action: kind, available: true },
    ),
    ...change,
  };
}

export function service(deployments: Deployment[]): ServiceDeployments {
  return {
    version: 1,
    entityRef: REF,
    chain: { id: 'micro', title: 'Microservices' },
    environments: [{ environment: production, deployments }],
    headline: 'Production serves 1.8.2.',
    upstreams: [],
  };
}

export function plan(change: Partial<ActionPlan> = {}): ActionPlan {
  return {
    action: 'sync',
    target: deployment().target,
    seen: 'seen-1',
    observedAt: '2026-11-22T14:00:00Z',
    steps: ['Argo CD applies 1a2b3c4 to checkout-production on main.'],
    warnings: ['Its canary begins at 5 % of traffic.'],
    changes: [
      { group: 'apps', kind: 'Deployment', name: 'checkout', change: 'change' },
      { group: '', kind: 'ConfigMap', name: 'old', change: 'prune' },
    ],
    ...change,
  };
}

export function action(
  change: Partial<DeploymentAction> = {},
): DeploymentAction {
  return {
    id: 'a1',
    action: 'sync',
    entityRef: REF,
    environment: 'production',
    target: deployment().target.id,
    requestedBy: 'user:default/ada',
    requestedAt: '2026-11-22T14:00:00Z',
    reason: 'The release is announced',
    options: {},
    phase: 'running',
    steps: [
      { id: 'ask', title: 'Ask Argo CD', state: 'done' },
      { id: 'sync', title: 'Apply the manifests', state: 'running' },
    ],
    summary: 'Argo CD applies the manifests.',
    ...change,
  };
}

/** A refusal as the backend words it. */
export function refusal(status: number, code?: string, message = 'No.') {
  return HttpResponse.json(
    {
      error: { name: 'Error', message, ...(code && { code }) },
      response: { statusCode: status },
    },
    { status },
  );
}

type Answer = () => Response | Promise<Response>;

/**
 * A backend with one service. Answers given as lists are used one after another,
 * the last one for ever.
 */
export function backend(options: {
  deployments?: () => Deployment[];
  plans?: Answer[];
  requests?: Answer[];
  actions?: DeploymentAction[];
  activity?: (query: URLSearchParams) => Response;
}) {
  const entity = `${BASE}/entities/component/default/checkout`;
  const asked: { action: string; body: ActionRequest }[] = [];
  const planned: URL[] = [];
  const next = <T>(list: T[]): T => (list.length > 1 ? list.shift()! : list[0]);
  const plans = [...(options.plans ?? [json(plan())])];
  const requests = [...(options.requests ?? [json(action(), 202)])];
  const actions = [...(options.actions ?? [action()])];
  const handlers = [
    http.get(`${entity}/deployments`, () =>
      HttpResponse.json(
        service(options.deployments?.() ?? [deployment()]) as JsonBodyType,
      ),
    ),
    http.get(`${entity}/history`, () => HttpResponse.json({ entries: [] })),
    http.get(
      `${entity}/environments/production/plans/:action`,
      ({ request }) => {
        planned.push(new URL(request.url));
        return next(plans)();
      },
    ),
    http.post<{ action: string }, ActionRequest>(
      `${entity}/environments/production/actions/:action`,
      async ({ request, params }) => {
        asked.push({ action: params.action, body: await request.json() });
        return next(requests)();
      },
    ),
    http.get(`${entity}/actions/:id`, () =>
      HttpResponse.json(next(actions) as JsonBodyType),
    ),
    http.get(`${BASE}/activity`, ({ request }) =>
      options.activity
        ? options.activity(new URL(request.url).searchParams)
        : HttpResponse.json({ entries: [] }),
    ),
    http.get(`${BASE}/fleet`, () =>
      HttpResponse.json({
        version: 1,
        chains: [{ id: 'micro', title: 'M', environments: [production] }],
        groups: [{ key: 'core', title: 'core', services: 1, attention: 0 }],
        rows: [
          {
            entityRef: REF,
            title: 'checkout',
            chain: 'micro',
            group: 'core',
            cells: {
              production: {
                status: 'healthy',
                serving: { label: '1.8.2' },
                observation: { source: 'argocd:main', state: 'fresh' },
                bound: true,
                targets: 1,
              },
            },
          },
        ],
        offset: 0,
        totals: { services: 1, attention: 0, all: 1, unmatchedApplications: 0 },
        upstreams: [],
      }),
    ),
  ];
  return { handlers, asked, planned };
}

/** An answer with a body. */
export function json(body: unknown, status = 200): Answer {
  return () => HttpResponse.json(body as JsonBodyType, { status });
}

/** No answer: the connection is lost. */
export const lost: Answer = () => HttpResponse.error();
