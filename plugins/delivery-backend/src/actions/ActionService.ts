import { randomUUID } from 'node:crypto';
import {
  ActionAvailability,
  ActionPlan,
  ActionRequest,
  DELIVERY_ERROR_CODES,
  DeploymentAction,
  DeploymentActionKind,
} from '@slipway/plugin-delivery-common';
import { ApplicationCommands } from '@slipway/plugin-delivery-node';
import { Request } from 'express';
import { DateTime } from 'luxon';
import { ActivityLog } from '../activity/ActivityLog';
import { Admission, DatabaseActions } from '../database/DatabaseActions';
import { ActionRecord } from '../domain/actions/ActionRecord';
import { availabilityOf, obstacleTo } from '../domain/actions/availability';
import { operationKey } from '../domain/actions/operations';
import { revertSubject } from '../domain/actions/planRevert';
import { initialSteps, toDeploymentAction } from '../domain/actions/progress';
import { ownActionWords, stateWords } from '../domain/actions/stateWords';
import { Refusal } from '../domain/actions/upstreamErrors';
import { digestOf } from '../digest';
import { formatTime } from '../domain/times';
import { CommitPerson, RevertWriter } from '../gitops/RevertWriter';
import { invalidParameter, refused } from '../service/errors';
import { activityOf, activityTarget, saidOptions } from './activityOf';
import { ActionPlanner, Planned } from './ActionPlanner';
import { ActionTarget, TargetFinder } from './TargetFinder';

/** For how long an action that is over is shown with its deployment. */
const SHOWN_FOR = { minutes: 10 } as const;

/** Which deployment of a service is meant. */
export type ActionSubject = {
  entityRef: string;
  environment: string;
  /** Id of the target. */
  target?: string;
};

/** What a person asks for. */
export type RequestedAction = ActionSubject & {
  action: DeploymentActionKind;
  request: ActionRequest;
  person: CommitPerson;
  /** For the auditor. */
  httpRequest?: Request;
};

/** The options of {@link ActionService}. */
export type ActionServiceOptions = {
  actions: DatabaseActions;
  planner: ActionPlanner;
  targets: TargetFinder;
  activity: ActivityLog;
  revertWriter: Pick<RevertWriter, 'whyReadOnly'>;
  /** An action was taken on. */
  onTakenOn: (applicationRow: number) => void;
};

/**
 * Plans actions and takes them on. It knows nothing of permissions; what it
 * refuses is for reasons that hold whoever asks.
 */
export class ActionService {
  readonly #options: ActionServiceOptions;

  static create(options: ActionServiceOptions): ActionService {
    return new ActionService(options);
  }

  private constructor(options: ActionServiceOptions) {
    this.#options = options;
  }

