import { ActionRecord, ActionTimes } from './ActionRecord';
import { fail, loseTrack, mayHaveActed, refuse } from './endings';
import { operationKey } from './operations';
import { intended, withStep } from './progress';
import { nextOfRevert } from './revertAction';
import { msBetween, Situation, Step, World } from './steps';
import { nextOfSync } from './syncAction';
import { nextOfTerminate } from './terminateAction';
import { refusalOf, UpstreamFault } from './upstreamErrors';

/**
 * The one next thing to do with an action, from what is written of it and from
 * what the world is like now. Nothing is concluded from what should have happened:
 * whoever goes on with an action, after whatever crash, comes to the same step.
 */
export function nextStep(options: {
  record: ActionRecord;
  world: World;
  times: ActionTimes;
}): Step {
  const { record, world, times } = options;
  const { now } = world;
  if (world.fault) {
    return withoutSight({ record, fault: world.fault, now, times });
  }
  const { live } = world;
  const situation: Situation = {
    live,
    now,
    times,
    record: {
      ...record,
      progress: { ...record.progress, lookedAt: now, failures: 0 },
    },
  };
  if (live.application.uid !== record.seen.uid) {
    const words =
      'The application was deleted and made again since it was confirmed.';
    return mayHaveActed(record)
      ? loseTrack(
          situation.record,
          `${words} What became of the action cannot be told.`,
          now,
        )
      : refuse(situation.record, words, now);
  }
  switch (record.action) {
    case 'refresh':
    case 'hard-refresh':
      return refresh(situation, record.action === 'hard-refresh');
    case 'sync':
      return nextOfSync(situation);
    case 'terminate':
      return nextOfTerminate(situation);
    case 'revert':
      return nextOfRevert(situation);
    default:
      return record.action satisfies never;
  }
}

/** To look again is harmless: when in doubt whether it was asked for, it is. */
function refresh({ record, live, now }: Situation, hard: boolean): Step {
  return {
    kind: 'perform',
    record: withStep(
      intended(record, 'refresh', {
        now,
        operationBefore: operationKey(live.operation),
      }),
      'refresh',
      'running',
      { now },
    ),
    effect: { name: 'refresh', hard },
  };
}

/**
 * The world cannot be looked at. Nothing is done blindly: it is tried again until
 * it has been away for too long. A2: an application that is not found may also be
 * one that the portal's account may not see, so it is never called deleted.
 */
function withoutSight(options: {
  record: ActionRecord;
  fault: UpstreamFault;
  now: string;
  times: ActionTimes;
}): Step {
  const { fault, now, times } = options;
  const { reason } = refusalOf(fault);
  const record: ActionRecord = {
    ...options.record,
    progress: {
      ...options.record.progress,
      failures: options.record.progress.failures + 1,
    },
  };
  const { lookedAt, movedAt } = record.progress;
  const unseenFor = msBetween(lookedAt > movedAt ? lookedAt : movedAt, now);
  const acted = mayHaveActed(record);
  if (isDefinite(fault)) {
    if (!acted) {
      return refuse(record, reason, now);
    }
    if (unseenFor >= times.graceMs) {
      return loseTrack(
        record,
        `What became of it cannot be told. ${reason}`,
        now,
      );
    }
  } else if (unseenFor >= times.giveUpMs) {
    return acted
      ? loseTrack(
          record,
          `What became of it cannot be told: Argo CD could not be asked any more. ${reason}`,
          now,
        )
      : fail(
          record,
          `Nothing was done: Argo CD could not be asked. ${reason}`,
          now,
        );
  }
  return {
    kind: 'wait',
    pace: 'back-off',
    record: {
      ...record,
      summary: `Argo CD cannot be asked now, and will be asked again. ${reason}`,
    },
  };
}

/** Whether asking again would most likely be answered with the same. */
function isDefinite({ kind }: UpstreamFault): boolean {
  switch (kind) {
    case 'not-found':
    case 'forbidden':
    case 'unauthenticated':
    case 'invalid':
      return true;
    case 'operation-in-progress':
    case 'no-operation':
    case 'conflict':
    case 'blocked-by-sync-window':
    case 'unavailable':
    case 'unexpected':
      return false;
    default:
      return kind satisfies never;
  }
}
