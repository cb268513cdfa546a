import { DeploymentAction } from '@slipway/plugin-delivery-common';
import { Knex } from 'knex';
import { digestOf } from '../digest';
import { ActionRecord } from '../domain/actions/ActionRecord';
import { ClaimLostError } from './ClaimLostError';
import { databaseTime } from './clock';
import { toNumber } from './rows';

/** What is written of an action when it is taken on. */
export type NewAction = {
  record: ActionRecord;
  /** Id of the application in the read model. */
  applicationRow: number;
  idempotencyKey: string;
  /** Of everything that was asked for: see `requestDigest`. */
  requestDigest: string;
};

/** What came of taking an action on. */
export type Admission =
  | { kind: 'taken-on'; record: ActionRecord }
  /** The same person used the key before. */
  | { kind: 'same-key'; record: ActionRecord; requestDigest: string }
  /** Another action is under way that excludes it. */
  | { kind: 'busy'; by: ActionRecord | undefined };

/** The right to move an action on, until it ends or is given back. */
export type Claim = { id: string; holder: string; epoch: number };

/** An action that was claimed. */
export type ClaimedAction = {
  claim: Claim;
  record: ActionRecord;
  /** Id of the application in the read model. */
  applicationRow: number;
};

type ActionRow = {
  id: string;
  request_digest: string;
  record: string;
  application_id: number | string;
  claim_epoch: number | string;
};

/**
 * Actions in the database: taken on once, moved on by one replica at a time.
 */
export class DatabaseActions {
  readonly #knex: Knex;

