import { DeploymentActionKind, SyncOptions } from './action';

/**
 * One line of the audit: something that somebody asked for, was refused, or
 * that came of it. Lines are only ever added.
 *
 * @public
 */
export type ActivityEntry = {
  id: string;
  /** ISO 8601, UTC. */
  at: string;
  /**
   * - `requested`: it was asked for and taken on.
   * - `refused`: it was asked for and not done; see `code` and `result`.
   * - `succeeded`, `failed`, `unknown`: how what was taken on ended.
   */
  event: 'requested' | 'refused' | 'succeeded' | 'failed' | 'unknown';
  action: DeploymentActionKind;
  /** How to sync, where that was said: a dry run is none that changes anything. */
  options?: SyncOptions;
  /** The action that it is about; absent when none came of it. */
  actionId?: string;
  entityRef: string;
  environment: string;
  /** Name of the application and of its instance, where they are known. */
  target?: { instance: string; application: string };
  actor: {
    /** Entity ref of a person, or the name of a service that asked. */
    ref: string;
    kind: 'user' | 'service';
  };
  /** In the person's own words. */
  reason?: string;
  /** What the person saw when they asked, as a sentence. */
  stateSeen?: string;
  /** What came of it, as a sentence. */
  result?: string;
  /** Stable code of a refusal. */
  code?: string;
};

/**
 * A page of the audit, newest first: the answer of `GET /activity`.
 *
 * @public
 */
export type ActivityPage = {
  entries: ActivityEntry[];
  /** Absent on the last page. */
  nextCursor?: string;
};

/**
 * What to read of the audit.
 *
 * @public
 */
export type ActivityQuery = {
  /** Full ref of an entity; every entity when absent. */
  entityRef?: string;
  /** Id of an environment; every environment when absent. */
  environment?: string;
  /** Ref of who asked. */
  actor?: string;
  /** Only refusals, or only what was carried out. */
  event?: 'refused' | 'done';
  cursor?: string;
  /** 1 to 100; 25 when absent. */
  limit?: number;
};
