import type { SandboxClock } from '../clock';

/** A {@link SandboxClock} whose time only passes when a test says so. */
export class SteppedClock implements SandboxClock {
  readonly speed = 1;
  readonly #waits = new Set<{
    readonly at: number;
    readonly run: () => void;
  }>();
  #now = Date.UTC(2026, 10, 22, 10);

  now(): Date {
    return new Date(this.#now);
  }

  setSpeed(): void {
    throw new Error('time in steps has no speed');
  }

  schedule(delaySeconds: number, run: () => void): () => void {
    const wait = { at: this.#now + delaySeconds * 1000, run };
    this.#waits.add(wait);
    return () => this.#waits.delete(wait);
  }

  /** Lets time pass: what is due runs in its order, at its time. */
  advance(seconds: number): void {
    const end = this.#now + seconds * 1000;
    for (;;) {
      const [next] = [...this.#waits]
        .filter(wait => wait.at <= end)
        .sort((left, right) => left.at - right.at);
      if (!next) break;
      this.#waits.delete(next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}
