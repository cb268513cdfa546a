import { Knex } from 'knex';
import { describeOnDatabases } from '../__testUtils__/databases';
import { NewActivity } from '../activity/ActivityLog';
import { DatabaseActivityLog } from './DatabaseActivityLog';

jest.setTimeout(120_000);

function activity(changes: Partial<NewActivity> = {}): NewActivity {
  return {
    at: '2026-11-01T10:00:00.000Z',
    event: 'requested',
    action: 'sync',
    entityRef: 'component:default/checkout',
    environment: 'staging',
    actor: { ref: 'user:default/ada', kind: 'user' },
    ...changes,
  };
}

const WHOLE = activity({
  options: { prune: true, force: true },
  actionId: '7d5f0c1e',
  target: { instance: 'main', application: 'checkout-staging' },
  event: 'refused',
  reason: 'The fix for #12',
  stateSeen: '1.8.2 serves, git asks for 1.9.0.',
  result: 'A sync window forbids it until 18:00.',
  code: 'delivery.sync-window-closed',
});

/** Lines of many services, a second apart, without a trip for each. */
async function fill(knex: Knex, rows: number): Promise<void> {
  const columns =
    'at, event, action, entity_ref, environment, actor_ref, actor_kind';
  const isSqlite = String(knex.client.config.client).includes('sqlite');
  const at = isSqlite
    ? "strftime('%Y-%m-%dT%H:%M:%S.000Z', '2026-01-01', n || ' seconds')"
    : `to_char(timestamp '2026-01-01' + n * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`;
  const numbers = isSqlite
    ? `WITH RECURSIVE numbers(n) AS
         (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows - 1})`
    : `WITH numbers AS (SELECT generate_series(0, ${rows - 1}) AS n)`;
  await knex.raw(
    isSqlite
      ? `INSERT INTO delivery_activity (${columns}) ${numbers} ${select(at)}`
      : `${numbers} INSERT INTO delivery_activity (${columns}) ${select(at)}`,
  );
  await knex.raw('ANALYZE delivery_activity');
}

function select(at: string): string {
  return `SELECT ${at},
      CASE WHEN n % 1000 = 0 THEN 'refused' ELSE 'requested' END,
      'sync',
      'component:default/service-' || (n % 500),
      CASE WHEN n % 2000 = 0 THEN 'recovery' ELSE 'staging' END,
      'user:default/person-' || (n % 200),
      'user'
    FROM numbers`;
}

