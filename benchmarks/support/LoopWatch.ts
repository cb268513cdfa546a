import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long the event loop was held up between two of its rounds. */
export type LoopFigures = {
  /** By the clock: what else the machine does counts, too. Milliseconds. */
  maxMs: number;
  p99Ms: number;
  /** In processor time of this thread: what this process itself does. */
  maxCpuMs: number;
};

/** Timers come no more often than this: milliseconds. */
const RESOLUTION_MS = 1;

/** Watches for how long the event loop of this process is held up. */
export class LoopWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #lastCpu = threadCpuMs();
  #maxCpuMs = 0;

  constructor() {
    this.#delay.enable();
    setInterval(() => {
      const cpu = threadCpuMs();
      this.#maxCpuMs = Math.max(this.#maxCpuMs, cpu - this.#lastCpu);
      this.#lastCpu = cpu;
    }, RESOLUTION_MS).unref();
  }

  /** Forgets what was seen. */
  reset(): void {
    this.#delay.reset();
    this.#lastCpu = threadCpuMs();
    this.#maxCpuMs = 0;
  }

  read(): LoopFigures {
    // The histogram counts the time between two of its own timers.
    const held = (nanoseconds: number) =>
      Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    return {
      maxMs: held(this.#delay.max),
      p99Ms: held(this.#delay.percentile(99)),
      maxCpuMs: this.#maxCpuMs,
    };
  }
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
