import { setTimeout as sleep } from 'node:timers/promises';

/** What is needed of a backend to start it. */
export type Backend = {
  start(): Promise<unknown>;
  stop(): Promise<void>;
};

/** The longest that stopping may take before the process just ends. */
const LONGEST_STOP_MS = 5_000;

/**
 * Starts a backend, or ends the process with status 1.
 *
 * Backstage itself only logs that the start failed. The plugins that did start
 * then run on: the process looks alive to whoever watches over it, holds leases
 * and follows upstreams, and never serves anything.
 */
export async function startOrExit(
  backend: Backend,
  options: {
    exit: (status: number) => void;
    /** Says why to the person who started it. */
    say: (text: string) => void;
    /** Milliseconds; see {@link LONGEST_STOP_MS}. */
    longestStop?: number;
  },
): Promise<void> {
  const { exit, say, longestStop = LONGEST_STOP_MS } = options;
  try {
    await backend.start();
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n`);
    const limit = new AbortController();
    await Promise.race([
      // What cannot be stopped in good order ends with the process.
      backend.stop().catch(() => undefined),
      sleep(longestStop, undefined, { signal: limit.signal }).catch(
        () => undefined,
      ),
    ]);
    limit.abort();
    exit(1);
  }
}