describeOnDatabases('the table of the audit', createDatabase => {
  it('gives back every field of a line, and none that it did not get', async () => {
    const log = DatabaseActivityLog.create({ knex: await createDatabase() });
    await log.insert(activity());
    const id = await log.insert(WHOLE);
    expect(await log.read({ filter: {}, limit: 10 })).toEqual([
      { id: String(id), ...WHOLE },
      { id: expect.any(String), ...activity() },
    ]);
  });

  it('adds a line with what it tells of, or not at all', async () => {
    const knex = await createDatabase();
    const log = DatabaseActivityLog.create({ knex });
    let id = 0;
    await expect(
      knex.transaction(async transaction => {
        id = await log.insert(activity(), transaction);
        throw new Error('the change failed');
      }),
    ).rejects.toThrow('the change failed');
    expect(await log.has(id, activity())).toBe(false);
    await knex.transaction(async transaction => {
      id = await log.insert(activity(), transaction);
    });
    expect(await log.has(id, activity())).toBe(true);
    expect(await log.has(id, activity({ event: 'failed' }))).toBe(false);
  });

  it('keeps what a person wrote that the database has no letter for', async () => {
    const log = DatabaseActivityLog.create({ knex: await createDatabase() });
    await log.insert(activity({ reason: 'a\u0000b 🚀 ß' }));
    const [{ reason }] = await log.read({ filter: {}, limit: 1 });
    expect(reason).toBe('a\uFFFDb 🚀 ß');
  });

  it('lets nobody change or delete a line, whatever it is asked with', async () => {
    const knex = await createDatabase();
    const log = DatabaseActivityLog.create({ knex });
    const id = await log.insert(WHOLE);
    const isSqlite = String(knex.client.config.client).includes('sqlite');
    const attempts = [
      knex('delivery_activity').update({ result: 'Nothing to see' }),
      knex('delivery_activity').where({ id }).update({ at: '2020' }),
      knex('delivery_activity').delete(),
      knex('delivery_activity').where({ id }).delete(),
      knex('delivery_activity').truncate(),
      ...(isSqlite
        ? [
            knex.raw(
              `INSERT OR REPLACE INTO delivery_activity
                 SELECT id, at, 'succeeded', action, options, action_id, entity_ref,
                   environment, target_instance, target_application, actor_ref,
                   actor_kind, reason, state_seen, result, code
                 FROM delivery_activity`,
            ),
          ]
        : [
            knex.raw(
              `INSERT INTO delivery_activity SELECT * FROM delivery_activity
                 ON CONFLICT (id) DO UPDATE SET event = 'succeeded'`,
            ),
          ]),
    ];
    for (const attempt of attempts) {
      await expect(attempt).rejects.toThrow(/delivery_activity is append-only/);
    }
    expect(await log.read({ filter: {}, limit: 10 })).toEqual([
      { id: String(id), ...WHOLE },
    ]);
  });

  it('pages through lines of the same time without losing or repeating one', async () => {
    const log = DatabaseActivityLog.create({ knex: await createDatabase() });
    const ids: string[] = [];
    for (const at of ['10:00:00', '10:00:01', '10:00:01', '10:00:01']) {
      ids.unshift(
        String(await log.insert(activity({ at: `2026-11-01T${at}.000Z` }))),
      );
    }
    // A line of before that is added later still comes where its time is.
    ids.push(
      String(await log.insert(activity({ at: '2026-11-01T09:00:00.000Z' }))),
    );
    for (const read of [
      (window: Parameters<typeof log.read>[0]) => log.read(window),
      (window: Parameters<typeof log.read>[0]) =>
        log.readOf({
          ...window,
          services: [
            {
              entityRef: 'component:default/checkout',
              environments: { except: [] },
            },
          ],
        }),
    ]) {
      const seen: string[] = [];
      let after: { at: string; id: number } | undefined;
      for (;;) {
        const page = await read({
          filter: {},
          limit: 2,
          ...(after && { after }),
        });
        if (page.length === 0) {
          break;
        }
        seen.push(...page.map(({ id }) => id));
        const last = page[page.length - 1];
        after = { at: last.at, id: Number(last.id) };
      }
      expect(seen).toEqual(ids);
    }
  });

  it('finds lines by service, environment, person and kind of event, and by all of them', async () => {
    const log = DatabaseActivityLog.create({ knex: await createDatabase() });
    const lines = {
      mine: activity(),
      refused: activity({ event: 'refused' }),
      ended: activity({ event: 'failed' }),
      production: activity({ environment: 'production' }),
      others: activity({ entityRef: 'component:default/order' }),
      marco: activity({ actor: { ref: 'user:default/marco', kind: 'user' } }),
    };
    const names = new Map<string, string>();
    for (const [name, line] of Object.entries(lines)) {
      names.set(String(await log.insert(line)), name);
    }
    const found = async (options: {
      entityRef?: string;
      environment?: string;
      actor?: string;
      event?: 'refused' | 'done';
    }) => {
      const { entityRef, ...filter } = options;
      const page = await log.read({
        filter,
        limit: 10,
        ...(entityRef !== undefined && { entityRef }),
      });
      return page.map(({ id }) => names.get(id)).sort();
    };
    const checkout = 'component:default/checkout';
    expect(await found({ entityRef: 'component:default/order' })).toEqual([
      'others',
    ]);
    expect(await found({ environment: 'production' })).toEqual(['production']);
    expect(await found({ actor: 'user:default/marco' })).toEqual(['marco']);
    expect(await found({ event: 'refused' })).toEqual(['refused']);
    expect(await found({ event: 'done', entityRef: checkout })).toEqual([
      'ended',
      'marco',
      'mine',
      'production',
    ]);
    expect(
      await found({
        entityRef: checkout,
        environment: 'staging',
        actor: 'user:default/ada',
        event: 'done',
      }),
    ).toEqual(['ended', 'mine']);
    expect(
      await found({ actor: 'user:default/ada', environment: 'production' }),
    ).toEqual(['production']);
    expect(await found({ environment: 'staging', event: 'refused' })).toEqual([
      'refused',
    ]);
  });

  it('merges the lines of many services, each in its own environments', async () => {
    const knex = await createDatabase();
    const log = DatabaseActivityLog.create({ knex });
    await fill(knex, 4_000);
    const services = Array.from({ length: 250 }, (_, index) => ({
      entityRef: `component:default/service-${index * 2}`,
      environments:
        index === 0
          ? { only: ['recovery'] }
          : { except: ['recovery', 'production'] },
    }));
    const merged = await log.readOf({ services, filter: {}, limit: 60 });
    const all = await log.read({ filter: {}, limit: 4_000 });
    expect(merged).toEqual(
      all
        .filter(({ entityRef, environment }) => {
          const of = services.findIndex(one => one.entityRef === entityRef);
          return of === 0
            ? environment === 'recovery'
            : of > 0 && environment === 'staging';
        })
        .slice(0, 60),
    );
    expect(merged.some(({ environment }) => environment === 'recovery')).toBe(
      false,
    );
    const recovery = await log.readOf({
      services: services.slice(0, 1),
      filter: {},
      limit: 60,
    });
    expect(recovery).toHaveLength(2);
    expect(await log.readOf({ services: [], filter: {}, limit: 5 })).toEqual(
      [],
    );
  });

  describe('with many lines', () => {
    let knex: Knex;
    let log: DatabaseActivityLog;

    beforeAll(async () => {
      knex = await createDatabase();
      log = DatabaseActivityLog.create({ knex });
      await fill(knex, 50_000);
    });

    it.each([
      ['everything', {}],
      ['a service', { entityRef: 'component:default/service-7' }],
      ['a person', { filter: { actor: 'user:default/person-7' } }],
      ['an environment', { filter: { environment: 'recovery' } }],
      ['refusals', { filter: { event: 'refused' } }],
      ['what is done', { filter: { event: 'done' } }],
      [
        'a service, an environment and a person',
        {
          entityRef: 'component:default/service-7',
          filter: { environment: 'staging', actor: 'user:default/person-7' },
        },
      ],
      [
        'a person, deep in the pages',
        {
          filter: { actor: 'user:default/person-7' },
          after: { at: '2026-01-01T01:00:00.000Z', id: 3_601 },
        },
      ],
      [
        'some services',
        {
          services: [7, 8, 9].map(index => ({
            entityRef: `component:default/service-${index}`,
            environments: { except: ['recovery'] },
          })),
        },
      ],
    ] as const)(
      'reads a page of %s along one index, without sorting the table or reading through it',
      async (_what, query) => {
        const asked: { sql: string; bindings: Knex.RawBinding[] }[] = [];
        const listen = (one: (typeof asked)[number]) => asked.push(one);
        knex.on('query', listen);
        const window = { filter: {}, limit: 26, ...query };
        const page =
          'services' in window
            ? await log.readOf(window)
            : await log.read(window);
        knex.removeListener('query', listen);
        expect(page.length).toBeGreaterThan(0);
        expect(asked).toHaveLength(1);
        expect(await rowsTouched(knex, asked[0])).toBeLessThan(200);
      },
    );
  });
});