  /**
   * What would happen, and where, if the action were asked for now.
   *
   * @throws an error with one of our codes when that cannot be told.
   */
  async plan(
    subject: ActionSubject & {
      action: DeploymentActionKind;
      now: string;
      signal?: AbortSignal;
    },
  ): Promise<ActionPlan> {
    const target = this.#options.targets.find(subject);
    const commands = actableOf(target);
    const { plan } = await this.#options.planner.plan({
      ...subject,
      target,
      commands,
    });
    return plan;
  }

  /**
   * Takes an action on, once for a person and key. What is refused is in the
   * audit when this rejects.
   */
  async request(
    asked: RequestedAction & { now: string },
  ): Promise<{ action: DeploymentAction; isNew: boolean }> {
    const { action, request, person, now } = asked;
    if (action !== 'sync' && request.options !== undefined) {
      throw invalidParameter('Only a sync has options');
    }
    const requestDigest = requestDigestOf(asked);
    const before = await this.#options.actions.findByKey({
      requestedBy: person.entityRef,
      idempotencyKey: request.idempotencyKey.toLowerCase(),
    });
    if (before) {
      return this.#again(asked, before, requestDigest);
    }
    const target = this.#options.targets.find(asked);
    const planned = await this.#decide(asked, target);
    const record = recordOf({ asked, target, planned, now });
    const admission = await this.#options.actions.admit(
      {
        record,
        applicationRow: target.applicationRow,
        idempotencyKey: request.idempotencyKey.toLowerCase(),
        requestDigest,
      },
      transaction =>
        this.#options.activity.append(
          activityOf(record, 'requested', { at: now }),
          {
            transaction,
            ...(asked.httpRequest && { request: asked.httpRequest }),
          },
        ),
    );
    return this.#admitted({ asked, target, admission, requestDigest, planned });
  }

  /** An action, as far as it has got. */
  find(id: string): Promise<ActionRecord | undefined> {
    return this.#options.actions.find(id);
  }

  /**
   * What can be done with each deployment of a service now, by id of target, and
   * what was last asked for.
   */
  async overview(options: {
    entityRef: string;
    isPermitted: (environment: string, action: DeploymentActionKind) => boolean;
    /** Whether the caller may know what was asked for. */
    maySee: (record: ActionRecord) => boolean;
    now: string;
  }): Promise<
    (target: { environment: string; id: string }) => {
      actions: ActionAvailability[];
      latestAction?: DeploymentAction;
    }
  > {
    const { entityRef, isPermitted, maySee, now } = options;
    const recent = await this.#options.actions.recent({
      entityRef,
      finishedSince: formatTime(DateTime.fromISO(now).minus(SHOWN_FOR)),
    });
    const targets = new Map(
      this.#options.targets
        .targetsOf(entityRef)
        .map(target => [keyOf(target.deployment), target]),
    );
    return ({ environment, id }) => {
      const target = targets.get(`${environment} ${id}`);
      const here = recent.filter(
        record => record.environment === environment && record.target.id === id,
      );
      const latest =
        here.find(({ phase }) => phase === 'running') ?? here.at(0);
      return {
        actions: target
          ? this.#availability(target, here, action =>
              isPermitted(environment, action),
            )
          : [],
        ...(latest &&
          maySee(latest) && { latestAction: toDeploymentAction(latest) }),
      };
    };
  }

  #availability(
    target: ActionTarget,
    recent: ActionRecord[],
    isPermitted: (action: DeploymentActionKind) => boolean,
  ): ActionAvailability[] {
    const own = recent.find(
      ({ phase, action }) =>
        phase === 'running' && (action === 'sync' || action === 'revert'),
    );
    return availabilityOf({
      conditions: this.#conditionsOf(target, own),
      isPermitted,
    });
  }

  #conditionsOf(target: ActionTarget, own?: ActionRecord) {
    const { deployment, application, commands } = target;
    return {
      binding: deployment.binding,
      canAct: commands !== undefined,
      whyNoRevert: this.#whyNoRevert(target),
      deleting: application.deleting,
      ...(deployment.operation && { operation: deployment.operation }),
      ...(own && { ownAction: ownActionWords(own) }),
    };
  }

  /** What can be said without asking git: a plan says the rest. */
  #whyNoRevert({ application }: ActionTarget): string | undefined {
    const folders = application.sources.filter(
      ({ chart, path }) => chart === undefined && path !== undefined,
    );
    if (folders.length === 0) {
      return 'What it deploys is not a folder in git, so there is nothing to commit to.';
    }
    const reasons = folders.map(({ repoUrl }) =>
      this.#options.revertWriter.whyReadOnly(repoUrl),
    );
    return reasons.includes(undefined) ? undefined : reasons[0];
  }

  /** The same key again: the same action, or a mistake. */
  async #again(
    asked: RequestedAction & { now: string },
    before: { record: ActionRecord; requestDigest: string },
    requestDigest: string,
  ): Promise<{ action: DeploymentAction; isNew: boolean }> {
    if (before.requestDigest !== requestDigest) {
      throw await this.#refuse(asked, undefined, {
        code: DELIVERY_ERROR_CODES.idempotencyKeyReused,
        reason:
          'This key was used for another request. Confirm again, which makes up a new one.',
      });
    }
    return { action: toDeploymentAction(before.record), isNew: false };
  }

  /** Compares with what the person saw, on what the upstream says now. */
  async #decide(
    asked: RequestedAction & { now: string },
    target: ActionTarget,
  ): Promise<Planned> {
    const { action, request, now } = asked;
    let planned: Planned;
    try {
      planned = await this.#options.planner.plan({
        action,
        target,
        commands: actableOf(target),
        now,
        carryingOut: true,
      });
    } catch (error) {
      throw await this.#recorded(asked, target, error);
    }
    const { plan, live } = planned;
    if (plan.blocked) {
      throw await this.#refuse(asked, target, plan.blocked, stateWords(live));
    }
    if (plan.seen !== request.seen) {
      throw await this.#refuse(
        asked,
        target,
        {
          code: DELIVERY_ERROR_CODES.stateChanged,
          reason:
            'It is no longer as you saw it, so nothing was done. Look at it again and confirm anew.',
        },
        stateWords(live),
      );
    }
    return planned;
  }

  async #admitted(options: {
    asked: RequestedAction & { now: string };
    target: ActionTarget;
    admission: Admission;
    requestDigest: string;
    planned: Planned;
  }): Promise<{ action: DeploymentAction; isNew: boolean }> {
    const { asked, target, admission, requestDigest, planned } = options;
    switch (admission.kind) {
      case 'taken-on':
        this.#options.onTakenOn(target.applicationRow);
        return { action: toDeploymentAction(admission.record), isNew: true };
      case 'same-key':
        return this.#again(asked, admission, requestDigest);
      case 'busy':
        throw await this.#refuse(
          asked,
          target,
          {
            code: DELIVERY_ERROR_CODES.operationInProgress,
            reason: admission.by
              ? ownActionWords(admission.by)
              : 'Something else was under way just now. Look at it again.',
          },
          stateWords(planned.live),
        );
      default:
        return admission satisfies never;
    }
  }

  /** Puts a refusal into the audit, and answers with the error to throw. */
  async #refuse(
    asked: RequestedAction & { now: string },
    target: ActionTarget | undefined,
    refusal: Refusal,
    stateSeen?: string,
  ): Promise<Error> {
    return this.#recorded(asked, target, refused(refusal), stateSeen);
  }

  async #recorded(
    asked: RequestedAction & { now: string },
    target: ActionTarget | undefined,
    error: unknown,
    stateSeen?: string,
  ): Promise<Error> {
    if (!(error instanceof Error)) {
      return new Error(String(error));
    }
    const { action, entityRef, environment, request, person, now } = asked;
    await this.#options.activity.refuse(
      error,
      {
        at: now,
        action,
        ...saidOptions(request.options),
        entityRef,
        environment,
        ...(target && activityTarget(target.deployment.target)),
        actor: { ref: person.entityRef, kind: 'user' },
        reason: request.reason,
        ...(stateSeen !== undefined && { stateSeen }),
        result: error.message,
        ...('code' in error &&
          typeof error.code === 'string' && { code: error.code }),
      },
      asked.httpRequest && { request: asked.httpRequest },
    );
    return error;
  }
}

