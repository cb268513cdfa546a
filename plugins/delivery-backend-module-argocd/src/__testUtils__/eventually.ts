import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until the assertions hold, and fails with the last failure of theirs
 * when that takes too long.
 */
export async function eventually(
  assertions: () => void | Promise<void>,
  options?: { within?: number },
): Promise<void> {
  const deadline = performance.now() + (options?.within ?? 45_000);
  for (;;) {
    try {
      await assertions();
      return;
    } catch (error) {
      if (performance.now() > deadline) {
        throw error;
      }
      await sleep(10);
    }
  }
}
