import { ActivityEntry } from '@slipway/plugin-delivery-common';
import { Knex } from 'knex';
import { NewActivity } from '../activity/ActivityLog';
import { EnvironmentSet } from '../domain/activity/environmentSet';
import { ActivityRow, toActivityEntry, toActivityRow } from './activityRows';
import { toNumber } from './rows';

/** Where a page of the audit ended. */
export type ActivityPosition = {
  /** ISO 8601, UTC, with milliseconds. */
  at: string;
  id: number;
};

/** Which lines of the audit are asked for. */
export type ActivityFilter = {
  environment?: string;
  actor?: string;
  event?: 'refused' | 'done';
};

/** Which lines of one service. */
export type ActivityOfService = {
  entityRef: string;
  environments: EnvironmentSet;
};

/** What every way of reading has in common. */
export type ActivityWindow = {
  filter: ActivityFilter;
  /** Only what comes after this position. */
  after?: ActivityPosition;
  limit: number;
};

/**
 * Most services whose lines are merged by one statement. SQLite takes no more
 * than 500 parts.
 */
const SERVICES_A_STATEMENT = 100;

const NEWEST_FIRST = [
  { column: 'at', order: 'desc' },
  { column: 'id', order: 'desc' },
] as const;

/**
 * The table of the audit. Rows are only added; the database refuses the rest.
 *
 * Each way of reading goes along one index in the order of the page, and stops
 * when the page is full. What else is asked for is put so that it cannot tempt a
 * planner without statistics into another index, and into sorting millions.
 */
export class DatabaseActivityLog {
  readonly #knex: Knex;

  static create(options: { knex: Knex }): DatabaseActivityLog {
    return new DatabaseActivityLog(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Adds a line; answers with its id. */
  async insert(
    activity: NewActivity,
    transaction?: Knex.Transaction,
  ): Promise<number> {
    const [row]: { id: number | string }[] = await (transaction ?? this.#knex)(
      'delivery_activity',
    )
      .insert(toActivityRow(activity))
      .returning('id');
    return toNumber(row.id);
  }

  /**
   * Whether a line was added for good. The id alone does not tell: SQLite gives
   * that of a line which was taken back to the next one.
   */
  async has(id: number, activity: NewActivity): Promise<boolean> {
    const row = await this.#knex('delivery_activity')
      .where({ id, ...toActivityRow(activity) })
      .first('id');
    return row !== undefined;
  }

  /** Lines of every service, newest first. */
  async read(
    options: ActivityWindow & { entityRef?: string },
  ): Promise<ActivityEntry[]> {
    const { entityRef, filter, after, limit } = options;
    const query = this.#knex<ActivityRow>('delivery_activity');
    if (entityRef !== undefined) {
      query.where('entity_ref', entityRef);
      alsoActor(query, filter.actor);
      alsoEnvironment(query, filter.environment);
      alsoEvent(query, filter.event);
    } else if (filter.actor !== undefined) {
      query.where('actor_ref', filter.actor);
      alsoEnvironment(query, filter.environment);
      alsoEvent(query, filter.event);
    } else if (filter.event === 'refused') {
      // Written out: an index of some rows is only used where the text of the
      // query says that no others are asked for.
      query.whereRaw("event = 'refused'");
      alsoEnvironment(query, filter.environment);
    } else {
      if (filter.environment !== undefined) {
        query.where('environment', filter.environment);
      }
      alsoEvent(query, filter.event);
    }
    const rows = await inPageOrder(query, after).limit(limit);
    return rows.map(toActivityEntry);
  }

  /**
   * Lines of these services, newest first. Each is read along its own index and
   * the parts are merged, so that what others did costs nothing.
   */
  async readOf(
    options: ActivityWindow & { services: readonly ActivityOfService[] },
  ): Promise<ActivityEntry[]> {
    const { services, filter, after, limit } = options;
    const found: ActivityRow[] = [];
    for (
      let start = 0;
      start < services.length;
      start += SERVICES_A_STATEMENT
    ) {
      const parts = services
        .slice(start, start + SERVICES_A_STATEMENT)
        .map(({ entityRef, environments }) => {
          const part = this.#knex<ActivityRow>('delivery_activity').where(
            'entity_ref',
            entityRef,
          );
          alsoEnvironments(part, environments);
          alsoActor(part, filter.actor);
          alsoEnvironment(part, filter.environment);
          alsoEvent(part, filter.event);
          // A part with an order and a limit of its own must be a table of its
          // own to be put together with others.
          return this.#knex
            .select('*')
            .from(inPageOrder(part, after).limit(limit).as('part'));
        });
      const [first, ...others] = parts;
      found.push(
        ...(await this.#knex
          .select<ActivityRow[]>('*')
          .from(first.unionAll(others).as('parts'))
          .orderBy([...NEWEST_FIRST])
          .limit(limit)),
      );
    }
    return found.map(toActivityEntry).sort(newestFirst).slice(0, limit);
  }
}

type ActivityQuery = Knex.QueryBuilder<ActivityRow, ActivityRow[]>;

function inPageOrder(
  query: ActivityQuery,
  after: ActivityPosition | undefined,
): ActivityQuery {
  if (after) {
    // As one comparison, which is a place in the index; "earlier, or at the same
    // time and of a lower id" would be read from the beginning each time.
    query.whereRaw('(at, id) < (?, ?)', [after.at, after.id]);
  }
  return query.select('*').orderBy([...NEWEST_FIRST]);
}

// An expression, and no column: no index has it.

function alsoActor(query: ActivityQuery, actor: string | undefined): void {
  if (actor !== undefined) {
    query.whereRaw("actor_ref || '' = ?", [actor]);
  }
}

function alsoEnvironment(
  query: ActivityQuery,
  environment: string | undefined,
): void {
  if (environment !== undefined) {
    query.whereRaw("environment || '' = ?", [environment]);
  }
}

function alsoEnvironments(query: ActivityQuery, set: EnvironmentSet): void {
  const column = "environment || ''";
  if ('only' in set) {
    const marks = set.only.map(() => '?').join(', ');
    query.whereRaw(
      set.only.length > 0 ? `${column} IN (${marks})` : '1 = 0',
      set.only,
    );
  } else if (set.except.length > 0) {
    const marks = set.except.map(() => '?').join(', ');
    query.whereRaw(`${column} NOT IN (${marks})`, set.except);
  }
}

function alsoEvent(query: ActivityQuery, event: ActivityFilter['event']): void {
  if (event !== undefined) {
    query.whereRaw(`event || '' ${event === 'refused' ? '=' : '<>'} ?`, [
      'refused',
    ]);
  }
}

function newestFirst(a: ActivityEntry, b: ActivityEntry): number {
  if (a.at !== b.at) {
    return a.at < b.at ? 1 : -1;
  }
  return Number(b.id) - Number(a.id);
}
