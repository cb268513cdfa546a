import { setTimeout as wait } from 'node:timers/promises';

/** Waits, but no longer than until the signal aborts; never rejects. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}

/** Waits for work, but no longer than `ms`; tells whether it was done. */
export async function isDoneWithin(
  work: Promise<unknown>,
  ms: number,
): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      work.then(() => true),
      sleep(ms, timer.signal).then(() => false),
    ]);
  } finally {
    timer.abort();
  }
}
