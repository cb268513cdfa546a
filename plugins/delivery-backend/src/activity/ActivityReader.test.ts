import { describeOnDatabases } from '../__testUtils__/databases';
import {
  ActivityFilter,
  DatabaseActivityLog,
} from '../database/DatabaseActivityLog';
import {
  EnvironmentSet,
  EVERY_ENVIRONMENT,
} from '../domain/activity/environmentSet';
import { ActivityReader } from './ActivityReader';

jest.setTimeout(120_000);

/** Refs of services, counted from 0. */
function services(count: number): Map<string, EnvironmentSet> {
  return new Map(
    Array.from({ length: count }, (_, index) => [
      `component:default/service-${index}`,
      EVERY_ENVIRONMENT,
    ]),
  );
}

describeOnDatabases('a page of the audit', createDatabase => {
  async function start() {
    const knex = await createDatabase();
    const table = DatabaseActivityLog.create({ knex });
    const reader = ActivityReader.create({ table });
    let second = 0;
    /** Adds lines, a second apart. */
    const add = async (
      count: number,
      line: { service: string; environment?: string; actor?: string },
    ) => {
      const rows = Array.from({ length: count }, () => {
        second++;
        return {
          at: new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString(),
          event: 'requested',
          action: 'sync',
          entity_ref: `component:default/${line.service}`,
          environment: line.environment ?? 'staging',
          actor_ref: `user:default/${line.actor ?? 'ada'}`,
          actor_kind: 'user',
        };
      });
      await knex.batchInsert('delivery_activity', rows, 500);
    };
    /** Every page, as the services that its lines are about. */
    const pages = async (options: {
      services: Map<string, EnvironmentSet>;
      limit: number;
      filter?: ActivityFilter;
    }) => {
      const read: string[][] = [];
      let after: { at: string; id: number } | undefined;
      do {
        const { entries, next } = await reader.ofServices({
          filter: {},
          ...options,
          ...(after && { after }),
        });
        read.push(
          entries.map(({ entityRef }) =>
            entityRef.replace('component:default/', ''),
          ),
        );
        after = next;
      } while (after);
      return read;
    };
    return { add, pages, reader };
  }

  it('is full as long as there is something to read, however much lies between', async () => {
    const { add, pages } = await start();
    for (let round = 0; round < 3; round++) {
      await add(400, { service: 'of-others' });
      await add(1, { service: 'service-0' });
      await add(1, { service: 'service-1', environment: 'production' });
    }
    const own = services(2);
    const expected = [
      ['service-1', 'service-0', 'service-1', 'service-0'],
      ['service-1', 'service-0'],
    ];
    expect(await pages({ services: own, limit: 4 })).toEqual(expected);
    // The same of so many services that they are not read one by one.
    expect(await pages({ services: services(401), limit: 4 })).toEqual(
      expected,
    );
    own.set('component:default/service-1', { except: ['production'] });
    expect(await pages({ services: own, limit: 4 })).toEqual([
      ['service-0', 'service-0', 'service-0'],
    ]);
  });

  it('ends without a next page when the last line is on it', async () => {
    const { add, pages } = await start();
    await add(4, { service: 'service-0' });
    for (const count of [1, 401]) {
      expect(
        (await pages({ services: services(count), limit: 4 })).length,
      ).toBe(1);
      expect(
        (await pages({ services: services(count), limit: 2 })).map(
          page => page.length,
        ),
      ).toEqual([2, 2]);
    }
  });

  it('is short, and has a next one, rather than to look through lines of others without end', async () => {
    const { add, pages } = await start();
    await add(1, { service: 'service-0' });
    await add(6_000, { service: 'of-others' });
    await add(1, { service: 'service-1' });
    expect(await pages({ services: services(401), limit: 5 })).toEqual([
      ['service-1'],
      ['service-0'],
    ]);
  });

  it('holds what one person did with some services, and nothing of theirs with others', async () => {
    const { add, pages } = await start();
    await add(1, { service: 'service-0', actor: 'marco' });
    await add(1, { service: 'of-others', actor: 'marco' });
    await add(1, { service: 'service-0' });
    expect(
      await pages({
        services: services(1),
        limit: 5,
        filter: { actor: 'user:default/marco' },
      }),
    ).toEqual([['service-0']]);
  });

  it('is empty for who may read no service', async () => {
    const { add, pages } = await start();
    await add(3, { service: 'service-0' });
    expect(await pages({ services: new Map(), limit: 5 })).toEqual([[]]);
  });

  it('of everything says whether there is more', async () => {
    const { add, reader } = await start();
    await add(3, { service: 'service-0' });
    const first = await reader.ofEverything({ filter: {}, limit: 2 });
    expect(first.entries).toHaveLength(2);
    const second = await reader.ofEverything({
      filter: {},
      limit: 2,
      ...(first.next && { after: first.next }),
    });
    expect(second.entries).toHaveLength(1);
    expect(second.next).toBeUndefined();
  });
});
