import { DateTime } from 'luxon';
import {
  LiveApplication,
  SyncCommand,
  SyncWindowVerdict,
} from '@slipway/plugin-delivery-node';
import { ActionRecord, ActionTimes } from './ActionRecord';
import { UpstreamFault } from './upstreamErrors';

/** What an action finds when it looks at the world. */
export type World = {
  /** ISO 8601, UTC. */
  now: string;
} & (
  | { live: LiveApplication; fault?: undefined }
  /** The upstream could not be read. */
  | { live?: undefined; fault: UpstreamFault }
);

/** What to ask a system outside for. */
export type Effect =
  | { name: 'refresh'; hard: boolean }
  | { name: 'sync'; command: SyncCommand }
  | { name: 'terminate' }
  | { name: 'commit' };

/**
 * The one next thing to do with an action.
 *
 * - `wait`: look again later, `soon` while something is expected to move, with
 *   growing pauses (`back-off`) while something fails.
 * - `perform`: store the record, which says what is intended, and then do it.
 * - `finish`: it is over.
 */
export type Step =
  | { kind: 'wait'; record: ActionRecord; pace: 'soon' | 'back-off' }
  | { kind: 'perform'; record: ActionRecord; effect: Effect }
  | { kind: 'finish'; record: ActionRecord };

/** What a rule is handed: the action, what it sees, and how long what may take. */
export type Situation = {
  record: ActionRecord;
  live: LiveApplication;
  now: string;
  times: ActionTimes;
};

/** What came of an effect. */
export type EffectResult =
  | { ok: true; done?: boolean; commit?: NonNullable<ActionRecord['commit']> }
  | {
      ok: false;
      fault: UpstreamFault;
      /** A4: what the sync windows say, when one is in the way. */
      windows?: SyncWindowVerdict;
    };

/** Milliseconds from one time to another. */
export function msBetween(from: string, to: string): number {
  return DateTime.fromISO(to).toMillis() - DateTime.fromISO(from).toMillis();
}

/** Whether nothing has moved for so long that it is given up. */
export function isStuck({ record, now, times }: Situation): boolean {
  return msBetween(record.progress.movedAt, now) >= times.giveUpMs;
}
