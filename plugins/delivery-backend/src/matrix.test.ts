/**
 * Who may do what, as it comes out at the API: every route of the OpenAPI document,
 * asked by everybody, about services that are theirs and that are not, in every
 * environment. The answers are written by hand. They say what we promise, and
 * not what the policy says; whoever changes the policy changes them on purpose.
 */
import { randomUUID } from 'node:crypto';
import { DEPLOYMENT_ACTION_KINDS } from '@slipway/plugin-delivery-common';
import {
  ENVIRONMENTS,
  everybody,
  MatrixPortal,
  Persona,
  PERSONAS,
  SERVICES,
  startMatrix,
} from './__testUtils__/matrix';
import { writtenTable } from './__testUtils__/writtenTable';
import { openApiDocument } from './schema/openapi';

// A real catalog, which processes its entities before it has them.
jest.setTimeout(180_000);

/**
 * What the words in the tables stand for: the status, and the code where the
 * answer has one of ours.
 */
const WORDS: { [word: string]: [status: number, code?: string] } = {
  ok: [200],
  sign: [401], // sign in first
  user: [403], // only for people
  no: [403, 'delivery.action-not-allowed'],
  hidden: [403, 'delivery.read-not-allowed'],
  shut: [403, 'delivery.activity-not-allowed'],
  loose: [403, 'delivery.unbound'],
  gone: [404, 'delivery.entity-not-found'],
  none: [404, 'delivery.deployment-not-found'],
  blank: [404, 'delivery.action-not-found'],
};

/**
 * What whoever is let through, `go`, is told of an action that they ask for on
 * a state that never was: nothing is under way that could be ended, there is one
 * release only, and for the others the state is another one.
 */
const GO: { [action: string]: [status: number, code: string] } = {
  refresh: [409, 'delivery.state-changed'],
  'hard-refresh': [409, 'delivery.state-changed'],
  sync: [409, 'delivery.state-changed'],
  terminate: [409, 'delivery.no-operation'],
  revert: [409, 'delivery.nothing-to-revert'],
};

/** `owned` and `foreign` are bound, `loose` is not, and `ghost` is nowhere. */
const READS = `
route               | service      | viewer | developer | stranger | approver | operator | engineer | unknown | machine | nobody
deployments,history | owned        | ok     | ok        | ok       | ok       | ok       | ok       | ok      | ok      | sign
deployments,history | foreign      | ok     | ok        | ok       | ok       | ok       | ok       | ok      | ok      | sign
deployments,history | loose        | ok     | ok        | ok       | ok       | ok       | ok       | ok      | ok      | sign
deployments,history | ghost        | gone   | gone      | gone     | gone     | gone     | gone     | gone    | gone    | sign
`;

/** With \`readers: members\`. */
const READS_OF_MEMBERS = `
route               | service      | viewer | developer | stranger | approver | operator | engineer | unknown | machine | nobody
deployments,history | owned        | hidden | ok        | hidden   | ok       | ok       | ok       | hidden  | ok      | sign
deployments,history | foreign      | hidden | hidden    | hidden   | ok       | ok       | ok       | hidden  | ok      | sign
deployments,history | loose        | hidden | ok        | hidden   | ok       | ok       | ok       | hidden  | ok      | sign
deployments,history | ghost        | gone   | gone      | gone     | gone     | gone     | gone     | gone    | gone    | sign
`;

/** The rows of the fleet: all three, those of the developer's team, or no row. */
const FLEET = `
readers  | viewer | developer | stranger | approver | operator | engineer | unknown | machine | nobody
everyone | all    | all       | all      | all      | all      | all      | all     | all     | sign
members  | empty  | team      | empty    | all      | all      | all      | empty   | all     | sign
`;

