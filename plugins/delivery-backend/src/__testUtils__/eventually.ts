import { setTimeout as wait } from 'node:timers/promises';

/** Tries until an expectation holds; fails with its last failure. */
export async function eventually(
  expectation: () => unknown,
  options: { withinMs?: number } = {},
): Promise<void> {
  const deadline = performance.now() + (options.withinMs ?? 5_000);
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (performance.now() > deadline) {
        throw error;
      }
      await wait(20);
    }
  }
}
