import { LiveApplication } from '@slipway/plugin-delivery-node';
import { ActionRecord } from './ActionRecord';
import { verbOf } from './availability';
import { isUnderWay } from './operations';
import { revisionWords } from './words';

/** The state on which somebody decided, as a sentence for the audit. */
export function stateWords(live: LiveApplication): string {
  const { application } = live;
  const sync = {
    synced: 'Git and the cluster agreed',
    'out-of-sync': 'Git and the cluster differed',
    unknown: 'Whether git and the cluster agreed was not known',
  }[application.sync.state];
  const operation = isUnderWay(live)
    ? 'a sync was under way'
    : 'no sync was under way';
  return `${sync} at ${revisionWords(
    application.sync.revisions,
    application,
  )}; health was ${application.health.state}; ${operation}.`;
}

/** What of the portal's own is under way and keeps others from beginning. */
export function ownActionWords(
  record: Pick<ActionRecord, 'action' | 'requestedBy'>,
): string {
  return `${record.requestedBy} has asked to ${verbOf(
    record.action,
  )} it through the portal, and that is under way. Wait until it is over.`;
}
