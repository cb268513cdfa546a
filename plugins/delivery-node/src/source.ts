import { UpstreamState } from '@slipway/plugin-delivery-common';
import { ApplicationId, ObservedApplication } from './application';
import { ApplicationCommands } from './commands';

/**
 * Where a source hands in what it observes. Calls are taken in order; each
 * resolves when what it says is stored, so that a source that is faster than
 * the database is slowed down.
 *
 * Every method rejects with an error named `LeaseLostError` when another
 * replica has taken over: stop then, and hand in nothing more.
 *
 * @public
 */
export interface ApplicationSink {
  /** These applications look like this now. Unchanged ones cost nothing. */
  upsert(applications: ObservedApplication[]): Promise<void>;
  /** These applications are gone. */
  remove(ids: ApplicationId[]): Promise<void>;
  /**
   * These are all the applications there are: others of this upstream are gone.
   */
  retainOnly(ids: ApplicationId[]): Promise<void>;
  /**
   * The upstream is in this state. Call it with `live` on every sign of life;
   * it is stored when it matters, not each time.
   */
  report(report: UpstreamReport): Promise<void>;
}

/**
 * What a source says of its connection.
 *
 * @public
 */
export type UpstreamReport = {
  state: UpstreamState;
  /** Why it is not `live`, as a sentence for people, free of secrets. */
  reason?: string;
};

/**
 * What an upstream is run with.
 *
 * @public
 */
export type UpstreamRunOptions = {
  sink: ApplicationSink;
  /**
   * What is stored of this upstream from before, so that a source need not read
   * again what has not changed.
   */
  known: ObservedApplication[];
  /** Aborted when the lease is lost or the backend stops. */
  signal: AbortSignal;
};

/**
 * A system that applications are read from. At any time, one replica of the
 * backend runs it: whichever holds its lease.
 *
 * @public
 */
export interface ApplicationUpstream {
  /** Stable id: kind and configured name, such as `argocd:main`. */
  readonly id: string;
  /** The kind of system, such as `argocd`. */
  readonly kind: string;
  /** What people call it. */
  readonly title: string;
  /** The `instance` of the ids of its applications. */
  readonly instance: string;
  /**
   * How its applications are acted on; absent when the portal may only read
   * there. Any replica may use it, whichever holds the lease.
   */
  readonly commands?: ApplicationCommands;
  /**
   * Follows the upstream until the signal aborts, and resolves then. It deals
   * with failures of the upstream itself (back-off, reconnect, reports); it
   * rejects only on errors that make going on pointless, and is then run again
   * after a pause.
   */
  run(options: UpstreamRunOptions): Promise<void>;
}
