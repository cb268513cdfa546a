import { Knex } from 'knex';

/**
 * Milliseconds since 1970 by the clock of the database, plus some, not frozen in
 * its transaction. What replicas agree on by time is compared with this clock
 * alone, since their own may differ by more than a claim lasts.
 */
export function databaseTime(knex: Knex, options: { plusMs?: number } = {}) {
  const { plusMs = 0 } = options;
  const now =
    knex.client.config.client === 'pg'
      ? 'cast(extract(epoch from clock_timestamp()) * 1000 as bigint)'
      : "cast(unixepoch('subsec') * 1000 as integer)";
  return knex.raw(`${now} + ?`, [Math.round(plusMs)]);
}
