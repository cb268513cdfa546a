/**
 * A queue of things to do by key, with bounded concurrency.
 *
 * A key waits once, however often it is added; added while it is being worked on
 * it is done once more afterwards. So the queue is bounded by the number of
 * keys, and the last word wins. Urgent keys go first: a change that somebody
 * waits for must not stand behind the thousands of first reads of a large
 * instance.
 *
 * `p-limit` and the bulkhead of `cockatiel` bound concurrency only; neither
 * knows keys, so each event of a burst would be a request of its own.
 */
export class WorkQueue {
  static create(options: {
    concurrency: number;
    /** Does the work of a key; its errors are its own business. */
    work(key: string): Promise<void>;
  }): WorkQueue {
    return new WorkQueue(options);
  }

  readonly #concurrency: number;
  readonly #work: (key: string) => Promise<void>;
  readonly #urgent = new Set<string>();
  readonly #ordinary = new Set<string>();
  readonly #running = new Set<string>();

  private constructor(options: {
    concurrency: number;
    work(key: string): Promise<void>;
  }) {
    this.#concurrency = options.concurrency;
    this.#work = options.work;
  }

  /** How many keys wait or are being worked on. */
  get size(): number {
    return this.#urgent.size + this.#ordinary.size + this.#running.size;
  }

  /** Whether a key waits or is being worked on. */
  has(key: string): boolean {
    return (
      this.#urgent.has(key) || this.#ordinary.has(key) || this.#running.has(key)
    );
  }

  add(key: string, options: { urgent: boolean }): void {
    if (options.urgent) {
      this.#ordinary.delete(key);
      this.#urgent.add(key);
    } else if (!this.#urgent.has(key)) {
      this.#ordinary.add(key);
    }
    this.#advance();
  }

  /** Forgets what waits; what is under way goes on. */
  clear(): void {
    this.#urgent.clear();
    this.#ordinary.clear();
  }

  #advance(): void {
    while (this.#running.size < this.#concurrency) {
      const key = this.#next();
      if (key === undefined) {
        return;
      }
      this.#running.add(key);
      void this.#work(key).finally(() => {
        this.#running.delete(key);
        this.#advance();
      });
    }
  }

  /** The first key that is not being worked on already. */
  #next(): string | undefined {
    for (const waiting of [this.#urgent, this.#ordinary]) {
      for (const key of waiting) {
        if (!this.#running.has(key)) {
          waiting.delete(key);
          return key;
        }
      }
    }
    return undefined;
  }
}
