import { Knex } from 'knex';
import { databaseTime } from './clock';
import { LeaseLostError } from './LeaseLostError';
import { toNumber } from './rows';

/** The right to run an upstream, until it is lost or given back. */
export type Lease = {
  upstreamId: string;
  holder: string;
  /**
   * Grows each time the lease changes hands. Writes name it, so that a holder
   * that was paused for long and has lost the lease without knowing cannot
   * write over its successor.
   */
  epoch: number;
};

/**
 * Decides which replica runs an upstream.
 *
 * Backstage has no service for that: its scheduler hands out short tasks with a
 * time limit, one run at a time, while following an upstream never ends and its
 * writes need a fencing token.
 *
 * Expiry is compared with the database's clock alone, since those of the
 * replicas may differ by more than a lease lasts.
 */
export class DatabaseLeases {
  readonly #knex: Knex;

  static create(options: { knex: Knex }): DatabaseLeases {
    return new DatabaseLeases(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Takes the lease if nobody holds it.
   *
   * @returns `undefined` when another replica holds it.
   */
  async acquire(options: {
    upstreamId: string;
    holder: string;
    ttlMs: number;
  }): Promise<Lease | undefined> {
    const { upstreamId, holder, ttlMs } = options;
    await this.#knex('delivery_leases')
      .insert({ upstream_id: upstreamId, epoch: 0, expires_at: 0 })
      .onConflict('upstream_id')
      .ignore();
    // One statement decides: of two replicas that both see it expired, the
    // second waits for the first's row lock, and then no longer finds it so.
    const taken = await this.#knex('delivery_leases')
      .where({ upstream_id: upstreamId })
      .andWhere('expires_at', '<=', databaseTime(this.#knex))
      .update({
        holder,
        epoch: this.#knex.raw('epoch + 1'),
        expires_at: databaseTime(this.#knex, { plusMs: ttlMs }),
      });
    if (taken === 0) {
      return undefined;
    }
    const row = await this.#knex('delivery_leases')
      .where({ upstream_id: upstreamId, holder })
      .first('epoch');
    // Absent if it was lost again at once, which a very short lease can be.
    return row && { upstreamId, holder, epoch: toNumber(row.epoch) };
  }

  /**
   * Holds the lease for another `ttlMs` from now.
   *
   * @throws LeaseLostError when it has passed to another replica.
   */
  async renew(lease: Lease, options: { ttlMs: number }): Promise<void> {
    const renewed = await this.#held(this.#knex, lease).update({
      expires_at: databaseTime(this.#knex, { plusMs: options.ttlMs }),
    });
    if (renewed === 0) {
      throw new LeaseLostError(lease.upstreamId);
    }
  }

  /** Gives the lease back, so that another replica need not wait for its end. */
  async release(lease: Lease): Promise<void> {
    await this.#held(this.#knex, lease).update({ expires_at: 0 });
  }

  /**
   * Makes sure, within a transaction, that the lease is still held. Its row
   * stays locked until the transaction ends, so that a successor can begin only
   * after what is written here.
   *
   * @throws LeaseLostError when it has passed to another replica.
   */
  async assertHeld(tx: Knex.Transaction, lease: Lease): Promise<void> {
    const row = await this.#held(tx, lease).forUpdate().first('epoch');
    if (!row) {
      throw new LeaseLostError(lease.upstreamId);
    }
  }

  #held(knex: Knex, { upstreamId, holder, epoch }: Lease) {
    return knex('delivery_leases').where({
      upstream_id: upstreamId,
      holder,
      epoch,
    });
  }
}
