import { SyncWindowVerdict } from '@slipway/plugin-delivery-node';
import { DateTime } from 'luxon';
import { WireProjectWindow, WireSyncWindows } from '../../argocd/wire';
import { assignedWindows } from './assignedWindows';
import { opensAt } from './opensAt';
import { syncAllowed } from './syncAllowed';

/**
 * What the sync windows say about a sync by a person.
 *
 * Whether it is allowed now is Argo CD's own word (`canSync`): it is the one that
 * will be asked, by its own clock. Only the next opening is worked out here.
 */
export function toVerdict(options: {
  answer: WireSyncWindows;
  /** All windows of the project; `undefined` when it could not be read. */
  ofProject: readonly WireProjectWindow[] | undefined;
  now: DateTime;
}): SyncWindowVerdict {
  const { answer, ofProject, now } = options;
  const windows = assignedWindows({
    assigned: answer.assignedWindows,
    active: answer.activeWindows,
    ofProject,
    now,
  });
  const allowed = answer.canSync ?? syncAllowed(windows);
  return {
    allowed,
    windows,
    opensAt: allowed
      ? undefined
      : opensAt({ windows, now })?.toUTC().toISO() ?? undefined,
  };
}