/** Both the plan of an action and the action. */
const ACTIONS = `
action               | service | environment                               | viewer | developer | stranger | approver | operator | engineer | unknown | machine | nobody
refresh,hard-refresh | owned   | development,staging,production,recovery   | no     | go        | no       | go       | go       | go       | no      | user    | sign
refresh,hard-refresh | foreign | development,staging,production,recovery   | no     | no        | no       | go       | go       | go       | no      | user    | sign
refresh,hard-refresh | loose   | development,staging,production,recovery   | no     | loose     | no       | loose    | loose    | loose    | no      | user    | sign
sync                 | owned   | development,staging                       | no     | go        | no       | no       | go       | go       | no      | user    | sign
sync                 | owned   | production,recovery                       | no     | no        | no       | go       | go       | go       | no      | user    | sign
sync                 | foreign | development,staging                       | no     | no        | no       | no       | go       | go       | no      | user    | sign
sync                 | foreign | production,recovery                       | no     | no        | no       | go       | go       | go       | no      | user    | sign
sync                 | loose   | development,staging                       | no     | loose     | no       | no       | loose    | loose    | no      | user    | sign
sync                 | loose   | production,recovery                       | no     | no        | no       | loose    | loose    | loose    | no      | user    | sign
terminate,revert     | owned   | development,staging                       | no     | go        | no       | no       | go       | go       | no      | user    | sign
terminate,revert     | owned   | production,recovery                       | no     | no        | no       | no       | go       | go       | no      | user    | sign
terminate,revert     | foreign | development,staging,production,recovery   | no     | no        | no       | no       | go       | go       | no      | user    | sign
terminate,revert     | loose   | development,staging                       | no     | loose     | no       | no       | loose    | loose    | no      | user    | sign
terminate,revert     | loose   | production,recovery                       | no     | no        | no       | no       | loose    | loose    | no      | user    | sign
sync                 | owned   | nowhere                                   | no     | none      | no       | no       | none     | none     | no      | user    | sign
refresh              | owned   | nowhere                                   | no     | none      | no       | none     | none     | none     | no      | user    | sign
sync,refresh,revert  | ghost   | staging,production,nowhere                | gone   | gone      | gone     | gone     | gone     | gone     | gone    | user    | sign
`;

/** How far an action of the operator's has got. */
const PROGRESS = `
service | environment                             | viewer | developer | stranger | approver | operator | engineer | unknown | machine | nobody
owned   | development,staging,production,recovery | blank  | ok        | blank    | ok       | ok       | ok       | blank   | user    | sign
foreign | development,staging,production,recovery | blank  | blank     | blank    | ok       | ok       | ok       | blank   | user    | sign
loose   | staging                                 | blank  | blank     | blank    | blank    | blank    | blank    | blank   | user    | sign
ghost   | staging                                 | gone   | gone      | gone     | gone     | gone     | gone     | gone    | user    | sign
`;

/**
 * The activity, by what is asked for: everything, or one service. `all` is the
 * lines of all services and of the ghost, `team` those of the developer's team.
 */
const ACTIVITY = `
asked    | viewer | developer | stranger | approver | operator | engineer | unknown | machine | nobody
anything | empty  | team      | empty    | all      | all      | all      | empty   | shut    | sign
owned    | shut   | owned     | shut     | owned    | owned    | owned    | shut    | shut    | sign
foreign  | shut   | shut      | shut     | foreign  | foreign  | foreign  | shut    | shut    | sign
loose    | shut   | loose     | shut     | loose    | loose    | loose    | shut    | shut    | sign
ghost    | gone   | gone      | gone     | ghost    | ghost    | ghost    | gone    | shut    | sign
`;

/** Which table speaks for which route of the document. */
const SPEAKS_FOR: { [route: string]: string } = {
  'GET /fleet': FLEET,
  'GET /entities/{kind}/{namespace}/{name}/deployments': READS,
  'GET /entities/{kind}/{namespace}/{name}/history': READS,
  'GET /entities/{kind}/{namespace}/{name}/environments/{environment}/plans/{action}':
    ACTIONS,
  'POST /entities/{kind}/{namespace}/{name}/environments/{environment}/actions/{action}':
    ACTIONS,
  'GET /entities/{kind}/{namespace}/{name}/actions/{id}': PROGRESS,
  'GET /activity': ACTIVITY,
};

/** The services that the words of the fleet stand for. */
const ROWS: { [word: string]: string[] } = {
  empty: [],
  team: ['loose', 'owned'],
  all: ['foreign', 'loose', 'owned'],
};

/** The services whose lines the words of the activity stand for. */
const LINES: { [word: string]: string[] } = {
  empty: [],
  team: ['loose', 'owned'],
  all: ['foreign', 'ghost', 'loose', 'owned'],
  owned: ['owned'],
  foreign: ['foreign'],
  loose: ['loose'],
  ghost: ['ghost'],
};

function pathOf(service: string): string {
  return `/entities/component/default/${service}`;
}

/** What came back, in the form of {@link WORDS}. */
function outcomeOf(answer: { status: number; body: unknown }) {
  const body = answer.body as { error?: { code?: string } };
  return body.error?.code === undefined
    ? [answer.status]
    : [answer.status, body.error.code];
}

/** A row as it is expected, with each word as what it stands for. */
function meaning<T>(
  cells: Record<Persona, string>,
  of: (word: string) => T,
): { [persona: string]: T } {
  return Object.fromEntries(
    PERSONAS.map(persona => [persona, of(cells[persona])]),
  );
}

