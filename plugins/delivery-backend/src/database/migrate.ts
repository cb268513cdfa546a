import {
  DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { Knex } from 'knex';

/** The folder of the migrations, wherever the package is installed. */
export const migrationsDirectory = resolvePackagePath(
  '@slipway/plugin-delivery-backend',
  'migrations',
);

/** Connects, and brings the schema up to date unless told to leave it. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (!database.migrations?.skip) {
    await knex.migrate.latest({ directory: migrationsDirectory });
  }
  return knex;
}
