import { Knex } from 'knex';
import { ActivityEntry } from '@slipway/plugin-delivery-common';

/** A line of the audit that is about to be added. */
export type NewActivity = Omit<ActivityEntry, 'id'>;

/** Where the audit is written. Lines are only ever added. */
export interface ActivityLog {
  /**
   * Adds a line. What is recorded in the same transaction as the change that it
   * tells of is never lost, and never tells of what did not happen.
   */
  append(
    activity: NewActivity,
    options?: { transaction?: Knex.Transaction },
  ): Promise<void>;
}
