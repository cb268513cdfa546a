import { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { Request } from 'express';
import { Knex } from 'knex';
import { DatabaseActivityLog } from '../database/DatabaseActivityLog';
import { ActivityLog, AppendOptions, NewActivity } from './ActivityLog';

/** One name for all of them; the action is `meta.actionType`. */
const EVENT_ID = 'deployment-action';

/**
 * Writes the audit to both places: the portal's own table, which people read in
 * the portal, and the auditor of Backstage, from where it goes wherever a company
 * collects such things. Nothing else writes to either, so neither is ever without
 * the other.
 *
 * The table comes first and is the record: the auditor is told of what is in it.
 */
export class AuditedActivityLog implements ActivityLog {
  readonly #table: DatabaseActivityLog;
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;
  readonly #recorded = new WeakSet<Error>();

  static create(options: {
    table: DatabaseActivityLog;
    auditor: AuditorService;
    logger: LoggerService;
  }): AuditedActivityLog {
    return new AuditedActivityLog(options);
  }

  private constructor(options: {
    table: DatabaseActivityLog;
    auditor: AuditorService;
    logger: LoggerService;
  }) {
    this.#table = options.table;
    this.#auditor = options.auditor;
    this.#logger = options.logger;
  }

  /**
   * @throws when the line cannot be written. What it tells of must not happen
   * then.
   */
  async append(
    activity: NewActivity,
    options: AppendOptions = {},
  ): Promise<void> {
    const { transaction, request } = options;
    const id = await this.#table.insert(activity, transaction);
    if (transaction) {
      this.#tellAfter(transaction, { id, activity, request });
    } else {
      await this.#tell(activity, request);
    }
  }

  /** Never rejects: nothing was done, and the person must hear why. */
  async refuse(
    error: Error,
    activity: Omit<NewActivity, 'event'>,
    options: AppendOptions = {},
  ): Promise<void> {
    this.#recorded.add(error);
    const refusal: NewActivity = { ...activity, event: 'refused' };
    try {
      await this.append(refusal, options);
    } catch (failure) {
      this.#logger.error(
        `A refusal is missing in the audit: ${stringifyError(failure)}`,
      );
      await this.#tell(refusal, options.request);
    }
  }

  /** Whether {@link AuditedActivityLog.refuse} has told of this error. */
  hasRecorded(error: Error): boolean {
    return this.#recorded.has(error);
  }

  /**
   * Tells the auditor once the transaction is over, and only of what is there
   * then: it cannot take back what it was told.
   */
  #tellAfter(
    transaction: Knex.Transaction,
    line: { id: number; activity: NewActivity; request: Request | undefined },
  ): void {
    const outermost = (inner: Knex.Transaction): Knex.Transaction =>
      inner.parentTransaction ? outermost(inner.parentTransaction) : inner;
    outermost(transaction)
      .executionPromise.then(
        // Of a transaction that was rolled back without an error, the promise
        // resolves, too.
        () => this.#table.has(line.id, line.activity),
        () => false,
      )
      .then(async isThere => {
        if (isThere) {
          await this.#tell(line.activity, line.request);
        }
      })
      .catch(error => {
        this.#logger.error(
          `The auditor was not told of an action: ${stringifyError(error)}`,
        );
      });
  }

  /**
   * The auditor is told of the two halves of an action as they come: that it was
   * taken on, and how it ended, which may be in another replica. Each is an event
   * of its own that is over at once.
   *
   * All are of medium severity. Which environments are worth more is the
   * permission policy's to know, and the environment is in `meta`.
   */
  async #tell(
    activity: NewActivity,
    request: Request | undefined,
  ): Promise<void> {
    try {
      const event = await this.#auditor.createEvent({
        eventId: EVENT_ID,
        severityLevel: 'medium',
        meta: metaOf(activity),
        ...(request && { request }),
      });
      switch (activity.event) {
        case 'requested':
        case 'succeeded':
          await event.success();
          break;
        case 'refused':
        case 'failed':
        case 'unknown':
          await event.fail({ error: plainError(activity) });
          break;
        default:
          activity.event satisfies never;
      }
    } catch (error) {
      // It is in the table; the action must not fail, or be done again, for this.
      this.#logger.error(
        `The auditor was not told of an action: ${stringifyError(error)}`,
      );
    }
  }
}

/**
 * Why it came to nothing, as people are told. Not the error itself, which may
 * carry along what an upstream said; and without a stack, which would lead here.
 */
function plainError(activity: NewActivity): Error {
  const error = new Error(activity.result ?? activity.code ?? activity.event);
  delete error.stack;
  return error;
}

/** What the auditor is told, field by field, so that nothing else gets there. */
function metaOf(activity: NewActivity): JsonObject {
  const { target, actor } = activity;
  return {
    actionType: activity.action,
    event: activity.event,
    entityRef: activity.entityRef,
    environment: activity.environment,
    actor: actor.ref,
    actorKind: actor.kind,
    ...(activity.options && { options: { ...activity.options } }),
    ...(activity.actionId !== undefined && { actionId: activity.actionId }),
    ...(target && {
      instance: target.instance,
      application: target.application,
    }),
    ...(activity.reason !== undefined && { reason: activity.reason }),
    ...(activity.stateSeen !== undefined && { stateSeen: activity.stateSeen }),
    ...(activity.result !== undefined && { result: activity.result }),
    ...(activity.code !== undefined && { code: activity.code }),
  };
}
