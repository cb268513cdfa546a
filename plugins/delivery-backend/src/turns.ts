import { setImmediate as nextRound } from 'node:timers/promises';

/** How long a piece of work may hold up the event loop: milliseconds. */
const STRETCH_MS = 10;

// There is one event loop, so there is one of each of these.
let startedAt = 0;
let lastInLine: Promise<void> = Promise.resolve();

/**
 * To be called between the steps of long work: lets requests, timers and other
 * work have their turn when the current stretch has been long enough.
 *
 * Of several pieces of long work one goes on in each round of the event loop.
 * If all of them did, a round would be as long as all of their stretches.
 */
export async function letOthersHaveTheirTurn(): Promise<void> {
  if (performance.now() - startedAt < STRETCH_MS) {
    return;
  }
  lastInLine = lastInLine.then(() => nextRound());
  await lastInLine;
  startedAt = performance.now();
}
