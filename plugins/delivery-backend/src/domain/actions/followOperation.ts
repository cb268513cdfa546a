import { LiveApplication, LiveOperation } from '@slipway/plugin-delivery-node';
import { ActionRecord } from './ActionRecord';
import { fail } from './endings';
import { moved, withOutcome, withStep } from './progress';
import { Situation, Step } from './steps';
import { keptOutcomes } from './syncWords';
import { asSentence, joined, resourceWords } from './words';

/**
 * Waits for our own operation to be over. There is no limit to that: an operation
 * that waits for a paused canary is well, and says what it waits for.
 *
 * @returns `undefined` when it is over and succeeded.
 */
export function followOperation(
  situation: Situation,
  operation: LiveOperation,
): Step | undefined {
  const { live, now } = situation;
  const record = seenOwn(situation.record, now);
  if (!operation.over) {
    const words = runningWords(operation, live);
    return {
      kind: 'wait',
      pace: 'soon',
      record: {
        ...withStep(record, 'follow', 'running', { now, detail: words }),
        summary: words,
      },
    };
  }
  if (!operation.succeeded) {
    return fail(
      {
        ...withStep(record, 'follow', 'failed', {
          now,
          ...(operation.message && { detail: asSentence(operation.message) }),
        }),
        outcomes: keptOutcomes(operation.outcomes),
      },
      failureWords(operation),
      now,
    );
  }
  return undefined;
}

/** Our own operation was seen, so it was taken on, whatever the answer was. */
export function seenOwn(record: ActionRecord, now: string): ActionRecord {
  if (record.progress.effects.sync?.outcome === 'taken') {
    return withStep(record, 'request', 'done', { now });
  }
  return withStep(
    moved(withOutcome(record, 'sync', 'taken'), now),
    'request',
    'done',
    { now },
  );
}

/** B4, B5, B6: what an operation that is not over is doing. */
export function runningWords(
  operation: LiveOperation,
  live: LiveApplication,
): string {
  const message = operation.message?.trim();
  const says = message ? ` It says: ${asSentence(message)}` : '';
  if (operation.queued) {
    return 'The sync waits to begin.';
  }
  if (live.application.operation?.phase === 'terminating') {
    return `The sync is being ended.${says}`;
  }
  if (operation.finishedAt !== undefined) {
    return `The sync failed and will be tried again by itself (${
      operation.retries
    } ${operation.retries === 1 ? 'retry' : 'retries'} so far).${says}`;
  }
  const waiting = /^waiting for /i.test(message ?? '')
    ? ' Until then no other sync can begin, a revert’s included; it can be ended.'
    : '';
  return `The sync is under way.${says}${waiting}`;
}

function failureWords(operation: LiveOperation): string {
  const failed = operation.outcomes.filter(
    ({ outcome }) => outcome === 'failed',
  );
  const [first] = failed;
  const what =
    failed.length === 0
      ? ''
      : ` Failed: ${joined(failed.slice(0, 3).map(resourceWords))}${
          failed.length > 3 ? ` and ${failed.length - 3} more` : ''
        }${first.message ? `; ${asSentence(first.message)}` : '.'}`;
  const says = operation.message
    ? ` Argo CD says: ${asSentence(operation.message)}`
    : '';
  return `The sync failed.${says}${what}`;
}
