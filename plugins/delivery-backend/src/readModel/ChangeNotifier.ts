import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { EventsService } from '@backstage/plugin-events-node';
import { SignalsService } from '@backstage/plugin-signals-node';
import {
  DELIVERY_SIGNAL_CHANNEL,
  DeliverySignal,
} from '@slipway/plugin-delivery-common';
import { Commit } from '../ingest/StoringSink';
import { sleep } from '../ingest/sleep';
import { ReadModel } from './ReadModel';

/** Topic on which replicas tell each other of a new version. */
export const CHANGED_TOPIC = 'delivery.changed';

/** More services than this in one hint are `'many'`. */
const MANY = 50;

/**
 * Tells the other replicas and the browsers what was committed here, in one
 * hint for all that is committed within a short while. A hint that is lost
 * costs time and no truth: replicas and pages also look by themselves.
 */
export class ChangeNotifier {
  readonly #events: EventsService;
  readonly #signals: SignalsService;
  readonly #readModel: ReadModel;
  readonly #logger: LoggerService;
  readonly #coalesceMs: number;
  readonly #nameServices: boolean;
  readonly #stopping = new AbortController();
  #pending: Commit[] = [];
  #running: Promise<void> | undefined;

  static create(options: {
    events: EventsService;
    signals: SignalsService;
    readModel: ReadModel;
    logger: LoggerService;
    coalesceMs: number;
    /** Whether browsers are told which services changed, or only that some did. */
    nameServices: boolean;
  }): ChangeNotifier {
    return new ChangeNotifier(options);
  }

  private constructor(options: {
    events: EventsService;
    signals: SignalsService;
    readModel: ReadModel;
    logger: LoggerService;
    coalesceMs: number;
    nameServices: boolean;
  }) {
    this.#events = options.events;
    this.#signals = options.signals;
    this.#readModel = options.readModel;
    this.#logger = options.logger;
    this.#coalesceMs = options.coalesceMs;
    this.#nameServices = options.nameServices;
  }

  /** Takes note of a commit; returns at once. */
  committed(commit: Commit): void {
    this.#pending.push(commit);
    this.#running ??= this.#flush().finally(() => {
      this.#running = undefined;
    });
  }

  /** Sends nothing more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #flush(): Promise<void> {
    while (this.#pending.length > 0 && !this.#stopping.signal.aborted) {
      await sleep(this.#coalesceMs, this.#stopping.signal);
      const commits = this.#pending;
      this.#pending = [];
      try {
        await this.#send(commits);
      } catch (error) {
        this.#logger.warn(
          `Nobody was told of a change: ${stringifyError(error)}`,
        );
      }
    }
  }

  async #send(commits: Commit[]): Promise<void> {
    const version = Math.max(...commits.map(commit => commit.version));
    const applicationIds = commits.flatMap(commit => commit.applicationIds);
    const { index } = this.#readModel;
    // Before and after: an application that moved concerns both services.
    const refs = index.entityRefsOf(applicationIds);
    await this.#readModel.catchUp();
    for (const ref of index.entityRefsOf(applicationIds)) {
      refs.add(ref);
    }
    const message: DeliverySignal = {
      version,
      entityRefs:
        // With no service there is nothing to hide, and nothing to read again.
        refs.size > MANY || (refs.size > 0 && !this.#nameServices)
          ? 'many'
          : [...refs].sort(),
      upstreams: [
        ...new Set(commits.flatMap(commit => commit.upstreamId ?? [])),
      ],
    };
    await Promise.all([
      this.#events.publish({
        topic: CHANGED_TOPIC,
        eventPayload: { version },
      }),
      this.#signals.publish({
        recipients: { type: 'broadcast' },
        channel: DELIVERY_SIGNAL_CHANNEL,
        message,
      }),
    ]);
  }
}
