import { ActivityEntry } from '@slipway/plugin-delivery-common';
import { NewActivity } from '../activity/ActivityLog';
import { ActionRecord } from '../domain/actions/ActionRecord';

/** The line of the audit that tells of an action. */
export function activityOf(
  record: ActionRecord,
  event: ActivityEntry['event'],
  options: { at: string; result?: string; code?: string },
): NewActivity {
  const { at, result, code } = options;
  return {
    at,
    event,
    action: record.action,
    actionId: record.id,
    entityRef: record.entityRef,
    environment: record.environment,
    target: {
      instance: record.target.instance,
      application: record.target.application,
    },
    actor: { ref: record.requestedBy, kind: 'user' },
    reason: record.reason,
    stateSeen: record.seen.sentence,
    ...(result !== undefined && { result }),
    ...(code !== undefined && { code }),
  };
}
