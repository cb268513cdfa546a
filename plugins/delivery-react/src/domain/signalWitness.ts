/**
 * How long a signal may come after the read that already shows its change: the
 * backend collects signals for a moment, and the socket takes its own.
 */
export const SIGNAL_GRACE_MS = 5_000;

/** Tells whether signals arrive, see {@link createSignalWitness}. */
export type SignalWitness = {
  /** A signal of this version of the read model came. */
  heard(version: number): void;
  /**
   * What is shown changed between two reads, from one version of the read model
   * to another.
   */
  changed(from: number, to: number): void;
  /** Whether a change was seen that no signal spoke of. */
  silent(): boolean;
  /** Calls back whenever `silent` answers differently. */
  subscribe(listener: () => void): () => void;
};

/**
 * Tells whether signals arrive. The signals API does not say whether its socket
 * is connected, and behind a proxy that refuses WebSockets it never is. But
 * every change has its signal: a change that is read and was never signalled is
 * proof that they get lost, and the next one that comes is proof of the opposite.
 */
export function createSignalWitness(): SignalWitness {
  let newest: number | undefined;
  let silent = false;
  const listeners = new Set<() => void>();

  function conclude(next: boolean) {
    if (silent !== next) {
      silent = next;
      listeners.forEach(listener => listener());
    }
  }

  return {
    heard(version) {
      newest = Math.max(newest ?? 0, version);
      conclude(false);
    },
    changed(from, to) {
      // A reset read model counts from the start again.
      if (to < from) {
        newest = undefined;
        return;
      }
      const wasHeard = () => newest !== undefined && newest > from;
      if (!wasHeard()) {
        setTimeout(() => {
          if (!wasHeard()) {
            conclude(true);
          }
        }, SIGNAL_GRACE_MS);
      }
    },
    silent: () => silent,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
