import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { ActivityLog } from '../activity/ActivityLog';
import { ClaimLostError } from '../database/ClaimLostError';
import {
  Claim,
  ClaimedAction,
  DatabaseActions,
} from '../database/DatabaseActions';
import { ActionRecord, ActionTimes } from '../domain/actions/ActionRecord';
import { nextStep } from '../domain/actions/nextStep';
import { pauseMs } from '../domain/actions/pause';
import { toDeploymentAction } from '../domain/actions/progress';
import { settleEffect } from '../domain/actions/settleEffect';
import { msBetween, Step } from '../domain/actions/steps';
import { canonicalJson } from '../domain/canonicalJson';
import { isDoneWithin, sleep } from '../ingest/sleep';
import { activityOf } from './activityOf';
import { EffectPerformer } from './EffectPerformer';

/** The options of {@link ActionReconciler}. */
export type ActionReconcilerOptions = {
  actions: DatabaseActions;
  performer: Pick<EffectPerformer, 'look' | 'perform'>;
  activity: ActivityLog;
  logger: LoggerService;
  /** Unique to this process. */
  holder: string;
  times: ActionTimes & {
    /** The shortest pause between two looks at one action. */
    paceMs: number;
    /** How often the database is asked for what is due. */
    pollMs: number;
    /** How long a claim lasts unless renewed. */
    claimTtlMs: number;
  };
  /** How many actions this replica moves on at the same time. */
  concurrency: number;
  /** ISO 8601, UTC. */
  clock: () => string;
  /** People see something new of the action of an application. */
  onMoved: (applicationRow: number) => void;
};

/**
 * Moves actions on. Each time that one is due, whichever replica claims it looks
 * at the world, does the one next thing, and writes down what came of it; what is
 * asked of a system outside is written down before. It holds nothing in memory
 * that another replica would need.
 */
export class ActionReconciler {
  readonly #options: ActionReconcilerOptions;
  /** Nothing more is claimed. */
  readonly #stopping = new AbortController();
  /** What is under way is given up. */
  readonly #giveUp = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #wake = new AbortController();
  #done: Promise<void> | undefined;
  #failing = false;
  #underWay = 0;

  static create(options: ActionReconcilerOptions): ActionReconciler {
    return new ActionReconciler(options);
  }

  private constructor(options: ActionReconcilerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#done ??= this.#loop();
  }

