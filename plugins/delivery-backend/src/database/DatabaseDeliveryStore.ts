import { UpstreamState } from '@slipway/plugin-delivery-common';
import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { Knex } from 'knex';
import { HistoryDraft } from '../domain/history/historyDrafts';
import { ServingRecord } from '../domain/status/serving';
import { letOthersHaveTheirTurn } from '../turns';
import { DatabaseLeases, Lease } from './DatabaseLeases';
import {
  ApplicationRow,
  HistoryRow,
  toBoolean,
  toNumber,
  UpstreamRow,
} from './rows';
import { readVersion, takeVersion } from './versions';

/** An application as it is stored. */
export type StoredApplication = {
  id: number;
  upstreamId: string;
  /** See `stringifyApplicationId`. */
  key: string;
  application: ObservedApplication;
  serving?: ServingRecord;
  /** Gone upstream; `application` is the last that was seen of it. */
  deleted: boolean;
  version: number;
};

/** The state of an upstream as it is stored. */
export type StoredUpstream = {
  id: string;
  state: UpstreamState;
  since: string;
  lastContactAt?: string;
  reason?: string;
  version: number;
};

/** What is to be written of one application. */
export type ApplicationWrite = {
  key: string;
  /** Canonical JSON. */
  projection: string;
  serving?: string;
  history: HistoryDraft[];
};

/** What changed since a version. */
export type Changes = {
  /** The version that all of them are included up to; newer may be, too. */
  version: number;
  applications: StoredApplication[];
  upstreams: StoredUpstream[];
};

/**
 * Applications that are read at once. SQLite's driver holds up the event loop
 * while it reads and writes, and so does reading their JSON.
 */
const PAGE = 200;

/** Applications, and rows of history, that one statement writes. */
const CHUNK = { applications: 50, history: 200 } as const;

/** The read model in the database: written by lease, read by version. */
export class DatabaseDeliveryStore {
  readonly #knex: Knex;
  readonly #leases: DatabaseLeases;

  static create(options: {
    knex: Knex;
    leases: DatabaseLeases;
  }): DatabaseDeliveryStore {
    return new DatabaseDeliveryStore(options.knex, options.leases);
  }

  private constructor(knex: Knex, leases: DatabaseLeases) {
    this.#knex = knex;
    this.#leases = leases;
  }

