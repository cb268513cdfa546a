import { readdirSync } from 'node:fs';
import { describeOnDatabases } from '../__testUtils__/databases';
import { migrationsDirectory } from './migrate';

jest.setTimeout(60_000);

describeOnDatabases('the migrations', createDatabase => {
  it('take rows in when up, leave nothing behind when down, and go up again', async () => {
    const knex = await createDatabase({ migrate: false });
    const tables = [
      'delivery_version',
      'delivery_leases',
      'delivery_upstreams',
      'delivery_applications',
      'delivery_history',
      'delivery_actions',
      'delivery_activity',
    ];
    const files = readdirSync(migrationsDirectory).filter(file =>
      file.endsWith('.js'),
    );
    for (const _file of files) {
      await knex.migrate.up({ directory: migrationsDirectory });
    }
    expect(await knex('delivery_version').select('*')).toEqual([
      { id: 1, version: expect.anything() },
    ]);
    await knex('delivery_leases').insert({
      upstream_id: 'fake:main',
      holder: 'a',
      epoch: 1,
      expires_at: Date.now(),
    });
    await knex('delivery_upstreams').insert({
      upstream_id: 'fake:main',
      state: 'live',
      since: '2026-11-01T10:00:00.000Z',
      version: 1,
    });
    const [{ id }] = await knex('delivery_applications')
      .insert({
        upstream_id: 'fake:main',
        application_key: `main/argocd/${'x'.repeat(500)}`,
        projection: '{}',
        deleted: false,
        version: 1,
      })
      .returning('id');
    const entry = {
      application_id: id,
      entry_key: 'argocd:uid:1',
      source: 'argocd-history',
      deployed_at: '2026-11-01T10:00:00.000Z',
      release: '{}',
      image_known: false,
      destination: '{}',
    };
    await knex('delivery_history').insert(entry);
    await expect(knex('delivery_history').insert(entry)).rejects.toThrow(
      /unique/i,
    );

    const action = {
      id: '00000000-0000-4000-8000-000000000001',
      requested_by: 'user:default/ada',
      idempotency_key: '00000000-0000-4000-8000-000000000002',
      request_digest: 'd'.repeat(64),
      in_flight: 'f'.repeat(64),
      action: 'hard-refresh',
      entity_ref: 'component:default/checkout',
      environment: 'staging',
      application_id: id,
      phase: 'running',
      requested_at: '2026-11-01T10:00:00.000Z',
      record: '{}',
      due_at: Date.now(),
      claim_epoch: 0,
      claimed_until: 0,
    };
    await knex('delivery_actions').insert(action);
    for (const other of [
      { in_flight: null },
      { idempotency_key: '00000000-0000-4000-8000-000000000003' },
    ]) {
      // Neither the key twice, nor two at once on one application.
      await expect(
        knex('delivery_actions').insert({
          ...action,
          ...other,
          id: '00000000-0000-4000-8000-000000000004',
        }),
      ).rejects.toThrow(/unique/i);
    }

    await knex('delivery_activity').insert({
      at: '2026-11-01T10:00:00.000Z',
      event: 'requested',
      action: 'sync',
      entity_ref: 'component:default/checkout',
      environment: 'staging',
      actor_ref: 'user:default/ada',
      actor_kind: 'user',
    });

    for (const _file of files) {
      await knex.migrate.down({ directory: migrationsDirectory });
    }
    for (const table of tables) {
      expect([table, await knex.schema.hasTable(table)]).toEqual([
        table,
        false,
      ]);
    }
    await knex.migrate.latest({ directory: migrationsDirectory });
    expect(await knex('delivery_history').select('*')).toEqual([]);
  });
});
