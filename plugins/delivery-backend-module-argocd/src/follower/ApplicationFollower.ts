import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { UpstreamRunOptions } from '@slipway/plugin-delivery-node';
import { ExponentialBackoff, halfJitterGenerator, IBackoff } from 'cockatiel';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArgoCdClient } from '../argocd/ArgoCdClient';
import { ArgoCdError, isArgoCdError } from '../argocd/ArgoCdError';
import { InstanceContext } from '../domain/applicationSummary';
import { ApplicationTracker } from './ApplicationTracker';
import { describeFailure } from './describeFailure';
import { FollowerLimits } from './limits';
import { SinkWriter } from './SinkWriter';
import { StreamState } from './StreamState';

/** Signs of life are reported at most so often, in milliseconds. */
const ALIVE_INTERVAL = 1_000;

/** How one connection came to its end, when that was no failure. */
type SessionEnd = 'renew' | 'ended';

/**
 * Follows the applications of one Argo CD instance: connects, takes in the
 * replay, reads the list, follows the events, and connects again when that
 * fails.
 *
 * Pauses come from the back-off of `cockatiel`; its retry and circuit breaker
 * are for calls that end, and this one is over only when something is wrong. A
 * refused credential is a pause of its own: Argo CD's own pages are known to
 * bring identity providers down by asking again at once.
 */
export class ApplicationFollower {
  static create(options: {
    client: ArgoCdClient;
    context: InstanceContext;
    limits: FollowerLimits;
    /** Requests under way at once. */
    concurrency: number;
    logger: LoggerService;
  }): ApplicationFollower {
    return new ApplicationFollower(options);
  }

  readonly #client: ArgoCdClient;
  readonly #context: InstanceContext;
  readonly #limits: FollowerLimits;
  readonly #concurrency: number;
  readonly #logger: LoggerService;
  #said: string | undefined;
  #versionSaid = false;

  private constructor(options: {
    client: ArgoCdClient;
    context: InstanceContext;
    limits: FollowerLimits;
    concurrency: number;
    logger: LoggerService;
  }) {
    this.#client = options.client;
    this.#context = options.context;
    this.#limits = options.limits;
    this.#concurrency = options.concurrency;
    this.#logger = options.logger;
  }

  /**
   * Runs until the signal aborts.
   *
   * @throws what the sink rejected with: without it, going on is pointless.
   */
  async run(options: UpstreamRunOptions): Promise<void> {
    const broken = new AbortController();
    const signal = AbortSignal.any([options.signal, broken.signal]);
    const writer = SinkWriter.create({
      sink: options.sink,
      batchSize: this.#limits.batchSize,
      batchInterval: this.#limits.batchInterval,
      onFailure: error => broken.abort(error),
    });
    const tracker = ApplicationTracker.create({
      client: this.#client,
      context: this.#context,
      writer,
      limits: this.#limits,
      concurrency: this.#concurrency,
      logger: this.#logger,
      known: options.known,
    });
    await writer.report({ state: 'connecting' });
    try {
      await this.#connectAgainAndAgain({ tracker, writer, signal });
    } finally {
      await writer.close();
    }
    if (broken.signal.aborted) {
      throw broken.signal.reason;
    }
  }

