import { createHash } from 'node:crypto';
import { LoggerService } from '@backstage/backend-plugin-api';
import {
  ApplicationId,
  ApplicationSink,
  ObservedApplication,
  UpstreamReport,
  stringifyApplicationId,
} from '@slipway/plugin-delivery-node';
import { DateTime } from 'luxon';
import {
  ApplicationWrite,
  DatabaseDeliveryStore,
  StoredUpstream,
} from '../database/DatabaseDeliveryStore';
import { Lease } from '../database/DatabaseLeases';
import { LeaseLostError } from '../database/LeaseLostError';
import { canonicalJson } from '../domain/canonicalJson';
import {
  historyOfApplication,
  observedChange,
} from '../domain/history/historyDrafts';
import { nextServing, ServingRecord } from '../domain/status/serving';
import { formatTime } from '../domain/times';
import { letOthersHaveTheirTurn } from '../turns';
import { sleep } from './sleep';

/** Something that was committed to the read model. */
export type Commit = {
  version: number;
  applicationIds: number[];
  /** Set when the state of this upstream changed. */
  upstreamId?: string;
};

/** What is remembered of an application, to tell whether it changed. */
type Known = {
  /** Of the canonical projection; the texts of ten thousand would be too much. */
  digest: string;
  serving?: ServingRecord;
  deleted: boolean;
};

type Change = { write: ApplicationWrite; known: Known };

/** How often a write is tried while the database fails, before giving up. */
const ATTEMPTS = 8;

/** The options of {@link StoringSink.open}. */
export type StoringSinkOptions = {
  store: DatabaseDeliveryStore;
  lease: Lease;
  /** Aborted when the lease is lost: nothing is written after that. */
  signal: AbortSignal;
  logger: LoggerService;
  onCommit: (commit: Commit) => void;
  /** How often a sign of life is stored while nothing else changes. */
  heartbeatMs: number;
};

/**
 * Stores what an upstream's source hands in, for as long as the lease is held.
 * Unchanged applications cost neither a write nor a query.
 */
export class StoringSink implements ApplicationSink {
  readonly #options: StoringSinkOptions;
  readonly #known = new Map<string, Known>();
  #upstream: Omit<StoredUpstream, 'id' | 'version'>;
  #queue: Promise<void> = Promise.resolve();

