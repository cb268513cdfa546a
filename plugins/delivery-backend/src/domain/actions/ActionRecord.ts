import {
  DeploymentAction,
  DeploymentTarget,
  Release,
} from '@slipway/plugin-delivery-common';
import { ApplicationId } from '@slipway/plugin-delivery-node';
import { RevertRequest } from '../revert/RevertRequest';

/**
 * An action with everything that is needed to carry it out, by this replica or
 * by another: what is stored of it.
 */
export type ActionRecord = Omit<DeploymentAction, 'target'> & {
  target: DeploymentTarget;
  applicationId: ApplicationId;
  /** AppProject of the application. */
  project: string;
  upstreamId: string;
  seen: SeenState;
  /** Of a revert. */
  revert?: RevertOrder;
  progress: ActionProgress;
};

/** The state on which a person decided. */
export type SeenState = {
  /** See `stateToken`. */
  token: string;
  /** Uid of the application. */
  uid?: string;
  /** What git asked for: one revision a source. */
  revisions: string[];
  /** See `operationKey`: the operation that there was. */
  operation: string;
  /** Argo CD applies git by itself. */
  automated: boolean;
  /** As a sentence. */
  sentence: string;
};

/** What a revert is to write, as the person confirmed it. */
export type RevertOrder = {
  request: RevertRequest;
  fingerprint: string;
  from: Release;
  to: Release;
  /** URL of the repository, without credentials. */
  repository: string;
  branch: string;
  /** Commit that the branch was at. */
  head: string;
  /** First line of the message of the commit. */
  subject: string;
  person: { entityRef: string; name: string; email?: string };
};

/** What is asked of a system outside, one at a time. */
export type EffectName = 'refresh' | 'sync' | 'terminate' | 'commit';

/**
 * An effect. It is written down before it is asked for; what came of it, after.
 * Whoever finds it without an outcome must look at the world.
 */
export type EffectRecord = {
  /** When it was last about to be asked for: ISO 8601, UTC. */
  intendedAt: string;
  /** How often it was about to be. */
  attempts: number;
  /** The operation that there was just before: see `operationKey`. */
  operationBefore: string;
  /**
   * - `intended`: it was, or is about to be, or never was, asked for.
   * - `taken`: it was taken on.
   * - `lost`: it was asked for, and nobody knows whether it was taken on.
   * - `not-taken`: it was not taken on, and can be asked for again.
   */
  outcome: 'intended' | 'taken' | 'lost' | 'not-taken';
  /** Of a refresh: Argo CD has looked. */
  done?: boolean;
};

/** How far an action has got, beyond what people are shown. */
export type ActionProgress = {
  /** When something last moved on: ISO 8601, UTC. */
  movedAt: string;
  /** When the world could last be looked at: ISO 8601, UTC. */
  lookedAt: string;
  /** Looks in a row that failed, or effects that were put off. */
  failures: number;
  effects: { [name in EffectName]?: EffectRecord };
  /** Of a revert: what git asked for when Argo CD had seen the commit. */
  arrived?: string[];
};

/** How long what may take. All in milliseconds. */
export type ActionTimes = {
  /** After this long without anything moving on, an action is given up. */
  giveUpMs: number;
  /**
   * For how long an effect that was asked for may still come to pass: longer
   * than any request takes.
   */
  graceMs: number;
};
