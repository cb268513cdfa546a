/**
 * How long hints are collected before a refetch. The first one starts the clock
 * and later ones do not restart it, so a steady stream of hints cannot put the
 * refetch off for ever.
 */
export const HINT_DELAY_MS = 100;

/** Turns hints into refetches, see {@link createHintScheduler}. */
export type HintScheduler = {
  /** Something changed; the change is in this version of the read model. */
  hint(version: number): void;
  /** Forgets what is waiting. */
  dispose(): void;
};

/**
 * Turns a burst of hints into one refetch of at least the newest version among
 * them. While a refetch runs, further hints wait for it to end, so a slow
 * answer is never thrown away because a new hint came in.
 *
 * @param options.refetch - reads again; must not reject
 */
export function createHintScheduler(options: {
  refetch: (atLeast: number) => Promise<unknown>;
}): HintScheduler {
  let newest: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let disposed = false;

  function schedule() {
    if (timer === undefined && !running && newest !== undefined && !disposed) {
      timer = setTimeout(run, HINT_DELAY_MS);
    }
  }

  async function run() {
    timer = undefined;
    const atLeast = newest;
    newest = undefined;
    if (atLeast === undefined) {
      return;
    }
    running = true;
    try {
      await options.refetch(atLeast);
    } finally {
      running = false;
      schedule();
    }
  }

  return {
    hint(version) {
      newest = Math.max(newest ?? 0, version);
      schedule();
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
