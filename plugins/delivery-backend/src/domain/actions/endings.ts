import { ActionRecord } from './ActionRecord';
import { finished } from './progress';
import { Step } from './steps';
import { commitWords } from './words';

/**
 * Whether something may have been changed outside. What was asked for and surely
 * not taken on does not count, and neither does a look.
 */
export function mayHaveActed(record: ActionRecord): boolean {
  const { sync, terminate, commit } = record.progress.effects;
  return [sync, terminate, commit].some(
    effect => effect !== undefined && effect.outcome !== 'not-taken',
  );
}

/** It succeeded. */
export function succeed(
  record: ActionRecord,
  summary: string,
  now: string,
): Step {
  return {
    kind: 'finish',
    record: finished(record, 'succeeded', summary, now),
  };
}

/** It failed, and that is certain. */
export function fail(record: ActionRecord, summary: string, now: string): Step {
  return {
    kind: 'finish',
    record: finished(record, 'failed', afterCommit(record, summary), now),
  };
}

/** Nobody can say how it ended: never told as success, and never as failure. */
export function loseTrack(
  record: ActionRecord,
  summary: string,
  now: string,
): Step {
  return {
    kind: 'finish',
    record: finished(record, 'unknown', afterCommit(record, summary), now),
  };
}

/**
 * It was not allowed. Where a commit was made already, something was done, and it
 * has failed.
 */
export function refuse(
  record: ActionRecord,
  reason: string,
  now: string,
): Step {
  return record.commit
    ? fail(record, reason, now)
    : {
        kind: 'finish',
        record: finished(record, 'refused', `Nothing was done. ${reason}`, now),
      };
}

/** What a revert has done already is said first: the commit stays. */
function afterCommit(record: ActionRecord, summary: string): string {
  return record.commit
    ? `The commit ${commitWords(record.commit)} was made and stays. ${summary}`
    : summary;
}
