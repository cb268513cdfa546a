import { ActionRecord } from './ActionRecord';
import { fail, loseTrack, refuse, succeed } from './endings';
import { isTerminating, operationKey } from './operations';
import { intended, moved, withOutcome, withStep } from './progress';
import { stateToken } from './stateToken';
import { isStuck, msBetween, Situation, Step } from './steps';
import { keptOutcomes } from './syncWords';
import { asSentence } from './words';

/**
 * The next step of ending a sync: request, follow. The command names no operation,
 * only the application, so it is given only while the operation that the person
 * saw is the one that is there.
 */
export function nextOfTerminate(situation: Situation): Step {
  const { record, live, now, times } = situation;
  const { operation } = live;
  const effect = record.progress.effects.terminate;
  if (!effect) {
    return stateToken({ action: 'terminate', live }) === record.seen.token
      ? ask(situation)
      : refuse(
          record,
          'The sync was over, or another had begun, before it could be ended. Look at it again.',
          now,
        );
  }
  const surelyNotTaken = effect.outcome === 'not-taken';
  if (!isSame(record.seen.operation, operationKey(operation))) {
    return surelyNotTaken
      ? refuse(record, 'The sync was over before it could be ended.', now)
      : loseTrack(
          record,
          'The sync is over, and another operation is there now: nobody can say whether it was ended or had come to its end.',
          now,
        );
  }
  if (operation?.over) {
    if (surelyNotTaken) {
      return refuse(record, 'The sync was over before it could be ended.', now);
    }
    const says = operation.message
      ? ` Argo CD says: ${asSentence(operation.message)}`
      : '';
    const over = { ...record, outcomes: keptOutcomes(operation.outcomes) };
    if (operation.succeeded) {
      return fail(
        over,
        `The sync came to its end before Argo CD could end it, and succeeded.${says}`,
        now,
      );
    }
    return effect.outcome === 'taken'
      ? succeed(
          withStep(requested(over, now), 'follow', 'done', { now }),
          `The sync was ended.${says} What it had applied by then stays.`,
          now,
        )
      : loseTrack(
          over,
          `The sync is over, and whether it was ended or failed by itself nobody can say: the answer of Argo CD was lost.${says}`,
          now,
        );
  }
  if (isTerminating(live) || effect.outcome === 'taken') {
    const words = operation?.message
      ? `Argo CD is ending the sync. It says: ${asSentence(operation.message)}`
      : 'Argo CD is ending the sync.';
    const asked = requested(record, now);
    return isStuck({ ...situation, record: asked })
      ? loseTrack(
          asked,
          'Argo CD was asked to end the sync, and has not ended it since. It may still do so.',
          now,
        )
      : {
          kind: 'wait',
          pace: 'soon',
          record: {
            ...withStep(asked, 'follow', 'running', { now, detail: words }),
            summary: words,
          },
        };
  }
  if (isStuck(situation)) {
    return surelyNotTaken
      ? fail(record, `The sync goes on. ${record.summary}`, now)
      : loseTrack(
          record,
          'Argo CD was asked to end the sync, and the answer was lost. The sync goes on.',
          now,
        );
  }
  // To end the same operation twice is to end it once, so it is asked for again
  // once no earlier request can still be on its way.
  return surelyNotTaken || msBetween(effect.intendedAt, now) >= times.graceMs
    ? ask(situation)
    : { kind: 'wait', record, pace: 'soon' };
}

function ask({ record, live, now }: Situation): Step {
  return {
    kind: 'perform',
    record: withStep(
      intended(record, 'terminate', {
        now,
        operationBefore: operationKey(live.operation),
      }),
      'request',
      'running',
      { now },
    ),
    effect: { name: 'terminate' },
  };
}

function requested(record: ActionRecord, now: string): ActionRecord {
  if (record.progress.effects.terminate?.outcome === 'taken') {
    return withStep(record, 'request', 'done', { now });
  }
  return withStep(
    moved(withOutcome(record, 'terminate', 'taken'), now),
    'request',
    'done',
    { now },
  );
}

/** An operation that was queued is the same one when it has begun. */
function isSame(before: string, now: string): boolean {
  if (before === now) {
    return true;
  }
  const [began, actionId] = before.split(' ');
  return (
    began === 'queued' && actionId !== '' && now.split(' ')[1] === actionId
  );
}