/**
 * How a target is acted on.
 *
 * @throws an error with its code when it is unbound, or only read from.
 */
function actableOf(target: ActionTarget): ApplicationCommands {
  const { deployment, commands } = target;
  const refusal = obstacleTo('refresh', {
    binding: deployment.binding,
    canAct: commands !== undefined,
    whyNoRevert: undefined,
    deleting: false,
  });
  if (refusal || !commands) {
    throw refused(
      refusal ?? {
        code: DELIVERY_ERROR_CODES.readOnly,
        reason: 'The portal may only read there.',
      },
    );
  }
  return commands;
}

function keyOf(deployment: ActionTarget['deployment']): string {
  return `${deployment.environment} ${deployment.target.id}`;
}

/** Of everything that a person asked for: the same key may mean only the same. */
function requestDigestOf(asked: RequestedAction): string {
  const { action, entityRef, environment, request } = asked;
  const { idempotencyKey, ...content } = request;
  return digestOf({ action, entityRef, environment, content });
}

function recordOf(options: {
  asked: RequestedAction;
  target: ActionTarget;
  planned: Planned;
  now: string;
}): ActionRecord {
  const { asked, target, planned, now } = options;
  const { action, entityRef, environment, request, person } = asked;
  const { live, plan, revert } = planned;
  const { application } = live;
  const record: ActionRecord = {
    id: randomUUID(),
    action,
    entityRef,
    environment,
    target: target.deployment.target,
    applicationId: application.id,
    project: application.project,
    upstreamId: target.deployment.upstreamId,
    requestedBy: person.entityRef,
    requestedAt: now,
    reason: request.reason,
    options: request.options ?? {},
    phase: 'running',
    steps: [],
    summary: 'It was taken on, and begins in a moment.',
    seen: {
      token: plan.seen,
      ...(application.uid !== undefined && { uid: application.uid }),
      revisions: application.sync.revisions,
      operation: operationKey(live.operation),
      automated: application.policy.automated,
      sentence: stateWords(live),
    },
    ...(revert && {
      revert: {
        request: revert.request,
        fingerprint: revert.draft.fingerprint,
        from: revert.from,
        to: revert.to,
        repository: revert.draft.repository,
        branch: revert.draft.branch,
        head: revert.draft.head,
        subject: revertSubject({
          target: target.deployment.target,
          kind: revert.kind,
          from: revert.from,
          to: revert.to,
        }),
        person,
      },
    }),
    progress: { movedAt: now, lookedAt: now, failures: 0, effects: {} },
  };
  return { ...record, steps: initialSteps(record) };
}