  /**
   * Writes applications with their history, in one transaction and under one
   * new version. Writing the same again changes nothing but the version.
   *
   * @returns the version, and the ids of the applications.
   * @throws LeaseLostError when the lease has passed to another replica.
   */
  async writeApplications(options: {
    lease: Lease;
    writes: ApplicationWrite[];
  }): Promise<{ version: number; ids: number[] }> {
    const { lease, writes } = options;
    return this.#knex.transaction(async tx => {
      const version = await takeVersion(tx);
      await this.#leases.assertHeld(tx, lease);
      const ids: number[] = [];
      for (const chunk of chunksOf(writes, CHUNK.applications)) {
        await letOthersHaveTheirTurn();
        await tx('delivery_applications')
          .insert(
            chunk.map(write => ({
              upstream_id: lease.upstreamId,
              application_key: write.key,
              projection: write.projection,
              // knex reads `undefined` as "leave it to the default".
              serving: write.serving ?? null,
              deleted: false,
              version,
            })),
          )
          .onConflict(['upstream_id', 'application_key'])
          .merge(['projection', 'serving', 'deleted', 'version']);
        const rows: Pick<ApplicationRow, 'id' | 'application_key'>[] = await tx(
          'delivery_applications',
        )
          .where({ upstream_id: lease.upstreamId })
          .whereIn(
            'application_key',
            chunk.map(({ key }) => key),
          )
          .select('id', 'application_key');
        const idByKey = new Map(
          rows.map(row => [row.application_key, toNumber(row.id)]),
        );
        const drafts: { applicationId: number; draft: HistoryDraft }[] = [];
        for (const write of chunk) {
          const applicationId = idByKey.get(write.key);
          if (applicationId === undefined) {
            throw new Error(`Application '${write.key}' was not stored`);
          }
          ids.push(applicationId);
          drafts.push(
            ...write.history.map(draft => ({ applicationId, draft })),
          );
        }
        for (const part of chunksOf(drafts, CHUNK.history)) {
          await letOthersHaveTheirTurn();
          await writeHistory(tx, part);
        }
      }
      return { version, ids };
    });
  }

  /**
   * Marks applications as gone upstream. Their last projection stays, so that
   * their history still finds the service that it belongs to.
   *
   * @returns the version, and the ids of the applications.
   * @throws LeaseLostError when the lease has passed to another replica.
   */
  async deleteApplications(options: {
    lease: Lease;
    keys: string[];
  }): Promise<{ version: number; ids: number[] }> {
    const { lease, keys } = options;
    return this.#knex.transaction(async tx => {
      const version = await takeVersion(tx);
      await this.#leases.assertHeld(tx, lease);
      const ids: number[] = [];
      for (const chunk of chunksOf(keys, CHUNK.history)) {
        const rows: Pick<ApplicationRow, 'id'>[] = await tx(
          'delivery_applications',
        )
          .where({ upstream_id: lease.upstreamId })
          .whereIn('application_key', chunk)
          .update({ deleted: true, version })
          .returning('id');
        ids.push(...rows.map(({ id }) => toNumber(id)));
      }
      return { version, ids };
    });
  }

  /**
   * Writes the state of an upstream.
   *
   * @returns the version it was written under.
   * @throws LeaseLostError when the lease has passed to another replica.
   */
  async writeUpstream(options: {
    lease: Lease;
    upstream: Omit<StoredUpstream, 'version' | 'id'>;
  }): Promise<number> {
    const { lease, upstream } = options;
    return this.#knex.transaction(async tx => {
      const version = await takeVersion(tx);
      await this.#leases.assertHeld(tx, lease);
      await tx('delivery_upstreams')
        .insert({
          upstream_id: lease.upstreamId,
          state: upstream.state,
          since: upstream.since,
          last_contact_at: upstream.lastContactAt ?? null,
          reason: upstream.reason ?? null,
          version,
        })
        .onConflict('upstream_id')
        .merge();
      return version;
    });
  }

  /** Everything that is stored of an upstream's applications. */
  async readApplications(
    upstreamId: string,
  ): Promise<(StoredApplication & Pick<ApplicationWrite, 'projection'>)[]> {
    const applications = [];
    for (let after = -1; ; ) {
      const rows: ApplicationRow[] = await this.#knex('delivery_applications')
        .where({ upstream_id: upstreamId })
        .andWhere('id', '>', after)
        .orderBy('id')
        .limit(PAGE);
      for (const row of rows) {
        await letOthersHaveTheirTurn();
        const { projection } = row;
        applications.push({ ...toApplication(row), projection });
      }
      if (rows.length < PAGE) {
        return applications;
      }
      after = applications[applications.length - 1].id;
    }
  }

  async readUpstream(upstreamId: string): Promise<StoredUpstream | undefined> {
    const row: UpstreamRow | undefined = await this.#knex('delivery_upstreams')
      .where({ upstream_id: upstreamId })
      .first();
    return row && toUpstream(row);
  }

  /** The version of the last write. */
  readVersion(): Promise<number> {
    return readVersion(this.#knex);
  }

  /**
   * What changed since a version: nothing between `seen` and the answer's
   * version is left out.
   *
   * The counter is read first, so everything up to it is committed by the time
   * the rows are read. Rows of later writes may come along; they come again
   * next time, which does no harm.
   *
   * @returns `undefined` when nothing was written since.
   */
  async readChanges(seen: number): Promise<Changes | undefined> {
    const version = await this.readVersion();
    if (version === seen) {
      return undefined;
    }
    const applications: StoredApplication[] = [];
    let after = { version: seen, id: Number.MAX_SAFE_INTEGER };
    for (;;) {
      const page = await this.#readPage(after);
      applications.push(...page);
      if (page.length < PAGE) {
        break;
      }
      after = page[page.length - 1];
    }
    const upstreams: UpstreamRow[] = await this.#knex(
      'delivery_upstreams',
    ).where('version', '>', seen);
    return { version, applications, upstreams: upstreams.map(toUpstream) };
  }

  async #readPage(after: {
    version: number;
    id: number;
  }): Promise<StoredApplication[]> {
    const rows: ApplicationRow[] = await this.#knex('delivery_applications')
      .where('version', '>', after.version)
      .orWhere(same =>
        same.where('version', '=', after.version).andWhere('id', '>', after.id),
      )
      .orderBy(['version', 'id'])
      .limit(PAGE);
    const applications: StoredApplication[] = [];
    for (const row of rows) {
      await letOthersHaveTheirTurn();
      applications.push(toApplication(row));
    }
    return applications;
  }
}

