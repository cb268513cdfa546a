// @ts-check

/**
 * The audit: who asked for what, why, and what came of it. Rows are only ever
 * added, and the database itself refuses anything else, so that a mistake in the
 * portal, or a person at its SQL prompt without thinking, cannot rewrite what
 * happened. (Whoever owns the database can drop the triggers; that leaves traces
 * elsewhere.)
 *
 * Every index is in the order in which pages are read, so that a page costs its
 * own length whatever the size of the table.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('delivery_activity', table => {
    table.comment('The audit; rows are only ever added');
    table.bigIncrements('id');
    table
      .string('at', 24)
      .notNullable()
      .comment('ISO 8601 in UTC with milliseconds');
    table.string('event', 16).notNullable();
    table.string('action', 32).notNullable();
    table.text('options').comment('JSON: how to sync, where that was said');
    table.string('action_id', 64);
    table.string('entity_ref').notNullable();
    table.string('environment', 63).notNullable();
    table.string('target_instance');
    table.string('target_application');
    table.string('actor_ref').notNullable();
    table.string('actor_kind', 16).notNullable();
    table.text('reason');
    table.text('state_seen');
    table.text('result');
    table.string('code', 64);
    table.index(['at', 'id'], 'delivery_activity_time_idx');
    table.index(['entity_ref', 'at', 'id'], 'delivery_activity_entity_idx');
    table.index(['actor_ref', 'at', 'id'], 'delivery_activity_actor_idx');
    table.index(
      ['environment', 'at', 'id'],
      'delivery_activity_environment_idx',
    );
    // Few are, so a list of them would read through all that are not.
    table.index(['at', 'id'], 'delivery_activity_refused_idx', {
      predicate: knex.whereRaw("event = 'refused'"),
    });
  });

  if (isSqlite(knex)) {
    for (const verb of ['UPDATE', 'DELETE']) {
      await knex.raw(
        `CREATE TRIGGER delivery_activity_no_${verb.toLowerCase()}
           BEFORE ${verb} ON delivery_activity
         BEGIN
           SELECT RAISE(ABORT, 'delivery_activity is append-only');
         END`,
      );
    }
    // INSERT OR REPLACE deletes the row in its way without asking the trigger
    // for deletions.
    await knex.raw(
      `CREATE TRIGGER delivery_activity_no_replace
         BEFORE INSERT ON delivery_activity
         WHEN EXISTS (SELECT 1 FROM delivery_activity WHERE id = NEW.id)
       BEGIN
         SELECT RAISE(ABORT, 'delivery_activity is append-only');
       END`,
    );
  } else {
    await knex.raw(
      `CREATE FUNCTION delivery_activity_refuse() RETURNS trigger
         LANGUAGE plpgsql AS $$
       BEGIN
         RAISE EXCEPTION 'delivery_activity is append-only';
       END
       $$`,
    );
    await knex.raw(
      `CREATE TRIGGER delivery_activity_append_only
         BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery_activity
         FOR EACH STATEMENT EXECUTE FUNCTION delivery_activity_refuse()`,
    );
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('delivery_activity');
  if (!isSqlite(knex)) {
    await knex.raw('DROP FUNCTION delivery_activity_refuse()');
  }
};

/**
 * @param {import('knex').Knex} knex
 * @returns {boolean}
 */
function isSqlite(knex) {
  return String(knex.client.config.client).includes('sqlite');
}
