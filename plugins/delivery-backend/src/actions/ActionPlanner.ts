import { LoggerService } from '@backstage/backend-plugin-api';
import {
  ActionPlan,
  DELIVERY_ERROR_CODES,
  DeploymentActionKind,
} from '@slipway/plugin-delivery-common';
import {
  ApplicationAddress,
  ApplicationCommands,
  LiveApplication,
  SyncWindowVerdict,
} from '@slipway/plugin-delivery-node';
import { DatabaseActions } from '../database/DatabaseActions';
import { DatabaseHistory } from '../database/DatabaseHistory';
import { ActionRecord } from '../domain/actions/ActionRecord';
import { planAction } from '../domain/actions/planAction';
import { RevertFindings } from '../domain/actions/planInput';
import { ownActionWords } from '../domain/actions/stateWords';
import { refusalOf } from '../domain/actions/upstreamErrors';
import { sameRevisions } from '../domain/actions/operations';
import { wantedRelease } from '../domain/status/releases';
import { findRevert } from '../gitops/findRevert';
import { isGitOpsError } from '../gitops/GitOpsError';
import { RevertWriter } from '../gitops/RevertWriter';
import { refused } from '../service/errors';
import { ActionTarget, isStillTheSame } from './TargetFinder';
import { faultOf } from './upstreamFault';

/** Deployments of an application that are looked through for one to put back. */
const HISTORY = 100;
/** How long upstream and git may take to answer: milliseconds. */
const LIMITS = { read: 15_000, draft: 60_000 } as const;

/** A plan, with what it was made on. */
export type Planned = {
  plan: ActionPlan;
  live: LiveApplication;
  revert?: Extract<RevertFindings, { possible: true }>;
};

/** The options of {@link ActionPlanner}. */
export type ActionPlannerOptions = {
  actions: Pick<DatabaseActions, 'inFlight'>;
  history: Pick<DatabaseHistory, 'read'>;
  revertWriter: RevertWriter;
  logger: LoggerService;
};

/**
 * Works out what an action would do, from what the upstream and git say now and
 * not from what is remembered of them. It changes nothing.
 */
export class ActionPlanner {
  readonly #options: ActionPlannerOptions;

  static create(options: ActionPlannerOptions): ActionPlanner {
    return new ActionPlanner(options);
  }

  private constructor(options: ActionPlannerOptions) {
    this.#options = options;
  }

  /**
   * @throws an error with one of our codes when the upstream cannot, or may not,
   * be asked.
   */
  async plan(options: {
    action: DeploymentActionKind;
    target: ActionTarget;
    commands: ApplicationCommands;
    /** ISO 8601, UTC. */
    now: string;
    /**
     * The plan is made to be carried out at once: an action of our own that is
     * under way is the database's to find, which decides for all replicas.
     */
    carryingOut?: boolean;
    signal?: AbortSignal;
  }): Promise<Planned> {
    const { action, target, commands, now } = options;
    const signal = options.signal ?? new AbortController().signal;
    const address = {
      id: target.application.id,
      project: target.application.project,
    };
    const live = await this.#read({ commands, address, signal });
    if (!isStillTheSame(target.application, live)) {
      throw refused({
        code: DELIVERY_ERROR_CODES.stateChanged,
        reason:
          'The application has just changed, and the portal has not caught up with it. Try again in a moment.',
      });
    }
    const changes = action === 'sync' || action === 'revert';
    const own: ActionRecord | undefined =
      changes && !options.carryingOut
        ? await this.#options.actions.inFlight({
            applicationId: target.application.id,
          })
        : undefined;
    const windows = changes
      ? await this.#windows({ commands, address, now, signal })
      : undefined;
    const revert =
      action === 'revert'
        ? await this.#findRevert({ target, live, signal })
        : undefined;
    const plan = planAction({
      action,
      target: target.deployment.target,
      live,
      ...(windows && { windows }),
      ...(revert && { revert }),
      ...(own && { ownAction: ownActionWords(own) }),
    });
    return { plan, live, ...(revert?.possible && { revert }) };
  }

  async #read(options: {
    commands: ApplicationCommands;
    address: ApplicationAddress;
    signal: AbortSignal;
  }): Promise<LiveApplication> {
    const { commands, address, signal } = options;
    try {
      return await commands.read({
        ...address,
        signal: within(LIMITS.read, signal),
      });
    } catch (error) {
      signal.throwIfAborted();
      throw refused(refusalOf(this.#faultOf(error)));
    }
  }

  /** Unknown when it cannot be asked; the upstream itself still decides then. */
  async #windows(options: {
    commands: ApplicationCommands;
    address: ApplicationAddress;
    now: string;
    signal: AbortSignal;
  }): Promise<SyncWindowVerdict | undefined> {
    const { commands, address, now, signal } = options;
    return commands
      .syncWindows({ ...address, now, signal: within(LIMITS.read, signal) })
      .catch(error => {
        this.#faultOf(error);
        return undefined;
      });
  }

  async #findRevert(options: {
    target: ActionTarget;
    live: LiveApplication;
    signal: AbortSignal;
  }): Promise<RevertFindings> {
    const { target, live, signal } = options;
    const { history, revertWriter } = this.#options;
    const { application } = live;
    const remembered = wantedRelease(target.application);
    try {
      return await findRevert({
        sources: application.sources,
        // What is read live may come without workloads, which name the image.
        wanted: sameRevisions(
          application.sync.revisions,
          target.application.sync.revisions,
        )
          ? remembered
          : wantedRelease(application),
        history: await history.read({
          applicationIds: [target.applicationRow],
          limit: HISTORY,
        }),
        writer: revertWriter,
        signal: within(LIMITS.draft, signal),
      });
    } catch (error) {
      signal.throwIfAborted();
      const fault = this.#faultOf(error);
      return {
        possible: false,
        reason: fault.message,
        code:
          isGitOpsError(error) && error.kind !== 'unavailable'
            ? DELIVERY_ERROR_CODES.nothingToRevert
            : DELIVERY_ERROR_CODES.upstreamUnavailable,
      };
    }
  }

  #faultOf(error: unknown) {
    return faultOf(error, words =>
      this.#options.logger.error(
        `A plan met an error that nobody foresaw: ${words}`,
      ),
    );
  }
}

function within(ms: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ms)]);
}