  async #connectAgainAndAgain(options: {
    tracker: ApplicationTracker;
    writer: SinkWriter;
    signal: AbortSignal;
  }): Promise<void> {
    const { tracker, writer, signal } = options;
    let backoff: IBackoff<unknown> | undefined;
    while (!signal.aborted) {
      let lasted = 0;
      let failure: unknown;
      try {
        const end = await this.#session({
          tracker,
          writer,
          signal,
          onGood: milliseconds => {
            lasted = milliseconds;
          },
        });
        if (end === 'renew') {
          backoff = undefined;
          continue;
        }
      } catch (error) {
        failure = error;
      }
      if (signal.aborted) {
        return;
      }
      if (failure !== undefined && !isArgoCdError(failure)) {
        this.#logger.error('Following Argo CD failed', toError(failure));
      }
      const wasGood = lasted > 0 && lasted >= this.#limits.goodConnection;
      const { report, refused } = describeFailure({ failure, wasGood });
      this.#say(`${report.state}: ${report.reason}`, report.reason ?? '');
      await writer.report(report);
      if (wasGood) {
        backoff = undefined;
      }
      backoff = backoff ? backoff.next(undefined) : this.#firstBackoff();
      await pause(
        refused
          ? this.#limits.refused * (1 + Math.random() / 2)
          : backoff.duration,
        signal,
      );
    }
  }

  #firstBackoff(): IBackoff<unknown> {
    return new ExponentialBackoff({
      initialDelay: this.#limits.reconnect.first,
      maxDelay: this.#limits.reconnect.longest,
      generator: halfJitterGenerator,
    }).next();
  }

  /** Logs how the connection stands, once for each time that it changes. */
  #say(state: string, text: string): void {
    if (this.#said === state) {
      return;
    }
    this.#said = state;
    if (state === 'live') {
      this.#logger.info(text);
    } else {
      this.#logger.warn(text);
    }
  }

  /**
   * One connection, from its beginning to its end: the stream and the reading of
   * lists beside it. Whichever fails first ends both.
   */
  async #session(options: {
    tracker: ApplicationTracker;
    writer: SinkWriter;
    signal: AbortSignal;
    /** Called when it ends, with the milliseconds that the stream was open. */
    onGood(milliseconds: number): void;
  }): Promise<SessionEnd> {
    const { tracker, writer } = options;
    const end = new AbortController();
    const signal = AbortSignal.any([options.signal, end.signal]);
    const stream = new StreamState();
    let failure: unknown;
    let result: SessionEnd | undefined;
    const fail = (error: unknown) => {
      if (!signal.aborted) {
        failure = error;
        end.abort(error);
      }
    };
    const finish = (how: SessionEnd) => {
      if (!signal.aborted) {
        result = how;
        end.abort();
      }
    };
    tracker.beginSession({ signal, fail });
    try {
      await Promise.all([
        this.#follow({ tracker, writer, stream, signal }).then(
          () => finish('ended'),
          fail,
        ),
        this.#list({ tracker, writer, stream, signal }).then(
          () => finish('renew'),
          fail,
        ),
      ]);
    } finally {
      tracker.endSession();
      options.onGood(stream.openFor());
    }
    if (result) {
      return result;
    }
    throw failure ?? signal.reason;
  }

  async #follow(options: {
    tracker: ApplicationTracker;
    writer: SinkWriter;
    stream: StreamState;
    signal: AbortSignal;
  }): Promise<void> {
    const { tracker, writer, stream, signal } = options;
    let saidAt = -Infinity;
    const alive = () => {
      const now = performance.now();
      // Before that it would pass off what was known before as what is.
      if (tracker.isConfirmed && now - saidAt >= ALIVE_INTERVAL) {
        saidAt = now;
        writer.alive();
      }
    };
    await this.#client.streamApplications({
      silenceLimit: this.#limits.silence,
      onOpen: () => {
        stream.open();
        this.#say('live', 'Connected: following its applications');
      },
      onSignOfLife: alive,
      onEvent: event => {
        stream.event();
        tracker.onEvent(event);
        alive();
      },
      signal,
    });
  }

  /**
   * Reads the list once the replay has settled, and then every few minutes to
   * make good for events that Argo CD dropped. Resolves when a new stream is
   * needed for that, because this server's list lacks revisions.
   */
  async #list(options: {
    tracker: ApplicationTracker;
    writer: SinkWriter;
    stream: StreamState;
    signal: AbortSignal;
  }): Promise<void> {
    const { tracker, writer, stream, signal } = options;
    await this.#replaySettled(stream, signal);
    let backoff: IBackoff<unknown> | undefined;
    let first = true;
    while (!signal.aborted) {
      try {
        const askedAt = performance.now();
        const items = await this.#client.listApplications({ signal });
        await this.#assertKnown({ items, tracker, signal });
        const { carriesRevisions } = await tracker.onList({
          items,
          askedAt,
          first,
        });
        if (first && stream.isOpen) {
          writer.alive();
        }
        first = false;
        backoff = undefined;
        await this.#sayVersion(signal);
        await pause(this.#limits.relist * (0.9 + Math.random() / 5), signal);
        if (!carriesRevisions) {
          return;
        }
      } catch (error) {
        if (!isArgoCdError(error) || !error.retryable) {
          throw error;
        }
        this.#logger.warn(
          `Could not read the list of applications: ${error.message}`,
        );
        if (!tracker.isConfirmed && !signal.aborted) {
          await writer.report({
            state: 'connecting',
            reason: `What was known before cannot be confirmed: ${error.message}`,
          });
        }
        backoff = backoff ? backoff.next(undefined) : this.#firstBackoff();
        await pause(backoff.duration, signal);
      }
    }
  }

  /** Logs once what is followed: the first thing to know when it misbehaves. */
  async #sayVersion(signal: AbortSignal): Promise<void> {
    if (this.#versionSaid) {
      return;
    }
    this.#versionSaid = true;
    try {
      const version = await this.#client.version({ signal });
      this.#logger.info(`The server is Argo CD ${version ?? '(no version)'}`);
    } catch (error) {
      this.#logger.debug(
        'The version of the server is not known',
        toError(error),
      );
    }
  }

  /**
   * Argo CD with anonymous access takes a token that is none for nobody, and
   * gives nobody an empty list. That must not look as if everything was deleted.
   */
  async #assertKnown(options: {
    items: readonly unknown[];
    tracker: ApplicationTracker;
    signal: AbortSignal;
  }): Promise<void> {
    const { items, tracker, signal } = options;
    if (items.length > 0 || tracker.size === 0) {
      return;
    }
    const { loggedIn } = await this.#client.userInfo({ signal });
    if (!loggedIn) {
      throw new ArgoCdError({
        kind: 'unauthenticated',
        message:
          'Argo CD takes the configured token for none and treats this backend as anonymous',
      });
    }
  }

  /**
   * Waits until the replay is over. Nothing on the wire says so; it is over when
   * no event came for a moment. An instance without applications does not even
   * open the stream before its first keep-alive, and a replay that never ends
   * must not keep the list from being read.
   */
  async #replaySettled(
    stream: StreamState,
    signal: AbortSignal,
  ): Promise<void> {
    const { replayQuiet, replayAtMost, openAtMost } = this.#limits;
    const startedAt = performance.now();
    while (!signal.aborted) {
      const now = performance.now();
      const quietFor = stream.quietFor(now);
      const waited = now - startedAt;
      if (
        waited >= replayAtMost ||
        (quietFor === undefined
          ? waited >= openAtMost
          : quietFor >= replayQuiet)
      ) {
        return;
      }
      await pause(Math.max(5, replayQuiet / 5), signal);
    }
  }
}

/** Waits; an abort of the signal ends the wait early and is no error. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    // Only an abort makes it reject, and callers look at the signal.
  }
}
