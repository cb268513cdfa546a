import { AuditorService } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import { describeOnDatabases } from '../__testUtils__/databases';
import { eventually } from '../__testUtils__/eventually';
import { DatabaseActivityLog } from '../database/DatabaseActivityLog';
import { NewActivity } from './ActivityLog';
import { AuditedActivityLog } from './AuditedActivityLog';

jest.setTimeout(60_000);

const LINE: NewActivity = {
  at: '2026-11-01T10:00:00.000Z',
  event: 'requested',
  action: 'revert',
  actionId: '7d5f0c1e',
  entityRef: 'component:default/checkout',
  environment: 'production',
  target: { instance: 'main', application: 'checkout-production' },
  actor: { ref: 'user:default/ada', kind: 'user' },
  reason: 'Checkout fails for one in ten',
  stateSeen: '1.9.0 serves.',
};

/** What the auditor was told, in order. */
type Told = {
  status: 'initiated' | 'succeeded' | 'failed';
  eventId: string;
  severityLevel?: string;
  meta?: object;
  hasRequest: boolean;
  error?: string;
};

function recordingAuditor() {
  const told: Told[] = [];
  const auditor: AuditorService = {
    async createEvent({ eventId, severityLevel, meta, request }) {
      const event = {
        eventId,
        ...(severityLevel && { severityLevel }),
        ...(meta && { meta }),
        hasRequest: request !== undefined,
      };
      told.push({ status: 'initiated', ...event });
      return {
        async success() {
          told.push({ status: 'succeeded', ...event });
        },
        async fail({ error }) {
          told.push({ status: 'failed', ...event, error: error.message });
        },
      };
    },
  };
  return { auditor, told };
}

describeOnDatabases('the audit', createDatabase => {
  async function start(auditor?: AuditorService) {
    const knex = await createDatabase();
    const table = DatabaseActivityLog.create({ knex });
    const recording = recordingAuditor();
    const logger = mockServices.logger.mock();
    const log = AuditedActivityLog.create({
      table,
      auditor: auditor ?? recording.auditor,
      logger,
    });
    const lines = async () =>
      (await table.read({ filter: {}, limit: 10 })).reverse();
    return { knex, log, lines, logger, told: recording.told };
  }

  it('is in the table and told to the auditor, with what happened and nothing more', async () => {
    const { log, lines, told } = await start();
    await log.append(LINE);
    expect(await lines()).toEqual([{ id: expect.any(String), ...LINE }]);
    const event = {
      eventId: 'deployment-action',
      severityLevel: 'medium',
      hasRequest: false,
      meta: {
        actionType: 'revert',
        event: 'requested',
        entityRef: 'component:default/checkout',
        environment: 'production',
        actor: 'user:default/ada',
        actorKind: 'user',
        actionId: '7d5f0c1e',
        instance: 'main',
        application: 'checkout-production',
        reason: 'Checkout fails for one in ten',
        stateSeen: '1.9.0 serves.',
      },
    };
    expect(told).toEqual([
      { status: 'initiated', ...event },
      { status: 'succeeded', ...event },
    ]);
  });

  it.each([
    ['succeeded', 'succeeded'],
    ['failed', 'failed'],
    ['refused', 'failed'],
    ['unknown', 'failed'],
  ] as const)(
    'tells the auditor of what %s that it %s',
    async (event, status) => {
      const { log, told } = await start();
      await log.append({ ...LINE, event, result: 'The sync hook timed out.' });
      expect(told.map(one => one.status)).toEqual(['initiated', status]);
      expect(told[1].error).toBe(
        status === 'failed' ? 'The sync hook timed out.' : undefined,
      );
    },
  );

  it('tells the auditor of a change when it is made, and not before', async () => {
    const { knex, log, lines, told } = await start();
    await knex.transaction(async transaction => {
      await log.append(LINE, { transaction });
      expect(told).toEqual([]);
    });
    await eventually(() => expect(told).toHaveLength(2));
    expect(await lines()).toHaveLength(1);
  });

  it('tells nobody of a change that was taken back, with or without an error, all of it or a part', async () => {
    const { knex, log, lines, told } = await start();
    await expect(
      knex.transaction(async transaction => {
        await log.append(LINE, { transaction });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    const silent = await knex.transaction();
    await log.append(LINE, { transaction: silent });
    await silent.rollback();
    await knex.transaction(async outer => {
      await outer
        .transaction(async inner => {
          await log.append(LINE, { transaction: inner });
          throw new Error('only this part');
        })
        .catch(() => undefined);
      await log.append({ ...LINE, event: 'succeeded' }, { transaction: outer });
    });
    await eventually(() => expect(told).toHaveLength(2));
    expect(told.map(({ meta }) => meta)).toEqual([
      expect.objectContaining({ event: 'succeeded' }),
      expect.objectContaining({ event: 'succeeded' }),
    ]);
    expect(await lines()).toEqual([
      expect.objectContaining({ event: 'succeeded' }),
    ]);
  });

  it('does not let an action happen of which it could write no line', async () => {
    const { knex, log, told } = await start();
    await knex.schema.renameTable('delivery_activity', 'away');
    await expect(log.append(LINE)).rejects.toThrow(/delivery_activity/);
    expect(told).toEqual([]);
  });

  it('refuses all the same when it cannot write that, and tells the auditor', async () => {
    const { knex, log, told, logger } = await start();
    await knex.schema.renameTable('delivery_activity', 'away');
    const error = new NotAllowedError('No');
    await log.refuse(error, LINE);
    expect(told.map(one => one.status)).toEqual(['initiated', 'failed']);
    expect(logger.error).toHaveBeenCalledWith(
      expect.stringContaining('A refusal is missing in the audit'),
    );
  });

  it('knows of which errors it has told', async () => {
    const { log, lines } = await start();
    const error = new NotAllowedError('No');
    expect(log.hasRecorded(error)).toBe(false);
    await log.refuse(error, { ...LINE, code: 'delivery.unbound' });
    expect(log.hasRecorded(error)).toBe(true);
    expect(await lines()).toEqual([
      expect.objectContaining({ event: 'refused', code: 'delivery.unbound' }),
    ]);
  });

  it('goes on when the auditor fails: the line is in the table', async () => {
    const { log, lines, logger } = await start({
      createEvent: async () => {
        throw new Error('the collector is away');
      },
    });
    await log.append(LINE);
    expect(await lines()).toHaveLength(1);
    expect(logger.error).toHaveBeenCalledWith(
      expect.stringContaining('the collector is away'),
    );
  });
});