function statusMeant(word: string): [number, string?] {
  const meant = WORDS[word];
  if (!meant) {
    throw new Error(`Nobody knows what '${word}' stands for`);
  }
  return meant;
}

function namesIn(refs: string[]): string[] {
  return [
    ...new Set(refs.map(ref => ref.replace('component:default/', ''))),
  ].sort();
}

describe('the matrix', () => {
  it('speaks for every route of the document, and for no other', () => {
    const routes = Object.entries(openApiDocument.paths).flatMap(
      ([path, methods]) =>
        Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    );
    expect(Object.keys(SPEAKS_FOR).sort()).toEqual(routes.sort());
  });

  it('has a line for every action', () => {
    const actions = writtenTable(ACTIONS, {
      keys: ['action', 'service', 'environment'],
      columns: PERSONAS,
    });
    for (const action of DEPLOYMENT_ACTION_KINDS) {
      for (const service of Object.keys(SERVICES)) {
        for (const environment of ENVIRONMENTS) {
          expect(
            actions.filter(
              ({ keys }) =>
                keys.action === action &&
                keys.service === service &&
                keys.environment === environment,
            ),
          ).toHaveLength(1);
        }
      }
    }
  });
});

describe('with the default policy', () => {
  let portal: MatrixPortal;
  /** Ids of the operator's actions, by service and environment. */
  const made = new Map<string, string>();

  beforeAll(async () => {
    portal = await startMatrix();
    for (const service of ['owned', 'foreign']) {
      for (const environment of ENVIRONMENTS) {
        const at = `${pathOf(service)}/environments/${environment}`;
        const plan = await portal.get('operator', `${at}/plans/refresh`);
        const answer = await portal.post(
          'operator',
          `${at}/actions/refresh`,
          asking(plan.body.seen),
        );
        if (answer.status !== 202) {
          throw new Error(
            `The operator was told ${JSON.stringify(answer.body)}`,
          );
        }
        made.set(`${service} ${environment}`, answer.body.id);
      }
    }
    for (const service of ['loose', 'ghost']) {
      await portal.post(
        'operator',
        `${pathOf(service)}/environments/production/actions/sync`,
        asking('seen'),
      );
    }
  });

  describe.each(
    writtenTable(READS, { keys: ['route', 'service'], columns: PERSONAS }),
  )('$keys.route of $keys.service', ({ keys, cells }) => {
    it('are answered as the table says', async () => {
      expect(
        await everybody(async persona =>
          outcomeOf(
            await portal.get(persona, `${pathOf(keys.service)}/${keys.route}`),
          ),
        ),
      ).toEqual(meaning(cells, statusMeant));
    });
  });

  it('shows every environment of a service, with what each may do there', async () => {
    const table = writtenTable(ACTIONS, {
      keys: ['action', 'service', 'environment'],
      columns: PERSONAS,
    });
    for (const service of Object.keys(SERVICES)) {
      for (const persona of PERSONAS.slice(0, 7)) {
        const { body } = await portal.get(
          persona,
          `${pathOf(service)}/deployments`,
        );
        const offered = body.environments.flatMap(
          ({
            environment,
            deployments,
          }: {
            environment: { id: string };
            deployments: {
              actions: { action: string; available: boolean; code?: string }[];
            }[];
          }) =>
            deployments.flatMap(({ actions }) =>
              actions.map(
                ({ action, code }) =>
                  `${action} ${environment.id}: ${
                    code === 'delivery.action-not-allowed' ? 'no' : 'yes'
                  }`,
              ),
            ),
        );
        expect({ service, persona, offered: offered.sort() }).toEqual({
          service,
          persona,
          offered: table
            .filter(
              ({ keys }) =>
                keys.service === service &&
                ENVIRONMENTS.includes(keys.environment),
            )
            .map(
              ({ keys, cells }) =>
                `${keys.action} ${keys.environment}: ${
                  cells[persona] === 'no' ? 'no' : 'yes'
                }`,
            )
            .sort(),
        });
      }
    }
  });

  it.each(
    writtenTable(FLEET, { keys: ['readers'], columns: PERSONAS }).slice(0, 1),
  )('shows in the fleet what the table says', async ({ cells }) => {
    expect(await fleetOf(portal)).toEqual(
      meaning<unknown>(cells, word => ROWS[word] ?? statusMeant(word)),
    );
  });

  describe.each(writtenTable(ACTIVITY, { keys: ['asked'], columns: PERSONAS }))(
    'the activity of $keys.asked',
    ({ keys, cells }) => {
      it('has the lines that the table says, on all of its pages', async () => {
        const query =
          keys.asked === 'anything'
            ? ''
            : `&entityRef=component:default/${keys.asked}`;
        expect(
          await everybody(async persona => {
            const { entries, answer } = await portal.activity(persona, query);
            return answer.status === 200
              ? namesIn(entries.map(({ entityRef }) => entityRef))
              : outcomeOf(answer);
          }),
        ).toEqual(
          meaning<unknown>(cells, word => LINES[word] ?? statusMeant(word)),
        );
      });
    },
  );

  it.each(ENVIRONMENTS)(
    'tells in the activity of %s of nothing else',
    async environment => {
      for (const [persona, services] of [
        ['developer', LINES.team],
        ['operator', LINES.all],
      ] as const) {
        const { entries } = await portal.activity(
          persona,
          `&environment=${environment}`,
        );
        expect(new Set(entries.map(one => one.environment))).toEqual(
          new Set([environment]),
        );
        for (const name of namesIn(entries.map(({ entityRef }) => entityRef))) {
          expect(services).toContain(name);
        }
      }
    },
  );

  it.each(
    writtenTable(PROGRESS, {
      keys: ['service', 'environment'],
      columns: PERSONAS,
    }),
  )(
    'tells of an action on $keys.service in $keys.environment whom the table says',
    async ({ keys, cells }) => {
      const id =
        made.get(`${keys.service} ${keys.environment}`) ??
        made.get(`owned ${keys.environment}`);
      expect(
        await everybody(async persona =>
          outcomeOf(
            await portal.get(persona, `${pathOf(keys.service)}/actions/${id}`),
          ),
        ),
      ).toEqual(meaning(cells, statusMeant));
    },
  );

  describe.each(
    writtenTable(ACTIONS, {
      keys: ['action', 'service', 'environment'],
      columns: PERSONAS,
    }),
  )('$keys.action of $keys.service in $keys.environment', ({ keys, cells }) => {
    const { action, service, environment } = keys;
    const at = `${pathOf(service)}/environments/${environment}`;

    it('is planned for whom the table says', async () => {
      expect(
        await everybody(async persona =>
          outcomeOf(await portal.get(persona, `${at}/plans/${action}`)),
        ),
      ).toEqual(
        meaning(cells, word => (word === 'go' ? [200] : statusMeant(word))),
      );
    });

    it('gets as far as the table says, and every refusal is in the activity', async () => {
      const query = `&event=refused&environment=${environment}&entityRef=component:default/${service}`;
      const before = await portal.activity('operator', query);
      expect(
        await everybody(async persona =>
          outcomeOf(
            await portal.post(
              persona,
              `${at}/actions/${action}`,
              asking('another-state'),
            ),
          ),
        ),
      ).toEqual(
        meaning(cells, word =>
          word === 'go' ? GO[action] : statusMeant(word),
        ),
      );
      const after = await portal.activity('operator', query);
      const added = after.entries.slice(
        0,
        after.entries.length - before.entries.length,
      );
      expect(
        added.map(one => `${one.action} ${one.actor.ref}`).reverse(),
      ).toEqual([
        ...PERSONAS.slice(0, 7).map(name => `${action} user:default/${name}`),
        `${action} external:reporting`,
      ]);
    });
  });
});