/**
 * How many rows a query makes the database look at. PostgreSQL counts them;
 * SQLite only says how it goes about it, and must not scan or sort the table.
 */
async function rowsTouched(
  knex: Knex,
  query: { sql: string; bindings: Knex.RawBinding[] },
): Promise<number> {
  const { sql, bindings } = query;
  if (String(knex.client.config.client).includes('sqlite')) {
    const plan: { detail: string }[] = await knex.raw(
      `EXPLAIN QUERY PLAN ${sql}`,
      bindings,
    );
    const details = plan.map(({ detail }) => detail);
    const steps = details.filter(detail =>
      detail.includes('delivery_activity'),
    );
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) {
      expect(step).toMatch(/USING INDEX delivery_activity_\w+_idx/);
    }
    // What is sorted, if anything, is parts of a page's length each.
    for (const [index, detail] of details.entries()) {
      if (detail.includes('TEMP B-TREE')) {
        expect(details[index - 1]).toMatch(/^SCAN parts?$/);
      }
    }
    return steps.length;
  }
  const { rows } = await knex.raw(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${knex.raw(
      sql.replace(/\$\d+/g, '?'),
      bindings,
    )}`,
  );
  type Node = {
    'Node Type': string;
    'Actual Rows': number;
    'Rows Removed by Filter'?: number;
    Plans?: Node[];
  };
  const touched = (node: Node): number =>
    (node.Plans ?? []).reduce(
      (sum, one) => sum + touched(one),
      node.Plans
        ? 0
        : node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0),
    );
  return touched(rows[0]['QUERY PLAN'][0].Plan);
}
