import { LiveOperation } from '@slipway/plugin-delivery-node';
import { WireApplication, WireOperation } from '../argocd/wire';
import { phaseOf, queuedOperation } from './operation';
import { toOutcomes } from './outcomes';
import { oneOrMore } from './sources';

/**
 * The operation that an application has, or had last, in full: what tells the
 * portal's own operation from another one, how far it is, and what it did.
 *
 * `operation` is what was asked for. While it has not begun, `operationState` is
 * missing or still tells of the operation before (B6), so nothing is taken from
 * it. An attempt that failed and will be made again has a `finishedAt` and is
 * not over (B5). One that is being terminated is not over either.
 */
export function toLiveOperation(
  application: WireApplication,
): LiveOperation | undefined {
  const queued = queuedOperation(application);
  if (queued) {
    return {
      queued: true,
      over: false,
      succeeded: false,
      retries: 0,
      dryRun: queued.sync?.dryRun === true,
      revisions: oneOrMore(queued.sync),
      infos: infosOf(queued),
      outcomes: [],
    };
  }
  const state = application.status?.operationState;
  if (!state) {
    return undefined;
  }
  const phase = phaseOf(state);
  const sync = state.operation?.sync;
  const applied = oneOrMore(state.syncResult);
  return {
    queued: false,
    over: phase === 'succeeded' || phase === 'failed',
    succeeded: phase === 'succeeded',
    message: state.message || undefined,
    startedAt: state.startedAt,
    finishedAt: state.finishedAt,
    retries: state.retryCount ?? 0,
    dryRun: sync?.dryRun === true,
    revisions: applied.length > 0 ? applied : oneOrMore(sync),
    infos: infosOf(state.operation),
    outcomes: toOutcomes(state.syncResult?.resources ?? []),
  };
}

/** By name, without a prototype: names come from whoever started it. */
function infosOf(operation: WireOperation | undefined): {
  [name: string]: string;
} {
  const infos: { [name: string]: string } = Object.create(null);
  for (const { name, value } of operation?.info ?? []) {
    if (name) {
      infos[name] ??= value ?? '';
    }
  }
  return infos;
}
