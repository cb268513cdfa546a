import { ActionRecord, ActionTimes } from './ActionRecord';
import { fail, loseTrack, refuse, succeed } from './endings';
import { moved, withOutcome, withStep } from './progress';
import { Effect, EffectResult, msBetween, Step } from './steps';
import { refusalOf, UpstreamFault } from './upstreamErrors';
import { windowWords } from './windows';
import { commitWords } from './words';

/** What a rule is handed of an effect that was asked for. */
type Settling = {
  record: ActionRecord;
  effect: Effect;
  result: EffectResult;
  now: string;
  times: ActionTimes;
};

/**
 * Takes in what came of an effect. A failure of which the effect may be the cause
 * all the same is no failure: it is `lost`, and the next look at the world decides.
 */
export function settleEffect(
  settling: Settling,
): Exclude<Step, { kind: 'perform' }> {
  const step = settled(settling);
  if (step.kind === 'perform') {
    throw new TypeError('An effect does not bring about another one');
  }
  return step;
}

function settled(settling: Settling): Step {
  const { effect } = settling;
  switch (effect.name) {
    case 'refresh':
      return settleRefresh(settling);
    case 'sync':
    case 'terminate':
      return settleCommand(settling, effect.name);
    case 'commit':
      return settleCommit(settling);
    default:
      return effect satisfies never;
  }
}

function settleRefresh(settling: Settling): Step {
  const { record, result, now, times } = settling;
  const isWhatWasAskedFor =
    record.action === 'refresh' || record.action === 'hard-refresh';
  if (result.ok) {
    const taken = withOutcome(record, 'refresh', 'taken', {
      done: result.done === true,
    });
    return isWhatWasAskedFor
      ? succeed(
          withStep(taken, 'refresh', 'done', { now }),
          result.done
            ? 'Argo CD has looked again.'
            : 'Argo CD has been asked to look again, and is still at it.',
          now,
        )
      : { kind: 'wait', record: taken, pace: 'soon' };
  }
  const { fault } = result;
  const notTaken = withOutcome(
    record,
    'refresh',
    fault.mayHaveHappened ? 'lost' : 'not-taken',
  );
  // A look that only helps another action is asked for again later.
  if (!isWhatWasAskedFor) {
    return { kind: 'wait', record: notTaken, pace: 'soon' };
  }
  return isPassing(fault)
    ? tryAgain(notTaken, fault, now, times)
    : refuse(notTaken, refusalOf(fault).reason, now);
}

function settleCommand(
  { record, result, now, times }: Settling,
  name: 'sync' | 'terminate',
): Step {
  if (result.ok) {
    const taken = withStep(
      moved(withOutcome(record, name, 'taken'), now),
      'request',
      'done',
      { now },
    );
    return {
      kind: 'wait',
      pace: 'soon',
      record: {
        ...withStep(taken, 'follow', 'running', { now }),
        summary:
          name === 'sync'
            ? 'Argo CD has taken the sync on.'
            : 'Argo CD is ending the sync.',
      },
    };
  }
  const { fault, windows } = result;
  if (fault.mayHaveHappened) {
    return {
      kind: 'wait',
      pace: 'soon',
      record: {
        ...withOutcome(record, name, 'lost'),
        summary:
          'The answer of Argo CD was lost. Whether it has taken this on is being looked up.',
      },
    };
  }
  const attempts = record.progress.effects[name]?.attempts ?? 1;
  if (fault.kind === 'operation-in-progress' && attempts > 1) {
    // What is in the way may be our own, of an earlier attempt.
    return {
      kind: 'wait',
      pace: 'soon',
      record: withOutcome(record, name, 'lost'),
    };
  }
  const notTaken = withOutcome(record, name, 'not-taken');
  if (
    isPassing(fault) ||
    (name === 'terminate' && fault.kind === 'no-operation')
  ) {
    return tryAgain(notTaken, fault, now, times);
  }
  return refuse(
    notTaken,
    fault.kind === 'blocked-by-sync-window' && windows
      ? windowWords(windows)
      : refusalOf(fault).reason,
    now,
  );
}

function settleCommit({ record, result, now, times }: Settling): Step {
  if (result.ok) {
    const { commit } = result;
    if (!commit) {
      return loseTrack(
        record,
        'A commit was made, and nothing is known of it. Look at the history of the repository.',
        now,
      );
    }
    return {
      kind: 'wait',
      pace: 'soon',
      record: {
        ...withStep(
          moved(withOutcome(record, 'commit', 'taken'), now),
          'commit',
          'done',
          { now, detail: `Commit ${commitWords(commit)} was made.` },
        ),
        commit,
        summary: `The commit ${commitWords(commit)} is made.`,
      },
    };
  }
  const { fault } = result;
  const attempts = record.progress.effects.commit?.attempts ?? 1;
  if (fault.mayHaveHappened || isPassing(fault)) {
    return tryAgain(
      withOutcome(
        record,
        'commit',
        fault.mayHaveHappened || attempts > 1 ? 'lost' : 'not-taken',
      ),
      fault,
      now,
      times,
    );
  }
  // The writer says "changed" only when no commit of this action is there.
  return attempts === 1 || fault.kind === 'conflict'
    ? refuse(withOutcome(record, 'commit', 'not-taken'), fault.message, now)
    : loseTrack(
        record,
        `Whether the commit was made is not known: look at the history of ${record.revert?.branch}. ${fault.message}`,
        now,
      );
}

/** Puts an effect off that was surely not taken on, until it is given up. */
function tryAgain(
  record: ActionRecord,
  fault: UpstreamFault,
  now: string,
  times: ActionTimes,
): Step {
  const { reason } = refusalOf(fault);
  const isCommit = record.action === 'revert' && !record.commit;
  if (!isCommit && msBetween(record.progress.movedAt, now) >= times.giveUpMs) {
    return fail(
      record,
      record.commit
        ? `Argo CD could not be asked to apply it. ${reason}`
        : `Nothing was done. ${reason}`,
      now,
    );
  }
  return {
    kind: 'wait',
    pace: 'back-off',
    record: {
      ...record,
      summary: reason,
      progress: {
        ...record.progress,
        failures: record.progress.failures + 1,
      },
    },
  };
}

/** Whether it may well be otherwise in a moment. */
function isPassing({ kind }: UpstreamFault): boolean {
  switch (kind) {
    case 'unavailable':
    case 'unexpected':
      return true;
    case 'conflict':
    case 'operation-in-progress':
    case 'no-operation':
    case 'blocked-by-sync-window':
    case 'not-found':
    case 'forbidden':
    case 'unauthenticated':
    case 'invalid':
      return false;
    default:
      return kind satisfies never;
  }
}
