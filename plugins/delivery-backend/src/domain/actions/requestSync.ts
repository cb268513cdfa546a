import {
  OPERATION_INFO_ACTION,
  OPERATION_INFO_PERSON,
  OPERATION_INFO_REASON,
  SyncCommand,
} from '@slipway/plugin-delivery-node';
import { ActionRecord } from './ActionRecord';
import { loseTrack } from './endings';
import { isOwn, operationKey } from './operations';
import { intended, withStep } from './progress';
import { isStuck, msBetween, Situation, Step } from './steps';

/** How often a sync is asked for whose answers were lost, before giving up. */
const ATTEMPTS = 3;

/**
 * Gets our own operation under way, once.
 *
 * The intent is stored with the operation that there was just before. Whoever
 * finds an intent without an outcome looks at the operation that is there now:
 * ours was taken on if it carries our id; it was not if the very same operation is
 * there as before, after a time in which no request can still be on its way; and
 * if it is another one, ours may have come and gone, and nobody can say.
 *
 * @returns `undefined` when our own operation is there, under way or over.
 */
export function requestSync(
  situation: Situation,
  /** What must hold before it is first asked for; ends or delays it if not. */
  obstacle: () => Step | undefined,
): Step | undefined {
  const { record, live, now, times } = situation;
  if (isOwn(live.operation, record.id)) {
    return undefined;
  }
  const effect = record.progress.effects.sync;
  if (!effect || effect.outcome === 'not-taken') {
    return obstacle() ?? ask(situation);
  }
  if (operationKey(live.operation) !== effect.operationBefore) {
    return loseTrack(
      record,
      effect.outcome === 'taken'
        ? 'Argo CD took the sync on, and another operation has begun since: nobody can say how this one ended. Look at what the application is like now.'
        : 'The answer of Argo CD was lost, and another operation is there now: nobody can say whether this sync ever began. Look at what the application is like now.',
      now,
    );
  }
  switch (effect.outcome) {
    case 'taken':
      return isStuck(situation)
        ? loseTrack(
            record,
            'Argo CD took the sync on, and never showed it: nobody can say what became of it.',
            now,
          )
        : { kind: 'wait', record, pace: 'soon' };
    case 'intended':
    case 'lost':
      if (msBetween(effect.intendedAt, now) < times.graceMs) {
        return { kind: 'wait', record, pace: 'soon' };
      }
      if (effect.attempts >= ATTEMPTS) {
        return loseTrack(
          record,
          'Argo CD was asked to sync several times, and every answer was lost. It shows no such sync, so most likely none began.',
          now,
        );
      }
      return obstacle() ?? ask(situation);
    default:
      return effect.outcome satisfies never;
  }
}

function ask({ record, live, now }: Situation): Step {
  return {
    kind: 'perform',
    record: withStep(
      intended(record, 'sync', {
        now,
        operationBefore: operationKey(live.operation),
      }),
      'request',
      'running',
      { now },
    ),
    effect: { name: 'sync', command: syncCommandOf(record) },
  };
}

/**
 * B20: what was chosen goes on top of the application's own sync options, which
 * the adapter sends along. F11: the person goes into the operation's info, since
 * Argo CD knows the portal's account only.
 */
export function syncCommandOf(record: ActionRecord): SyncCommand {
  const { options } = record;
  const extra = {
    ServerSideApply: options.serverSideApply,
    ApplyOutOfSyncOnly: options.outOfSyncOnly,
  };
  return {
    dryRun: options.dryRun ?? false,
    prune: options.prune ?? false,
    force: options.force ?? false,
    extraSyncOptions: Object.entries(extra).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${value}`],
    ),
    infos: {
      [OPERATION_INFO_ACTION]: record.id,
      [OPERATION_INFO_PERSON]: record.requestedBy,
      [OPERATION_INFO_REASON]: record.reason,
    },
  };
}
