import { setTimeout as wait } from 'node:timers/promises';

/** What a benchmark can ask for while it runs. */
export type Bench = {
  /** Has something undone at the end, however it ends; the last one first. */
  defer(undo: () => Promise<void> | void): void;
};

/** Longest time for cleaning up, after which the process ends anyway. */
const CLEAN_UP_MS = 60_000;

/**
 * Runs a benchmark and cleans up after it: when it is done, when it fails, and
 * when somebody ends it.
 */
export function runBenchmark(benchmark: (bench: Bench) => Promise<void>): void {
  const undos: (() => Promise<void> | void)[] = [];
  async function cleanUp() {
    for (let undo = undos.pop(); undo; undo = undos.pop()) {
      try {
        await undo();
      } catch (error) {
        complain(error);
      }
    }
  }
  async function end(code: number) {
    const late = wait(CLEAN_UP_MS, 'late' as const, { ref: false });
    if ((await Promise.race([cleanUp(), late])) === 'late') {
      complain(`Cleaning up took longer than ${CLEAN_UP_MS / 1000} s`);
    }
    process.exit(code);
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => end(130));
  }
  benchmark({ defer: undo => undos.push(undo) }).then(
    () => end(0),
    error => {
      complain(error);
      return end(1);
    },
  );
}

function complain(error: unknown): void {
  process.stderr.write(
    `${error instanceof Error ? error.stack : String(error)}\n`,
  );
}
