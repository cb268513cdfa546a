import { loseTrack } from './endings';
import { intended, withStep } from './progress';
import { operationKey } from './operations';
import { isStuck, msBetween, Situation, Step } from './steps';

/**
 * B1: what Argo CD says of sync and health is from before its own sync until it
 * has looked again, so it is asked to, and nothing is believed until it has.
 *
 * @returns `undefined` when it has.
 */
export function verifySync(situation: Situation): Step | undefined {
  const { record, live, now, times } = situation;
  if (live.application.verified) {
    return undefined;
  }
  const waiting = {
    ...withStep(record, 'verify', 'running', { now }),
    summary:
      'The sync is done. Argo CD has not looked again since, so what came of it is not known yet.',
  };
  if (isStuck(situation)) {
    return loseTrack(
      waiting,
      'The sync is done, but Argo CD has not looked again since: nobody can say whether git and the cluster agree.',
      now,
    );
  }
  const asked = record.progress.effects.refresh;
  // To look is harmless, so a look whose answer was lost is asked for again.
  const isAsked =
    asked !== undefined &&
    (record.steps.find(({ id }) => id === 'verify')?.at ?? now) <=
      asked.intendedAt &&
    msBetween(asked.intendedAt, now) < times.graceMs;
  return isAsked
    ? { kind: 'wait', record: waiting, pace: 'soon' }
    : {
        kind: 'perform',
        record: intended(waiting, 'refresh', {
          now,
          operationBefore: operationKey(live.operation),
        }),
        effect: { name: 'refresh', hard: false },
      };
}
