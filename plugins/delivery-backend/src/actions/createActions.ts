import { LoggerService } from '@backstage/backend-plugin-api';
import { ApplicationUpstream } from '@slipway/plugin-delivery-node';
import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { ActivityLog } from '../activity/ActivityLog';
import { DeliveryConfig } from '../config/readDeliveryConfig';
import { DatabaseActions } from '../database/DatabaseActions';
import { DatabaseHistory } from '../database/DatabaseHistory';
import { formatTime } from '../domain/times';
import { RevertWriter } from '../gitops/RevertWriter';
import { ChangeNotifier } from '../readModel/ChangeNotifier';
import { ReadModel } from '../readModel/ReadModel';
import { ActionPlanner } from './ActionPlanner';
import { ActionReconciler } from './ActionReconciler';
import { ActionService } from './ActionService';
import { EffectPerformer } from './EffectPerformer';
import { TargetFinder } from './TargetFinder';

/** How often the database is asked for actions that are due. */
const POLL_MS = 1_000;
/** How long systems outside may take for each part of an action. */
const LIMITS = {
  read: 15_000,
  command: 20_000,
  refresh: 60_000,
  commit: 120_000,
} as const;

/** Puts together what takes actions on and what moves them on. */
export function createActions(options: {
  config: DeliveryConfig['actions'];
  /** How long a replica that died keeps an action from being moved on. */
  claimTtlMs: number;
  knex: Knex;
  /** Unique to this process. */
  holder: string;
  upstreams: ReadonlyMap<string, ApplicationUpstream>;
  readModel: ReadModel;
  history: DatabaseHistory;
  revertWriter: RevertWriter;
  activity: ActivityLog;
  notifier: ChangeNotifier;
  logger: LoggerService;
}): { service: ActionService; reconciler: ActionReconciler } {
  const { config, knex, holder, upstreams, readModel, logger } = options;
  const { history, revertWriter, activity, notifier } = options;
  const actions = DatabaseActions.create({ knex });
  const tellOf = (applicationRow: number) =>
    notifier.committed({
      version: readModel.version,
      applicationIds: [applicationRow],
    });
  const reconciler = ActionReconciler.create({
    actions,
    activity,
    logger,
    holder,
    clock: () => formatTime(DateTime.utc()),
    concurrency: config.concurrency,
    times: {
      paceMs: config.paceMs,
      giveUpMs: config.giveUpMs,
      graceMs: config.graceMs,
      pollMs: Math.min(POLL_MS, config.paceMs),
      claimTtlMs: options.claimTtlMs,
    },
    performer: EffectPerformer.create({
      upstreams,
      revertWriter,
      logger,
      limits: {
        ...LIMITS,
        // No request may outlast the grace in which it may still come to pass.
        command: Math.min(LIMITS.command, Math.round((config.graceMs * 2) / 3)),
      },
    }),
    onMoved: tellOf,
  });
  const service = ActionService.create({
    actions,
    activity,
    revertWriter,
    targets: TargetFinder.create({ index: readModel.index, upstreams }),
    planner: ActionPlanner.create({ actions, history, revertWriter, logger }),
    onTakenOn: applicationRow => {
      reconciler.poke();
      tellOf(applicationRow);
    },
  });
  return { service, reconciler };
}
