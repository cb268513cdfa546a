// Shared by several test files, so it exports and describes at once; and the
// test that is skipped is there to say why.
/* eslint-disable jest/no-export, jest/no-disabled-tests, jest/expect-expect */
import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { migrationsDirectory } from '../database/migrate';

const POSTGRES = 'BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING';

/** Whether there is a PostgreSQL to test against. */
export const hasPostgres = Boolean(process.env[POSTGRES]);

/**
 * Runs tests on SQLite and on PostgreSQL. Without a PostgreSQL its tests are
 * reported as skipped, with the reason, since `TestDatabases` alone would drop
 * them without a word.
 */
export function describeOnDatabases(
  name: string,
  tests: (
    createDatabase: (options?: { migrate: boolean }) => Promise<Knex>,
  ) => void,
): void {
  describe(`${name} on SQLite`, () => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    tests(options => open(databases, 'SQLITE_3', options));
  });
  if (hasPostgres) {
    describe(`${name} on PostgreSQL`, () => {
      const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });
      tests(options => open(databases, 'POSTGRES_15', options));
    });
  } else {
    describe(`${name} on PostgreSQL`, () => {
      it.skip(`needs a PostgreSQL server, named by ${POSTGRES}`, () => {});
    });
  }
}

async function open(
  databases: TestDatabases,
  id: 'SQLITE_3' | 'POSTGRES_15',
  options = { migrate: true },
): Promise<Knex> {
  const knex = await databases.init(id);
  if (options.migrate) {
    await knex.migrate.latest({ directory: migrationsDirectory });
  }
  return knex;
}
