import { Knex } from 'knex';
import { toNumber } from './rows';

/**
 * Takes the next version of the read model, as the first statement of a write.
 *
 * The update locks the counter's row until the transaction ends, so writes
 * happen one after the other and *the order of versions is the order of
 * commits*. That is what lets a replica follow with `version > seen`: had
 * versions been given out by a sequence, version 8 could commit before version
 * 7, a follower that saw 8 would remember it, and never see 7.
 */
export async function takeVersion(tx: Knex.Transaction): Promise<number> {
  await tx('delivery_version').where({ id: 1 }).increment('version', 1);
  return readVersion(tx);
}

/** The version of the last write. */
export async function readVersion(knex: Knex): Promise<number> {
  const row = await knex('delivery_version').where({ id: 1 }).first('version');
  return toNumber(row.version);
}
