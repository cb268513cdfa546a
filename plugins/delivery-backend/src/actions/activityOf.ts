import {
  ActivityEntry,
  DeploymentTarget,
  SyncOptions,
} from '@slipway/plugin-delivery-common';
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
    ...saidOptions(record.options),
    actionId: record.id,
    entityRef: record.entityRef,
    environment: record.environment,
    ...activityTarget(record.target),
    actor: { ref: record.requestedBy, kind: 'user' },
    reason: record.reason,
    stateSeen: record.seen.sentence,
    ...(result !== undefined && { result }),
    ...(code !== undefined && { code }),
  };
}

/** Which options the audit tells of: those that were chosen. */
export function saidOptions(
  options: SyncOptions | undefined,
): Pick<NewActivity, 'options'> {
  const chosen = Object.fromEntries(
    Object.entries(options ?? {}).filter(([, isChosen]) => isChosen),
  );
  return Object.keys(chosen).length > 0 ? { options: chosen } : {};
}

/** What the audit tells of a target: nothing where nothing may be told of it. */
export function activityTarget({
  instance,
  application,
}: DeploymentTarget): Pick<NewActivity, 'target'> {
  return instance === undefined || application === undefined
    ? {}
    : { target: { instance, application } };
}