describe('where only members are readers', () => {
  let portal: MatrixPortal;

  beforeAll(async () => {
    portal = await startMatrix({ readers: 'members' });
  });

  it.each(
    writtenTable(READS_OF_MEMBERS, {
      keys: ['route', 'service'],
      columns: PERSONAS,
    }),
  )(
    'answers $keys.route of $keys.service as the table says',
    async ({ keys, cells }) => {
      expect(
        await everybody(async persona =>
          outcomeOf(
            await portal.get(persona, `${pathOf(keys.service)}/${keys.route}`),
          ),
        ),
      ).toEqual(meaning(cells, statusMeant));
    },
  );

  it.each(
    writtenTable(FLEET, { keys: ['readers'], columns: PERSONAS }).slice(1),
  )('shows in the fleet what the table says', async ({ cells }) => {
    expect(await fleetOf(portal)).toEqual(
      meaning<unknown>(cells, word => ROWS[word] ?? statusMeant(word)),
    );
  });
});

/** The body of a request for an action on a state. */
function asking(seen: string) {
  return { seen, reason: 'For the matrix', idempotencyKey: randomUUID() };
}

/** The services whose rows everybody sees in the fleet. */
function fleetOf(portal: MatrixPortal) {
  return everybody(async persona => {
    const answer = await portal.get(persona, '/fleet');
    return answer.status === 200
      ? namesIn(
          answer.body.rows.map((row: { entityRef: string }) => row.entityRef),
        )
      : outcomeOf(answer);
  });
}
