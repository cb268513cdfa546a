import { Request } from 'express';
import { Knex } from 'knex';
import { ActivityEntry } from '@slipway/plugin-delivery-common';

/** A line of the audit that is about to be added. */
export type NewActivity = Omit<ActivityEntry, 'id'>;

/** How a line is added. */
export type AppendOptions = {
  /**
   * What is recorded in the same transaction as the change that it tells of is
   * never lost, and never tells of what did not happen.
   */
  transaction?: Knex.Transaction;
  /**
   * The request that brought it about, where there is one: its method, its path
   * and where it came from go to the auditor. Nothing of its body or of its
   * credentials does.
   */
  request?: Request;
};

/**
 * Where the audit is written: to the portal's own table, and to the auditor of
 * Backstage. Lines are only ever added.
 */
export interface ActivityLog {
  /** Adds a line. */
  append(activity: NewActivity, options?: AppendOptions): Promise<void>;
  /**
   * Adds the line of a refusal, and remembers that the error tells of it: when
   * the error then answers a request, no second line is added. What answers a
   * request for an action with an error, and was not recorded like this, is
   * recorded by the router with what the request alone says.
   */
  refuse(
    error: Error,
    activity: Omit<NewActivity, 'event'>,
    options?: AppendOptions,
  ): Promise<void>;
}
