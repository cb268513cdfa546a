// @ts-check

/**
 * The read model of deployments: projections of applications with the version
 * at which each last changed, the leases of the replicas that write them, the
 * state of every upstream, and the history of what was deployed.
 *
 * Times are ISO 8601 in UTC with milliseconds, 24 characters long, so that they
 * sort as text on every database. Leases are the exception: they are compared
 * with the database's own clock and never leave it.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('delivery_version', table => {
    table.comment('One row: the version of the read model');
    table.integer('id').primary().comment('Always 1');
    table.bigInteger('version').notNullable();
  });
  await knex('delivery_version').insert({ id: 1, version: 0 });

  await knex.schema.createTable('delivery_leases', table => {
    table.comment('Which replica runs an upstream');
    table.string('upstream_id').primary();
    table.string('holder').comment('Absent once released');
    table
      .bigInteger('epoch')
      .notNullable()
      .comment('Grows with every change of hands: the fencing token');
    table
      .bigInteger('expires_at')
      .notNullable()
      .comment('Milliseconds since 1970, by the clock of the database');
  });

  await knex.schema.createTable('delivery_upstreams', table => {
    table.comment('How the connection to each upstream stands');
    table.string('upstream_id').primary();
    table.string('state').notNullable();
    table.string('since', 24).notNullable();
    table.string('last_contact_at', 24);
    table.text('reason');
    table.bigInteger('version').notNullable();
  });

  await knex.schema.createTable('delivery_applications', table => {
    table.comment('Projections of applications, tombstones included');
    table.bigIncrements('id').comment('What history refers to');
    table.string('upstream_id').notNullable();
    // Three percent-encoded names: longer than the 255 of a plain string.
    table.string('application_key', 1024).notNullable();
    table.text('projection').notNullable().comment('Canonical JSON');
    table
      .text('serving')
      .comment('Canonical JSON: what it was last seen to serve');
    table
      .boolean('deleted')
      .notNullable()
      .comment('The projection is the last one that was seen');
    table.bigInteger('version').notNullable();
    table.unique(['upstream_id', 'application_key'], {
      indexName: 'delivery_applications_key_uniq',
    });
    table.index(['version', 'id'], 'delivery_applications_version_idx');
  });

  await knex.schema.createTable('delivery_history', table => {
    table.comment('Every deployment that was seen; rows are never deleted');
    table.bigIncrements('id');
    table
      .bigInteger('application_id')
      .notNullable()
      .references('id')
      .inTable('delivery_applications');
    table
      .string('entry_key')
      .notNullable()
      .comment('What makes the entry the same one when it is seen again');
    table.string('source', 32).notNullable();
    table.string('deployed_at', 24).notNullable();
    table.text('release').notNullable().comment('JSON');
    table
      .boolean('image_known')
      .notNullable()
      .comment('False while only the revision is known');
    table.text('destination').notNullable().comment('JSON');
    table.string('initiated_by');
    table.boolean('automated');
    table.unique(['application_id', 'entry_key'], {
      indexName: 'delivery_history_entry_uniq',
    });
    // The order in which history is read, so that a page costs its own length
    // whatever the size of the table.
    table.index(
      ['application_id', 'deployed_at', 'id'],
      'delivery_history_read_idx',
    );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('delivery_history');
  await knex.schema.dropTable('delivery_applications');
  await knex.schema.dropTable('delivery_upstreams');
  await knex.schema.dropTable('delivery_leases');
  await knex.schema.dropTable('delivery_version');
};