  static create(options: { knex: Knex }): DatabaseActions {
    return new DatabaseActions(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Takes an action on, unless its key was used or something else is under way:
   * the database decides, by unique indexes, whatever the replicas believe.
   * `alongside` is written in the same transaction, and only if it is taken on.
   */
  async admit(
    action: NewAction,
    alongside: (tx: Knex.Transaction) => Promise<void>,
  ): Promise<Admission> {
    const { record, applicationRow, idempotencyKey, requestDigest } = action;
    const inFlight = flightOf(record);
    const inserted = await this.#knex.transaction(async tx => {
      const rows = await tx('delivery_actions')
        .insert({
          id: record.id,
          requested_by: record.requestedBy,
          idempotency_key: idempotencyKey,
          request_digest: requestDigest,
          in_flight: inFlight ?? null,
          action: record.action,
          entity_ref: record.entityRef,
          environment: record.environment,
          application_id: applicationRow,
          phase: record.phase,
          requested_at: record.requestedAt,
          record: JSON.stringify(record),
          due_at: databaseTime(tx),
          claim_epoch: 0,
          claimed_until: 0,
        })
        // Of either of the two: which one is looked up below.
        .onConflict()
        .ignore()
        .returning('id');
      if (rows.length > 0) {
        await alongside(tx);
      }
      return rows.length > 0;
    });
    if (inserted) {
      return { kind: 'taken-on', record };
    }
    const same = await this.findByKey({
      requestedBy: record.requestedBy,
      idempotencyKey,
    });
    if (same) {
      return { kind: 'same-key', ...same };
    }
    return { kind: 'busy', by: await this.#inFlight(inFlight) };
  }

  /** The action that a person's key made, with what was asked for. */
  async findByKey(options: {
    requestedBy: string;
    idempotencyKey: string;
  }): Promise<{ record: ActionRecord; requestDigest: string } | undefined> {
    const row: ActionRow | undefined = await this.#knex('delivery_actions')
      .where({
        requested_by: options.requestedBy,
        idempotency_key: options.idempotencyKey,
      })
      .first();
    return row && { record: toRecord(row), requestDigest: row.request_digest };
  }

  async find(id: string): Promise<ActionRecord | undefined> {
    const row: ActionRow | undefined = await this.#knex('delivery_actions')
      .where({ id })
      .first();
    return row && toRecord(row);
  }

  /** What is under way on a service, or was over no longer ago than that. */
  async recent(options: {
    entityRef: string;
    /** ISO 8601, UTC. */
    finishedSince: string;
  }): Promise<ActionRecord[]> {
    const rows: ActionRow[] = await this.#knex('delivery_actions')
      .where({ entity_ref: options.entityRef })
      .andWhere(either =>
        either
          .whereNull('finished_at')
          .orWhere('finished_at', '>=', options.finishedSince),
      )
      .orderBy([
        { column: 'requested_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(200);
    return rows.map(toRecord);
  }

  /** The sync or revert that is under way on an application. */
  async inFlight(
    record: Pick<ActionRecord, 'applicationId'>,
  ): Promise<ActionRecord | undefined> {
    return this.#inFlight(flightOf({ ...record, action: 'sync' }));
  }

  /**
   * Claims actions that are due, at most `limit`. One statement decides about
   * each: of two replicas that both see it unclaimed, the second waits for the
   * first's row lock, and then no longer finds it so.
   */
  async claimDue(options: {
    holder: string;
    ttlMs: number;
    limit: number;
  }): Promise<ClaimedAction[]> {
    const { holder, ttlMs, limit } = options;
    const due: { id: string }[] = await this.#knex('delivery_actions')
      .where('due_at', '<=', databaseTime(this.#knex))
      .andWhere('claimed_until', '<=', databaseTime(this.#knex))
      .orderBy('due_at')
      .limit(limit)
      .select('id');
    const claimed: ClaimedAction[] = [];
    for (const { id } of due) {
      const rows: ActionRow[] = await this.#knex('delivery_actions')
        .where({ id })
        .andWhere('due_at', '<=', databaseTime(this.#knex))
        .andWhere('claimed_until', '<=', databaseTime(this.#knex))
        .update({
          claimed_by: holder,
          claim_epoch: this.#knex.raw('claim_epoch + 1'),
          claimed_until: databaseTime(this.#knex, { plusMs: ttlMs }),
        })
        .returning([
          'id',
          'request_digest',
          'record',
          'application_id',
          'claim_epoch',
        ]);
      claimed.push(
        ...rows.map(row => ({
          claim: { id, holder, epoch: toNumber(row.claim_epoch) },
          record: toRecord(row),
          applicationRow: toNumber(row.application_id),
        })),
      );
    }
    return claimed;
  }

  /**
   * Holds a claim for another `ttlMs` from now.
   *
   * @throws ClaimLostError when another replica has it.
   */
  async renew(claim: Claim, options: { ttlMs: number }): Promise<void> {
    await this.#held(this.#knex, claim, {
      claimed_until: databaseTime(this.#knex, { plusMs: options.ttlMs }),
    });
  }

  /**
   * Writes how far an action has got, and keeps the claim: what is intended is
   * written before it is done.
   *
   * @throws ClaimLostError when another replica has it.
   */
  async write(claim: Claim, record: ActionRecord): Promise<void> {
    await this.#held(this.#knex, claim, { record: JSON.stringify(record) });
  }

  /**
   * Writes how far an action has got, and gives the claim back: it is looked at
   * again after `dueInMs`, by whichever replica.
   *
   * @throws ClaimLostError when another replica has it.
   */
  async release(
    claim: Claim,
    record: ActionRecord,
    options: { dueInMs: number },
  ): Promise<void> {
    await this.#held(this.#knex, claim, {
      record: JSON.stringify(record),
      due_at: databaseTime(this.#knex, { plusMs: options.dueInMs }),
      claimed_by: null,
      claimed_until: 0,
    });
  }

  /**
   * Writes how an action ended, with what is written alongside, in one
   * transaction: the audit never misses an end, and never tells of one twice.
   *
   * @throws ClaimLostError when another replica has it.
   */
  async finish(
    claim: Claim,
    record: ActionRecord,
    alongside: (tx: Knex.Transaction) => Promise<void>,
  ): Promise<void> {
    await this.#knex.transaction(async tx => {
      await this.#held(tx, claim, {
        record: JSON.stringify(record),
        phase: record.phase,
        finished_at: record.finishedAt ?? null,
        in_flight: null,
        due_at: null,
        claimed_by: null,
        claimed_until: 0,
      });
      await alongside(tx);
    });
  }

  /** Gives a claim back as it was, to be taken up by another replica at once. */
  async abandon(claim: Claim): Promise<void> {
    await this.#knex('delivery_actions')
      .where({
        id: claim.id,
        claimed_by: claim.holder,
        claim_epoch: claim.epoch,
      })
      .update({ claimed_by: null, claimed_until: 0 });
  }

  /** Something is known to have happened to these applications: look soon. */
  async hasten(applicationRows: number[]): Promise<void> {
    await this.#knex('delivery_actions')
      .whereIn('application_id', applicationRows)
      .andWhere('due_at', '>', databaseTime(this.#knex))
      .update({ due_at: databaseTime(this.#knex) });
  }

  /** How many are under way. */
  async countUnderWay(): Promise<number> {
    const row = await this.#knex('delivery_actions')
      .whereNotNull('due_at')
      .count({ count: '*' })
      .first();
    return toNumber(row?.count ?? 0);
  }

  async #inFlight(
    flight: string | undefined,
  ): Promise<ActionRecord | undefined> {
    if (flight === undefined) {
      return undefined;
    }
    const row: ActionRow | undefined = await this.#knex('delivery_actions')
      .where({ in_flight: flight })
      .first();
    return row && toRecord(row);
  }

  async #held(knex: Knex, claim: Claim, change: object): Promise<void> {
    const written = await knex('delivery_actions')
      .where({
        id: claim.id,
        claimed_by: claim.holder,
        claim_epoch: claim.epoch,
      })
      .update(change);
    if (written === 0) {
      throw new ClaimLostError(claim.id);
    }
  }
}

/**
 * What only one action at a time may do to an application: change it, or end its
 * operation. Both at once is meant to be possible, and to look is always.
 */
function flightOf(
  record: Pick<ActionRecord, 'applicationId' | 'action'>,
): string | undefined {
  const of = (what: string) =>
    digestOf({ what, application: record.applicationId });
  const action: DeploymentAction['action'] = record.action;
  switch (action) {
    case 'sync':
    case 'revert':
      return of('change');
    case 'terminate':
      return of('terminate');
    case 'refresh':
    case 'hard-refresh':
      return undefined;
    default:
      return action satisfies never;
  }
}

function toRecord(row: Pick<ActionRow, 'record'>): ActionRecord {
  // Only this class writes the column, and only what it was given typed.
  return JSON.parse(row.record) as ActionRecord;
}
