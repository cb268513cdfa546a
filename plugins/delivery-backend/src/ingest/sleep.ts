import { setTimeout as wait } from 'node:timers/promises';

/** Waits, but no longer than until the signal aborts; never rejects. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