  /**
   * Claims nothing more, and lets what is under way come to its next stop. What
   * takes longer than `withinMs` is given up; another replica looks what came of
   * it.
   */
  async stop(options: { withinMs: number }): Promise<void> {
    this.#stopping.abort();
    this.#wake.abort();
    const idle = Promise.all([this.#done, ...this.#running]);
    if (!(await isDoneWithin(idle, options.withinMs))) {
      this.#giveUp.abort(new Error('The backend stops'));
      await isDoneWithin(Promise.all(this.#running), 1_000);
    }
  }

  /** There may be something to do: does not wait for the next look. */
  poke(): void {
    this.#underWay = Math.max(this.#underWay, 1);
    this.#wake.abort();
  }

  /** The read model says that something happened to these applications. */
  async applicationsChanged(applicationRows: number[]): Promise<void> {
    if (this.#underWay === 0 || applicationRows.length === 0) {
      return;
    }
    try {
      await this.#options.actions.hasten(applicationRows);
      this.#wake.abort();
    } catch (error) {
      // A hint only: what is due is found without it, a little later.
      this.#options.logger.debug(
        `Actions were not hastened: ${stringifyError(error)}`,
      );
    }
  }

  async #loop(): Promise<void> {
    const { actions, logger, holder, times, concurrency } = this.#options;
    while (!this.#stopping.signal.aborted) {
      this.#wake = new AbortController();
      try {
        const limit = concurrency - this.#running.size;
        if (limit > 0) {
          const claimed = await actions.claimDue({
            holder,
            ttlMs: times.claimTtlMs,
            limit,
          });
          claimed.forEach(one => this.#run(one));
        }
        this.#underWay = await actions.countUnderWay();
        this.#failing = false;
      } catch (error) {
        // The database, most likely. Said once, not once a second.
        if (!this.#failing) {
          logger.error(`Actions cannot be moved on: ${stringifyError(error)}`);
        }
        this.#failing = true;
      }
      await sleep(
        times.pollMs,
        AbortSignal.any([this.#wake.signal, this.#stopping.signal]),
      );
    }
  }

  #run(claimed: ClaimedAction): void {
    const running = this.#moveOn(claimed).finally(() => {
      this.#running.delete(running);
      // Its place is free for another.
      this.#wake.abort();
    });
    this.#running.add(running);
  }

  /** Never rejects. */
  async #moveOn({
    claim,
    record,
    applicationRow,
  }: ClaimedAction): Promise<void> {
    const { actions, logger } = this.#options;
    const held = this.#hold(claim);
    try {
      const after = await this.#advance({ claim, record, held });
      if (isShownOtherwise(record, after)) {
        this.#options.onMoved(applicationRow);
      }
    } catch (error) {
      if (error instanceof ClaimLostError || held.signal.aborted) {
        logger.info(`Action ${claim.id} is left to another replica`);
      } else {
        logger.error(
          `Action ${claim.id} could not be moved on: ${stringifyError(error)}`,
        );
      }
      // Without a new time: it is due, and the claim alone kept others from it. If
      // even this fails, the claim ends by itself.
      await actions.abandon(claim).catch(() => undefined);
      await sleep(this.#options.times.paceMs, this.#stopping.signal);
    } finally {
      held.letGo();
    }
  }

  /** Does the one next thing, and answers with the action as it is then. */
  async #advance(options: {
    claim: Claim;
    record: ActionRecord;
    held: HeldClaim;
  }): Promise<ActionRecord> {
    const { claim, record, held } = options;
    const { actions, performer, times, clock } = this.#options;
    const { signal } = held;
    const world = await performer.look({ record, now: clock(), signal });
    let step: Step = nextStep({ record, world, times });
    if (step.kind === 'perform') {
      const { record: intent, effect } = step;
      await actions.write(claim, intent);
      // The last moment to find that this replica was asleep for longer than its
      // claim lasts, and another has taken over.
      held.assertHeld();
      const result = await performer.perform({
        record: intent,
        effect,
        now: clock(),
        signal,
      });
      step = settleEffect({
        record: intent,
        effect,
        result,
        now: clock(),
        times,
      });
    }
    await this.#store(claim, step);
    return step.record;
  }

  async #store(
    claim: Claim,
    step: Exclude<Step, { kind: 'perform' }>,
  ): Promise<void> {
    const { actions, activity, times, clock } = this.#options;
    const { record } = step;
    switch (step.kind) {
      case 'wait':
        await actions.release(claim, record, {
          dueInMs: pauseMs({
            pace: step.pace,
            paceMs: times.paceMs,
            failures: record.progress.failures,
            sinceMovedMs: msBetween(record.progress.movedAt, clock()),
          }),
        });
        return;
      case 'finish':
        await actions.finish(claim, record, async transaction => {
          if (record.phase !== 'running') {
            await activity.append(
              activityOf(record, record.phase, {
                at: record.finishedAt ?? clock(),
                result: record.summary,
              }),
              { transaction },
            );
          }
        });
        return;
      default:
        step satisfies never;
    }
  }

  /** Renews a claim until it is let go, or lost. */
  #hold(claim: Claim): HeldClaim {
    const { actions, times } = this.#options;
    const over = new AbortController();
    const lost = new AbortController();
    let goodUntil = performance.now() + times.claimTtlMs * 0.8;
    // What is given up is not held on to, even if it does not let go by itself.
    const end = AbortSignal.any([
      over.signal,
      lost.signal,
      this.#giveUp.signal,
    ]);
    const renew = async () => {
      while (!end.aborted) {
        await sleep(times.claimTtlMs / 3, end);
        if (end.aborted) {
          return;
        }
        const askedAt = performance.now();
        try {
          await actions.renew(claim, { ttlMs: times.claimTtlMs });
          goodUntil = askedAt + times.claimTtlMs * 0.8;
        } catch (error) {
          if (error instanceof ClaimLostError || askedAt > goodUntil) {
            lost.abort(new ClaimLostError(claim.id));
          }
        }
      }
    };
    void renew();
    return {
      signal: AbortSignal.any([lost.signal, this.#giveUp.signal]),
      assertHeld() {
        if (performance.now() > goodUntil) {
          throw new ClaimLostError(claim.id);
        }
      },
      letGo: () => over.abort(),
    };
  }
}

/** A claim that is being held. */
type HeldClaim = {
  /** Aborted when it is lost, or the backend cannot wait any longer. */
  signal: AbortSignal;
  /** @throws ClaimLostError when it cannot be counted on any more. */
  assertHeld: () => void;
  letGo: () => void;
};

function isShownOtherwise(before: ActionRecord, after: ActionRecord): boolean {
  return (
    canonicalJson(toDeploymentAction(before)) !==
    canonicalJson(toDeploymentAction(after))
  );
}
