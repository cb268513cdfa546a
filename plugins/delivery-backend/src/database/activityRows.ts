import {
  ActivityEntry,
  DeploymentActionKind,
  SyncOptions,
} from '@slipway/plugin-delivery-common';
import { NewActivity } from '../activity/ActivityLog';
import { toNumber } from './rows';

/** A row of `delivery_activity`, as the database drivers hand it out. */
export type ActivityRow = {
  id: number | string;
  at: string;
  event: string;
  action: string;
  options: string | null;
  action_id: string | null;
  entity_ref: string;
  environment: string;
  target_instance: string | null;
  target_application: string | null;
  actor_ref: string;
  actor_kind: string;
  reason: string | null;
  state_seen: string | null;
  result: string | null;
  code: string | null;
};

export function toActivityRow(activity: NewActivity): Omit<ActivityRow, 'id'> {
  const { target, actor } = activity;
  return {
    at: activity.at,
    event: activity.event,
    action: activity.action,
    options: activity.options ? JSON.stringify(activity.options) : null,
    action_id: activity.actionId ?? null,
    entity_ref: activity.entityRef,
    environment: activity.environment,
    target_instance: target?.instance ?? null,
    target_application: target?.application ?? null,
    actor_ref: actor.ref,
    actor_kind: actor.kind,
    reason: toText(activity.reason),
    state_seen: toText(activity.stateSeen),
    result: toText(activity.result),
    code: activity.code ?? null,
  };
}

/** PostgreSQL has no text with this character, and a line must not fail for it. */
function toText(text: string | undefined): string | null {
  return text?.replaceAll('\u0000', '\uFFFD') ?? null;
}

export function toActivityEntry(row: ActivityRow): ActivityEntry {
  return {
    id: String(toNumber(row.id)),
    at: row.at,
    event: row.event as ActivityEntry['event'],
    action: row.action as DeploymentActionKind,
    ...(row.options !== null && {
      options: JSON.parse(row.options) as SyncOptions,
    }),
    ...(row.action_id !== null && { actionId: row.action_id }),
    entityRef: row.entity_ref,
    environment: row.environment,
    ...(row.target_instance !== null &&
      row.target_application !== null && {
        target: {
          instance: row.target_instance,
          application: row.target_application,
        },
      }),
    actor: {
      ref: row.actor_ref,
      kind: row.actor_kind as ActivityEntry['actor']['kind'],
    },
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.state_seen !== null && { stateSeen: row.state_seen }),
    ...(row.result !== null && { result: row.result }),
    ...(row.code !== null && { code: row.code }),
  };
}
