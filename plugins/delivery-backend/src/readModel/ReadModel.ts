import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import {
  Observation,
  UpstreamState,
  UpstreamStatus,
} from '@slipway/plugin-delivery-common';
import { ApplicationUpstream } from '@slipway/plugin-delivery-node';
import {
  DatabaseDeliveryStore,
  StoredUpstream,
} from '../database/DatabaseDeliveryStore';
import { observe } from '../domain/status/observe';
import { isDoneWithin, sleep } from '../ingest/sleep';
import { DeliveryIndex } from './DeliveryIndex';

/** The options of {@link ReadModel}. */
export type ReadModelOptions = {
  store: Pick<DatabaseDeliveryStore, 'readChanges'>;
  index: DeliveryIndex;
  upstreams: Pick<ApplicationUpstream, 'id' | 'kind' | 'title'>[];
  logger: LoggerService;
  /** How often the database is asked for changes: milliseconds. */
  pollMs: number;
  /** How long a sign of life counts: milliseconds. */
  freshForMs: number;
  /** When this process started, ISO 8601. */
  startedAt: string;
};

/**
 * This replica's copy of the read model. It follows the database by version:
 * when told that there is something new, and now and then by itself, since to
 * be told is a hint that can be lost.
 */
export class ReadModel {
  readonly #options: ReadModelOptions;
  readonly #upstreams = new Map<string, StoredUpstream>();
  readonly #stopping = new AbortController();
  #version = 0;
  #ready = false;
  #failing = false;
  #done: Promise<void> | undefined;
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  static create(options: ReadModelOptions): ReadModel {
    return new ReadModel(options);
  }

  private constructor(options: ReadModelOptions) {
    this.#options = options;
  }

  /**
   * Whether everything stored has been loaded once, and the catalog, too: what
   * belongs to no service yet would look as if the service ran nowhere.
   */
  get ready(): boolean {
    return this.#ready && this.index.hasCatalog;
  }

  /** Nothing that was written up to this version is missing here. */
  get version(): number {
    return this.#version;
  }

  get index(): DeliveryIndex {
    return this.#options.index;
  }

  start(): void {
    this.#done ??= this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  /**
   * Reads what was written until now, at least. Calls that come while one is
   * reading share the next reading, since the current one may have begun
   * before what they are after was written.
   */
  catchUp(): Promise<void> {
    if (!this.#reading) {
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined;
      });
      return this.#reading;
    }
    this.#next ??= this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.catchUp();
      });
    return this.#next;
  }

  /**
   * Catches up if this copy is older than `version`, and waits no longer than
   * `withinMs` for it. A version that was never written is no reason to wait:
   * one look at the database tells that there is nothing newer.
   */
  async reach(version: number, options: { withinMs: number }): Promise<void> {
    if (version <= this.#version) {
      return;
    }
    // What is there is better than an error: the answer says its version.
    await isDoneWithin(
      this.catchUp().catch(() => undefined),
      options.withinMs,
    );
  }

  /** Every configured upstream and how its connection stands. */
  upstreams(): UpstreamStatus[] {
    return this.#options.upstreams.map(({ id }) => this.#statusOf(id)!);
  }

  /** How far what is known through an upstream can be trusted at a time. */
  observeAt(now: string): (upstreamId: string) => Observation {
    const seen = new Map<string, Observation>();
    return upstreamId => {
      let observation = seen.get(upstreamId);
      if (!observation) {
        observation = observe({
          upstream: this.#statusOf(upstreamId),
          source: upstreamId,
          now,
          freshForMs: this.#options.freshForMs,
        });
        seen.set(upstreamId, observation);
      }
      return observation;
    };
  }

  #statusOf(id: string): UpstreamStatus | undefined {
    const upstream = this.#options.upstreams.find(one => one.id === id);
    if (!upstream) {
      return undefined;
    }
    const { kind, title } = upstream;
    const stored = this.#upstreams.get(id);
    if (!stored) {
      const state: UpstreamState = 'connecting';
      return { id, kind, title, state, since: this.#options.startedAt };
    }
    return {
      id,
      kind,
      title,
      state: stored.state,
      since: stored.since,
      ...(stored.lastContactAt !== undefined && {
        lastContactAt: stored.lastContactAt,
      }),
      ...(stored.reason !== undefined && { reason: stored.reason }),
    };
  }

  async #follow(): Promise<void> {
    const { logger, pollMs } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.catchUp();
        if (this.#failing) {
          logger.info('The read model follows the database again');
        }
        this.#failing = false;
      } catch (error) {
        // What is in memory goes on being served; it ages into `stale`.
        if (!this.#failing) {
          logger.error(
            `The read model cannot follow the database: ${stringifyError(
              error,
            )}`,
          );
        }
        this.#failing = true;
      }
      await sleep(pollMs, signal);
    }
  }

  async #read(): Promise<void> {
    const { store, index } = this.#options;
    const changes = await store.readChanges(this.#ready ? this.#version : -1);
    if (!changes) {
      return;
    }
    await index.setApplications(changes.applications);
    for (const upstream of changes.upstreams) {
      this.#upstreams.set(upstream.id, upstream);
    }
    this.#version = changes.version;
    this.#ready = true;
  }
}
