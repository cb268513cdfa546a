import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { ApplicationUpstream } from '@slipway/plugin-delivery-node';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import { DatabaseLeases, Lease } from '../database/DatabaseLeases';
import { LeaseLostError } from '../database/LeaseLostError';
import { isDoneWithin, sleep } from './sleep';
import { Commit, StoringSink } from './StoringSink';

/** Times of a runner, in milliseconds. */
export type RunnerTimes = {
  /** How long a lease lasts unless renewed. */
  leaseTtlMs: number;
  /** How often a replica without the lease asks for it. */
  contendMs: number;
  /** How often a sign of life of a live upstream is stored. */
  heartbeatMs: number;
  /** Pause before a source that gave up is run again. */
  restartMs: number;
};

/** The options of {@link UpstreamRunner}. */
export type UpstreamRunnerOptions = {
  upstream: ApplicationUpstream;
  /** Unique to this process. */
  holder: string;
  store: DatabaseDeliveryStore;
  leases: DatabaseLeases;
  logger: LoggerService;
  times: RunnerTimes;
  onCommit: (commit: Commit) => void;
};

/**
 * Contends for the lease of one upstream for as long as the backend lives, and
 * runs it while it holds it. One runner never disturbs another: whatever fails
 * here is logged and tried again after a pause.
 */
export class UpstreamRunner {
  readonly #options: UpstreamRunnerOptions;
  readonly #stopping = new AbortController();
  #done: Promise<void> | undefined;
  #failing = false;

  static create(options: UpstreamRunnerOptions): UpstreamRunner {
    return new UpstreamRunner({
      ...options,
      logger: options.logger.child({ upstream: options.upstream.id }),
    });
  }

  private constructor(options: UpstreamRunnerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#done ??= this.#contend();
  }

  /** Stops the source, and gives the lease back once it has stopped. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #contend(): Promise<void> {
    const { upstream, holder, leases, logger, times } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      let pause = times.contendMs;
      try {
        const lease = await leases.acquire({
          upstreamId: upstream.id,
          holder,
          ttlMs: times.leaseTtlMs,
        });
        this.#failing = false;
        if (lease) {
          logger.info(`Following ${upstream.title} (epoch ${lease.epoch})`);
          pause = await this.#hold(lease);
        }
      } catch (error) {
        // The database, most likely. Said once, not once a second.
        if (!this.#failing) {
          logger.error(`Cannot follow ${upstream.title}`, asError(error));
        }
        this.#failing = true;
      }
      // A little apart, lest all replicas ask in the same moment.
      await sleep(pause * (0.8 + 0.4 * Math.random()), signal);
    }
  }

  /**
   * Runs the source until the lease is lost, the backend stops or it gives up.
   *
   * @returns how long to pause before contending again.
   */
  async #hold(lease: Lease): Promise<number> {
    const { upstream, store, leases, logger, times } = this.#options;
    const lost = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, lost.signal]);
    const over = new AbortController();
    const renewing = this.#renew(
      lease,
      lost,
      AbortSignal.any([signal, over.signal]),
    );
    let pause = times.contendMs;
    try {
      const { sink, known } = await StoringSink.open({
        store,
        lease,
        signal,
        logger,
        onCommit: this.#options.onCommit,
        heartbeatMs: times.heartbeatMs,
      });
      await upstream.run({ sink, known, signal });
      if (!signal.aborted) {
        logger.warn(`${upstream.title} stopped by itself; running it again`);
        pause = times.restartMs;
      }
    } catch (error) {
      if (!(error instanceof LeaseLostError) && !signal.aborted) {
        logger.error(`${upstream.title} failed`, asError(error));
        pause = times.restartMs;
      }
    } finally {
      over.abort();
      await renewing;
      if (lost.signal.aborted) {
        logger.warn(`Another replica may follow ${upstream.title} now`);
      } else {
        // If even that fails, the lease ends by itself.
        await leases.release(lease).catch(error => {
          logger.warn(`Cannot release the lease: ${stringifyError(error)}`);
        });
      }
    }
    return pause;
  }

  /**
   * Renews the lease at a third of its length, sooner after a failure, until
   * told to stop. It counts as lost when it has passed to another replica, and also when the database has
   * not confirmed it for most of its length: by then another replica may be
   * about to take it.
   */
  async #renew(
    lease: Lease,
    lost: AbortController,
    signal: AbortSignal,
  ): Promise<void> {
    const { leases, logger, times } = this.#options;
    let confirmedAt = performance.now();
    let pause = times.leaseTtlMs / 3;
    while (!signal.aborted) {
      await sleep(pause, signal);
      if (signal.aborted) {
        return;
      }
      const askedAt = performance.now();
      try {
        await withinTime(
          leases.renew(lease, { ttlMs: times.leaseTtlMs }),
          times.leaseTtlMs / 3,
        );
        confirmedAt = askedAt;
        pause = times.leaseTtlMs / 3;
      } catch (error) {
        if (
          error instanceof LeaseLostError ||
          performance.now() - confirmedAt > times.leaseTtlMs * 0.7
        ) {
          lost.abort();
          return;
        }
        pause = times.leaseTtlMs / 15;
        logger.warn(`Cannot renew the lease: ${stringifyError(error)}`);
      }
    }
  }
}

/** A connection that hangs is as good as one that fails. */
async function withinTime(work: Promise<void>, ms: number): Promise<void> {
  if (!(await isDoneWithin(work, ms))) {
    throw new Error(`The database did not answer within ${Math.round(ms)} ms`);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
