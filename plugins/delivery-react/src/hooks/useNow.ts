import { useSyncExternalStore } from 'react';

const TICK_MS = 15_000;

// One clock for the whole page: hundreds of ages change together, in one
// render, instead of each with a timer of its own.
const listeners = new Set<() => void>();
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function tick() {
  now = Date.now();
  listeners.forEach(listener => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function read(): number {
  // A clock that nobody listened to has stopped. It is set again, but not more
  // often than it would have ticked: React needs the same answer twice in a row.
  if (timer === undefined && Math.abs(Date.now() - now) >= TICK_MS) {
    now = Date.now();
  }
  return now;
}

/**
 * The present time in milliseconds since 1970, renewed a few times a minute.
 *
 * @public
 */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read);
}
