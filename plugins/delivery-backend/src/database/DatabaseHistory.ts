import { HistoryEntry, Release } from '@slipway/plugin-delivery-common';
import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { Knex } from 'knex';
import { HistoryPosition } from '../domain/history/cursor';
import { HistoryRow, toBoolean, toNumber } from './rows';

/** An entry of the history, as it is stored. */
export type StoredHistoryEntry = {
  id: number;
  applicationId: number;
  source: HistoryEntry['source'];
  deployedAt: string;
  release: Release;
  destination: ObservedApplication['destination'];
  initiatedBy?: string;
  automated?: boolean;
};

/**
 * Reads history, newest first.
 *
 * Each application is read on its own along its index and the parts are merged,
 * so that a page costs a few rows an application, however long the history of
 * each and of everybody else is. One condition over all of them would make the
 * database sort every row they ever had.
 */
export class DatabaseHistory {
  readonly #knex: Knex;

  static create(options: { knex: Knex }): DatabaseHistory {
    return new DatabaseHistory(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async read(options: {
    applicationIds: number[];
    /** Only what comes after this position. */
    after?: HistoryPosition;
    limit: number;
  }): Promise<StoredHistoryEntry[]> {
    const { applicationIds, after, limit } = options;
    const found: StoredHistoryEntry[] = [];
    for (const applicationId of applicationIds) {
      const rows: HistoryRow[] = await this.#knex('delivery_history')
        .where({ application_id: applicationId })
        .modify(query => {
          if (after) {
            query.andWhere(older =>
              older
                .where('deployed_at', '<', after.deployedAt)
                .orWhere(same =>
                  same
                    .where('deployed_at', '=', after.deployedAt)
                    .andWhere('id', '<', after.id),
                ),
            );
          }
        })
        .orderBy([
          { column: 'deployed_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit(limit);
      found.push(...rows.map(toEntry));
    }
    return found.sort(newestFirst).slice(0, limit);
  }
}

function newestFirst(a: StoredHistoryEntry, b: StoredHistoryEntry): number {
  if (a.deployedAt !== b.deployedAt) {
    return a.deployedAt < b.deployedAt ? 1 : -1;
  }
  return b.id - a.id;
}

function toEntry(row: HistoryRow): StoredHistoryEntry {
  return {
    id: toNumber(row.id),
    applicationId: toNumber(row.application_id),
    source: row.source as HistoryEntry['source'],
    deployedAt: row.deployed_at,
    release: JSON.parse(row.release) as Release,
    destination: JSON.parse(
      row.destination,
    ) as ObservedApplication['destination'],
    ...(row.initiated_by !== null && { initiatedBy: row.initiated_by }),
    ...(row.automated !== null && { automated: toBoolean(row.automated) }),
  };
}
