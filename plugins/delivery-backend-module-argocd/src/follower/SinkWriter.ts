import {
  ApplicationId,
  ApplicationSink,
  ObservedApplication,
  stringifyApplicationId,
  UpstreamReport,
} from '@slipway/plugin-delivery-node';

type Change =
  | { type: 'upsert'; application: ObservedApplication }
  | { type: 'remove'; id: ApplicationId };

/**
 * Hands changes to the sink in batches.
 *
 * Of one application only the latest change waits, so what waits is bounded by
 * the number of applications however slow the database is. Calls to the sink are
 * made one after the other, in order.
 */
export class SinkWriter {
  static create(options: {
    sink: ApplicationSink;
    /** Most applications in one call. */
    batchSize: number;
    /** Milliseconds that a change may wait for others. */
    batchInterval: number;
    /** Called once, with the first error of the sink. Nothing is written after. */
    onFailure(error: unknown): void;
  }): SinkWriter {
    return new SinkWriter(options);
  }

  readonly #sink: ApplicationSink;
  readonly #batchSize: number;
  readonly #batchInterval: number;
  readonly #onFailure: (error: unknown) => void;
  readonly #pending = new Map<string, Change>();
  #tail: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reporting = false;
  #closed = false;

  private constructor(options: {
    sink: ApplicationSink;
    batchSize: number;
    batchInterval: number;
    onFailure(error: unknown): void;
  }) {
    this.#sink = options.sink;
    this.#batchSize = options.batchSize;
    this.#batchInterval = options.batchInterval;
    this.#onFailure = options.onFailure;
  }

  upsert(application: ObservedApplication): void {
    this.#put(application.id, { type: 'upsert', application });
  }

  remove(id: ApplicationId): void {
    this.#put(id, { type: 'remove', id });
  }

  /** These are all there are. Changes that came before are written before. */
  async retainOnly(ids: ApplicationId[]): Promise<void> {
    this.#flush();
    await this.#enqueue(() => this.#sink.retainOnly(ids));
  }

  /**
   * Says how the connection stands, once what was handed in before is written:
   * "live" is said of that, too.
   */
  async report(report: UpstreamReport): Promise<void> {
    if (this.#pending.size > 0) {
      this.#flush();
    }
    await this.#enqueue(() => this.#sink.report(report));
  }

  /** Says that the upstream gave a sign of life; skipped while one is written. */
  alive(): void {
    if (!this.#reporting) {
      this.#reporting = true;
      void this.report({ state: 'live' }).finally(() => {
        this.#reporting = false;
      });
    }
  }

  /** Resolves when everything that was handed in is written. */
  async drain(): Promise<void> {
    this.#flush();
    await this.#tail;
  }

  /** Hands in nothing more; resolves when the call under way is over. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#pending.clear();
    clearTimeout(this.#timer);
    await this.#tail;
  }

  #put(id: ApplicationId, change: Change): void {
    if (this.#closed) {
      return;
    }
    this.#pending.set(stringifyApplicationId(id), change);
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.#flush(), this.#batchInterval);
    }
  }

  /** Puts a write of everything that waits at the end of the line. */
  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#enqueue(() => this.#write());
  }

  /**
   * Takes batches until nothing waits. What comes in meanwhile is taken along,
   * in the state that it has when its turn comes.
   */
  async #write(): Promise<void> {
    while (this.#pending.size > 0 && !this.#closed) {
      const upserts: ObservedApplication[] = [];
      const removals: ApplicationId[] = [];
      for (const [key, change] of this.#pending) {
        this.#pending.delete(key);
        if (change.type === 'upsert') {
          upserts.push(change.application);
        } else {
          removals.push(change.id);
        }
        if (upserts.length + removals.length >= this.#batchSize) {
          break;
        }
      }
      // One key is in one of the two only, so their order does not matter.
      if (upserts.length > 0) {
        await this.#sink.upsert(upserts);
      }
      if (removals.length > 0 && !this.#closed) {
        await this.#sink.remove(removals);
      }
    }
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(async () => {
      if (this.#closed) {
        return;
      }
      try {
        await step();
      } catch (error) {
        this.#closed = true;
        this.#onFailure(error);
      }
    });
    return this.#tail;
  }
}
