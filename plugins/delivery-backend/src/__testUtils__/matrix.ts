import { mockCredentials } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { JsonObject } from '@backstage/types';
import { ActivityEntry } from '@slipway/plugin-delivery-common';
import {
  ApplicationCommands,
  ApplicationId,
} from '@slipway/plugin-delivery-node';
// The real policy is what is tried, and its own package must not know this
// backend, so this is the only place where both can be had.
// eslint-disable-next-line no-restricted-imports, @backstage/no-mixed-plugin-imports
import slipwayPolicy from '@slipway/plugin-permission-backend-module-slipway';
import request from 'supertest';
import { image, workload } from './applications';
import { eventually } from './eventually';
import { FakeArgoCd } from './FakeArgoCd';
import { FakeUpstream, FakeWorld } from './FakeUpstream';
import { headerOf, startPortal } from './portal';

/** Who asks. The groups are those that the configuration below names. */
export const PERSONAS = [
  'viewer', // signed in, and owns nothing
  'developer', // of the team that owns `owned` and `loose`
  'stranger', // a developer of a team that owns nothing here
  'approver',
  'operator',
  'engineer', // platform engineer
  'unknown', // signed in, and not in the catalog
  'machine', // a service whose token may read deployments
  'nobody', // not signed in
] as const;

export type Persona = (typeof PERSONAS)[number];

const GROUPS_OF: { [userRef: string]: string[] } = {
  'user:default/viewer': ['group:default/analytics'],
  'user:default/developer': ['group:default/owners'],
  'user:default/stranger': ['group:default/strangers'],
  'user:default/approver': ['group:default/approvers'],
  'user:default/operator': ['group:default/operators'],
  'user:default/engineer': ['group:default/engineers'],
};

const MACHINE = {
  subject: 'external:reporting',
  permissionNames: ['catalog.entity.read', 'delivery.deployment.read'],
};

export const ENVIRONMENTS = [
  'development',
  'staging',
  'production',
  'recovery',
];

/** Services by their owners. */
export const SERVICES = { owned: 'owners', foreign: 'others', loose: 'owners' };

function entity(kind: string, name: string, spec: JsonObject): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      name,
      annotations: {
        'backstage.io/managed-by-location': 'test:x',
        'backstage.io/managed-by-origin-location': 'test:x',
      },
    },
    spec,
  };
}

const ENTITIES = [
  ...Object.entries(SERVICES).map(([name, owner]) =>
    entity('Component', name, {
      type: 'service',
      lifecycle: 'production',
      owner,
    }),
  ),
  ...PERSONAS.filter(
    persona => !['unknown', 'machine', 'nobody'].includes(persona),
  ).map(name => entity('User', name, { memberOf: [] })),
];

/** An Argo CD with each service in every environment; `loose` is not bound. */
class ActableUpstream extends FakeUpstream {
  readonly commands: ApplicationCommands;

  static create(): ActableUpstream {
    const fakes = new Map(
      Object.keys(SERVICES)
        .flatMap(service =>
          ENVIRONMENTS.map(
            environment =>
              new FakeArgoCd({
                name: `${service}-${environment}`,
                labels: { 'app.kubernetes.io/name': service },
                annotations:
                  service === 'loose'
                    ? {}
                    : {
                        'backstage.io/entity-ref': `component:default/${service}`,
                      },
                destination: {
                  name: `eks-${environment}`,
                  namespace: `shop-${environment}`,
                },
                workloads: [
                  workload({ name: service, wanted: image('1.8.2') }),
                ],
              }),
          ),
        )
        .map(fake => [fake.application.id.name, fake]),
    );
    return new ActableUpstream(fakes);
  }

  private constructor(fakes: Map<string, FakeArgoCd>) {
    const world = new FakeWorld();
    world.applications = [...fakes.values()].map(fake => fake.application);
    super(world);
    const of = ({ id }: { id: ApplicationId }) => {
      const fake = fakes.get(id.name);
      if (!fake) {
        throw new Error(`No application ${id.name}`);
      }
      return fake;
    };
    this.commands = {
      read: options => of(options).read(options),
      refresh: options => of(options).refresh(options),
      sync: options => of(options).sync(options),
      terminate: options => of(options).terminate(options),
      syncWindows: options => of(options).syncWindows(options),
    };
  }
}

/** The portal, and everybody who asks it. */
export async function startMatrix(slipway: JsonObject = {}) {
  const { server } = await startPortal({
    upstreams: [ActableUpstream.create()],
    entities: ENTITIES,
    policy: slipwayPolicy,
    groupsOf: GROUPS_OF,
    machines: [MACHINE],
    config: {
      permission: {
        enabled: true,
        slipway: {
          groups: {
            approvers: ['group:default/approvers'],
            operators: ['group:default/operators'],
            platformEngineers: ['group:default/engineers'],
          },
          ...slipway,
        },
      },
    },
  });
  const credentialsOf = (persona: Persona) => {
    switch (persona) {
      case 'machine':
        return headerOf(MACHINE);
      case 'nobody':
        return mockCredentials.none.header();
      default:
        return mockCredentials.user.header(`user:default/${persona}`);
    }
  };
  const get = (persona: Persona, path: string) =>
    request(server)
      .get(`/api/delivery${path}`)
      .set('authorization', credentialsOf(persona));
  const post = (persona: Persona, path: string, body: object) =>
    request(server)
      .post(`/api/delivery${path}`)
      .set('authorization', credentialsOf(persona))
      .send(body);
  await eventually(
    async () => {
      const { body } = await get('operator', '/fleet');
      expect(body).toMatchObject({ totals: { all: 3 } });
      for (const row of body.rows) {
        expect(Object.keys(row.cells)).toEqual(ENVIRONMENTS);
      }
    },
    { withinMs: 60_000 },
  );
  /** Every line of the activity, page by page. */
  const activity = async (persona: Persona, query = '') => {
    const entries: ActivityEntry[] = [];
    let cursor = '';
    for (;;) {
      const answer = await get(persona, `/activity?limit=100${query}${cursor}`);
      if (answer.status !== 200) {
        return { entries, answer };
      }
      entries.push(...answer.body.entries);
      if (answer.body.nextCursor === undefined) {
        return { entries, answer };
      }
      cursor = `&cursor=${answer.body.nextCursor}`;
    }
  };
  return { get, post, activity };
}

export type MatrixPortal = Awaited<ReturnType<typeof startMatrix>>;

/** Asks for everybody, and gives back what each was answered. */
export async function everybody<T>(
  ask: (persona: Persona) => PromiseLike<T>,
): Promise<{ [persona: string]: T }> {
  const answers: { [persona: string]: T } = {};
  for (const persona of PERSONAS) {
    answers[persona] = await ask(persona);
  }
  return answers;
}