  /** Reads what is stored, and stores the upstream as `connecting`. */
  static async open(
    options: StoringSinkOptions,
  ): Promise<{ sink: StoringSink; known: ObservedApplication[] }> {
    const { store, lease } = options;
    const stored = await store.readApplications(lease.upstreamId);
    const before = await store.readUpstream(lease.upstreamId);
    const sink = new StoringSink(options, {
      state: 'connecting',
      since: now(),
      ...(before?.lastContactAt !== undefined && {
        lastContactAt: before.lastContactAt,
      }),
    });
    for (const { key, projection, serving, deleted } of stored) {
      await letOthersHaveTheirTurn();
      sink.#known.set(key, {
        digest: digestOf(projection),
        serving,
        deleted,
      });
    }
    await sink.#inOrder(() => sink.#storeUpstream());
    return {
      sink,
      known: stored
        .filter(({ deleted }) => !deleted)
        .map(({ application }) => application),
    };
  }

  private constructor(
    options: StoringSinkOptions,
    upstream: Omit<StoredUpstream, 'id' | 'version'>,
  ) {
    this.#options = options;
    this.#upstream = upstream;
  }

  upsert(applications: ObservedApplication[]): Promise<void> {
    return this.#inOrder(async () => {
      const changes = new Map<string, Change>();
      const time = now();
      for (const application of applications) {
        await letOthersHaveTheirTurn();
        const key = stringifyApplicationId(application.id);
        const earlier = changes.get(key);
        const change = changeOf({
          key,
          application,
          before: earlier?.known ?? this.#known.get(key),
          now: time,
        });
        if (change) {
          // Of two states of one application in a batch the later one counts,
          // but what happened on the way is history.
          change.write.history.unshift(...(earlier?.write.history ?? []));
          changes.set(key, change);
        }
      }
      if (changes.size === 0) {
        return;
      }
      const { store, lease } = this.#options;
      const writes = [...changes.values()].map(({ write }) => write);
      const { version, ids } = await this.#persist(() =>
        store.writeApplications({ lease, writes }),
      );
      for (const [key, { known }] of changes) {
        this.#known.set(key, known);
      }
      this.#options.onCommit({ version, applicationIds: ids });
    });
  }

  remove(ids: ApplicationId[]): Promise<void> {
    return this.#inOrder(() => this.#bury(ids.map(stringifyApplicationId)));
  }

  retainOnly(ids: ApplicationId[]): Promise<void> {
    return this.#inOrder(() => {
      const retained = new Set(ids.map(stringifyApplicationId));
      return this.#bury(
        [...this.#known.keys()].filter(key => !retained.has(key)),
      );
    });
  }

  report(report: UpstreamReport): Promise<void> {
    return this.#inOrder(async () => {
      const time = now();
      const { state, since, reason, lastContactAt } = this.#upstream;
      const changed = state !== report.state || reason !== report.reason;
      const due =
        report.state === 'live' &&
        (lastContactAt === undefined ||
          DateTime.fromISO(time)
            .diff(DateTime.fromISO(lastContactAt))
            .toMillis() >= this.#options.heartbeatMs);
      if (!changed && !due) {
        return;
      }
      this.#upstream = {
        state: report.state,
        since: state === report.state ? since : time,
        ...(report.reason !== undefined && { reason: report.reason }),
        ...(report.state === 'live'
          ? { lastContactAt: time }
          : lastContactAt !== undefined && { lastContactAt }),
      };
      const version = await this.#storeUpstream();
      if (changed) {
        this.#options.onCommit({
          version,
          applicationIds: [],
          upstreamId: this.#options.lease.upstreamId,
        });
      }
    });
  }

  #storeUpstream(): Promise<number> {
    const { store, lease } = this.#options;
    const upstream = this.#upstream;
    return this.#persist(() => store.writeUpstream({ lease, upstream }));
  }

  /** Marks applications as gone. What was last seen of them stays. */
  async #bury(keys: string[]): Promise<void> {
    const present = keys.filter(key => this.#known.get(key)?.deleted === false);
    if (present.length === 0) {
      return;
    }
    const { store, lease } = this.#options;
    const { version, ids } = await this.#persist(() =>
      store.deleteApplications({ lease, keys: present }),
    );
    for (const key of present) {
      const known = this.#known.get(key);
      if (known) {
        known.deleted = true;
      }
    }
    this.#options.onCommit({ version, applicationIds: ids });
  }

  /** One call after the other, in the order in which they came. */
  #inOrder<T>(work: () => Promise<T>): Promise<void> {
    const done = this.#queue.then(async () => {
      await work();
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /**
   * Writes, and tries again while the database fails: a source should not have
   * to know that a database was restarted under it.
   */
  async #persist<T>(write: () => Promise<T>): Promise<T> {
    const { signal, lease, logger } = this.#options;
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) {
        throw new LeaseLostError(lease.upstreamId);
      }
      try {
        return await write();
      } catch (error) {
        if (error instanceof LeaseLostError || attempt === ATTEMPTS) {
          throw error;
        }
        if (attempt === 1) {
          logger.warn(
            `Writing the read model failed; trying again`,
            error instanceof Error ? error : new Error(String(error)),
          );
        }
        await sleep(Math.min(100 * 2 ** attempt, 5_000), signal);
      }
    }
  }
}

/** What is to be written of an application; `undefined` if nothing changed. */
function changeOf(options: {
  key: string;
  application: ObservedApplication;
  before: Known | undefined;
  now: string;
}): Change | undefined {
  const { key, application, before } = options;
  const projection = canonicalJson(application);
  const digest = digestOf(projection);
  if (before?.digest === digest && !before.deleted) {
    return undefined;
  }
  const previous = before?.serving;
  const serving = nextServing({ application, previous, now: options.now });
  const observed = observedChange({
    application,
    previous,
    serving,
    now: options.now,
  });
  return {
    write: {
      key,
      projection,
      ...(serving && { serving: canonicalJson(serving) }),
      history: [
        ...historyOfApplication(application),
        ...(observed ? [observed] : []),
      ],
    },
    known: { digest, deleted: false, ...(serving && { serving }) },
  };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function now(): string {
  return formatTime(DateTime.utc());
}
