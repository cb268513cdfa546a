/** What the two halves of a connection know of the stream. */
export class StreamState {
  #openedAt: number | undefined;
  #lastEventAt: number | undefined;

  open(): void {
    this.#openedAt = performance.now();
  }

  event(): void {
    this.#lastEventAt = performance.now();
  }

  /** Whether the server has accepted the stream. */
  get isOpen(): boolean {
    return this.#openedAt !== undefined;
  }

  /** Milliseconds without an event; `undefined` while it is not open. */
  quietFor(now: number): number | undefined {
    const since = this.#lastEventAt ?? this.#openedAt;
    return since === undefined ? undefined : now - since;
  }

  /** Milliseconds since it was opened; 0 if it never was. */
  openFor(): number {
    return this.#openedAt === undefined
      ? 0
      : performance.now() - this.#openedAt;
  }
}
