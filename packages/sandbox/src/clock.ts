import { InputError } from '@backstage/errors';

/**
 * The time of the sandbox.
 *
 * The date is always the real one, so that ages look right; the speed only
 * shortens waits. A rollout of 60 seconds takes six at speed 10, and carries
 * timestamps six seconds apart.
 */
export interface SandboxClock {
  /** The real date. */
  now(): Date;
  /** How many simulated seconds pass in one real second. */
  readonly speed: number;
  /**
   * Changes the speed; waits already under way continue at the new one.
   *
   * @throws InputError when the factor is not a finite number above 0.
   */
  setSpeed(factor: number): void;
  /**
   * Runs something once after a simulated delay in seconds; the returned
   * function cancels it. Waits never keep the process alive.
   */
  schedule(delaySeconds: number, run: () => void): () => void;
}

/** The longest delay that the timers of Node can hold, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

interface Wait {
  /** Simulated milliseconds that were left when `since` was noted. */
  remaining: number;
  /** Monotonic milliseconds at which the wait was last (re)armed. */
  since: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  run: () => void;
}

/** {@link SandboxClock} over the timers of this process. */
export class DefaultSandboxClock implements SandboxClock {
  static create(options?: { speed?: number }): DefaultSandboxClock {
    const clock = new DefaultSandboxClock();
    clock.setSpeed(options?.speed ?? 1);
    return clock;
  }

  #speed = 1;
  readonly #waits = new Set<Wait>();

  private constructor() {}

  get speed(): number {
    return this.#speed;
  }

  now(): Date {
    return new Date();
  }

  setSpeed(factor: number): void {
    if (!Number.isFinite(factor) || factor <= 0) {
      throw new InputError(
        `The speed must be a number above 0, for example 10; got ${factor}`,
      );
    }
    const now = performance.now();
    for (const wait of this.#waits) {
      wait.remaining -= (now - wait.since) * this.#speed;
      wait.since = now;
    }
    this.#speed = factor;
    for (const wait of this.#waits) {
      this.#arm(wait);
    }
  }

  schedule(delaySeconds: number, run: () => void): () => void {
    const wait: Wait = {
      remaining: Math.max(0, delaySeconds) * 1000,
      since: performance.now(),
      timer: undefined,
      run,
    };
    this.#waits.add(wait);
    this.#arm(wait);
    return () => this.#forget(wait);
  }

  /** Cancels every wait; for the end of the sandbox. */
  cancelAll(): void {
    for (const wait of [...this.#waits]) {
      this.#forget(wait);
    }
  }

  #arm(wait: Wait): void {
    clearTimeout(wait.timer);
    const real = Math.max(0, wait.remaining / this.#speed);
    wait.timer = setTimeout(() => {
      if (real > LONGEST_TIMER) {
        const now = performance.now();
        wait.remaining -= (now - wait.since) * this.#speed;
        wait.since = now;
        this.#arm(wait);
        return;
      }
      this.#waits.delete(wait);
      wait.run();
    }, Math.min(real, LONGEST_TIMER));
    wait.timer.unref();
  }

  #forget(wait: Wait): void {
    clearTimeout(wait.timer);
    this.#waits.delete(wait);
  }
}
