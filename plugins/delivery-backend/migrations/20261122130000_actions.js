// @ts-check

/**
 * What people asked for, and how far it has got. A row is the intent, written
 * before anything is done; it is moved on by whichever replica claims it.
 *
 * When a row is due and until when it is claimed is compared with the database's
 * own clock and never leaves it; all other times are ISO 8601 in UTC.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('delivery_actions', table => {
    table.comment('Actions on deployments; rows are never deleted');
    table.string('id', 36).primary();
    table.string('requested_by').notNullable().comment('Ref of the person');
    table.string('idempotency_key', 36).notNullable();
    table
      .string('request_digest', 64)
      .notNullable()
      .comment('Of everything that was asked for with that key');
    table
      .string('in_flight', 64)
      .comment(
        'Digest of what only one action at a time may do; absent once it is over',
      );
    table.string('action', 16).notNullable();
    table.string('entity_ref').notNullable();
    table.string('environment', 63).notNullable();
    table
      .bigInteger('application_id')
      .notNullable()
      .references('id')
      .inTable('delivery_applications');
    table.string('phase', 16).notNullable();
    table.string('requested_at', 24).notNullable();
    table.string('finished_at', 24);
    table
      .text('record')
      .notNullable()
      .comment('JSON: the whole action, the state that was seen included');
    table
      .bigInteger('due_at')
      .comment('When to look at it next; absent once it is over');
    table.string('claimed_by').comment('The replica that moves it on');
    table
      .bigInteger('claim_epoch')
      .notNullable()
      .comment('Grows with every claim: the fencing token');
    table.bigInteger('claimed_until').notNullable();
    table.unique(['requested_by', 'idempotency_key'], {
      indexName: 'delivery_actions_key_uniq',
    });
    table.unique(['in_flight'], { indexName: 'delivery_actions_flight_uniq' });
    table.index(['due_at'], 'delivery_actions_due_idx');
    table.index(
      ['entity_ref', 'requested_at', 'id'],
      'delivery_actions_entity_idx',
    );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('delivery_actions');
};