/**
 * Adds the entries that are not there yet, and the image to those whose image
 * has become known. An image that is known stays: what git asks for later is
 * not what was deployed then.
 */
async function writeHistory(
  tx: Knex.Transaction,
  drafts: { applicationId: number; draft: HistoryDraft }[],
): Promise<void> {
  if (drafts.length === 0) {
    return;
  }
  const written: EntryOfHistory[] = await tx('delivery_history')
    .insert(
      drafts.map(({ applicationId, draft }) => ({
        application_id: applicationId,
        entry_key: draft.entryKey,
        source: draft.source,
        deployed_at: draft.deployedAt,
        release: JSON.stringify(draft.release),
        image_known: draft.imageKnown,
        destination: JSON.stringify(draft.destination),
        initiated_by: draft.initiatedBy ?? null,
        automated: draft.automated ?? null,
      })),
    )
    .onConflict(['application_id', 'entry_key'])
    .ignore()
    .returning(['application_id', 'entry_key']);
  // Of what was not there before nothing can be missing: at the first start
  // that is everything.
  const fresh = new Set(written.map(keyOfEntry));
  const perhapsIncomplete = drafts
    .filter(({ draft }) => draft.imageKnown)
    .map(({ applicationId, draft }) => ({
      draft,
      application_id: applicationId,
      entry_key: draft.entryKey,
    }))
    .filter(entry => !fresh.has(keyOfEntry(entry)));
  if (perhapsIncomplete.length === 0) {
    return;
  }
  const incomplete: EntryOfHistory[] = await tx('delivery_history')
    .where({ image_known: false })
    .whereIn(
      ['application_id', 'entry_key'],
      perhapsIncomplete.map(entry => [entry.application_id, entry.entry_key]),
    )
    .select('application_id', 'entry_key');
  const missing = new Set(incomplete.map(keyOfEntry));
  for (const entry of perhapsIncomplete) {
    if (missing.has(keyOfEntry(entry))) {
      const { application_id, entry_key, draft } = entry;
      await tx('delivery_history')
        .where({ application_id, entry_key })
        .update({ release: JSON.stringify(draft.release), image_known: true });
    }
  }
}

type EntryOfHistory = Pick<HistoryRow, 'application_id' | 'entry_key'>;

function keyOfEntry({ application_id, entry_key }: EntryOfHistory): string {
  return `${application_id}\n${entry_key}`;
}

function toApplication(row: ApplicationRow): StoredApplication {
  return {
    id: toNumber(row.id),
    upstreamId: row.upstream_id,
    key: row.application_key,
    // Only this package writes the column, and only what it was given typed.
    application: JSON.parse(row.projection) as ObservedApplication,
    ...(row.serving !== null && {
      serving: JSON.parse(row.serving) as ServingRecord,
    }),
    deleted: toBoolean(row.deleted),
    version: toNumber(row.version),
  };
}

function toUpstream(row: UpstreamRow): StoredUpstream {
  return {
    id: row.upstream_id,
    state: row.state as UpstreamState,
    since: row.since,
    ...(row.last_contact_at !== null && { lastContactAt: row.last_contact_at }),
    ...(row.reason !== null && { reason: row.reason }),
    version: toNumber(row.version),
  };
}

function* chunksOf<T>(items: T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) {
    yield items.slice(start, start + size);
  }
}
