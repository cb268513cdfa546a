import { ActionStep, DeploymentAction } from '@slipway/plugin-delivery-common';
import { ActionRecord, EffectName, EffectRecord } from './ActionRecord';

/** The steps of an action before any of them is made. */
export function initialSteps(
  record: Pick<ActionRecord, 'action' | 'revert' | 'seen' | 'options'>,
): ActionStep[] {
  const pending = (id: string, title: string): ActionStep => ({
    id,
    title,
    state: 'pending',
  });
  switch (record.action) {
    case 'refresh':
    case 'hard-refresh':
      return [pending('refresh', 'Have Argo CD look again')];
    case 'terminate':
      return [
        pending('request', 'Ask Argo CD to end the sync'),
        pending('follow', 'Wait until it is over'),
      ];
    case 'sync':
      return [
        pending('request', 'Ask Argo CD to sync'),
        pending('follow', 'Wait until the sync is over'),
        ...(record.options.dryRun
          ? []
          : [pending('verify', 'Have Argo CD compare again')]),
      ];
    case 'revert':
      return [
        pending('commit', `Commit to ${record.revert?.branch ?? 'git'}`),
        pending('refresh', 'Have Argo CD look at git'),
        ...(record.seen.automated
          ? []
          : [pending('request', 'Ask Argo CD to sync')]),
        pending('follow', 'Wait until the commit is applied'),
        pending('verify', 'Have Argo CD compare again'),
      ];
    default:
      return record.action satisfies never;
  }
}

/** Where a step stands. A step that stands there already keeps its time. */
export function withStep(
  record: ActionRecord,
  id: string,
  state: ActionStep['state'],
  options: { now: string; detail?: string },
): ActionRecord {
  const { now, detail } = options;
  return {
    ...record,
    steps: record.steps.map(step =>
      step.id === id
        ? {
            id: step.id,
            title: step.title,
            state,
            ...(detail !== undefined && { detail }),
            at: step.state === state ? step.at ?? now : now,
          }
        : step,
    ),
  };
}

/** Something moved on. */
export function moved(record: ActionRecord, now: string): ActionRecord {
  return { ...record, progress: { ...record.progress, movedAt: now } };
}

/** The action is over. Steps that were never begun are skipped. */
export function finished(
  record: ActionRecord,
  phase: Exclude<DeploymentAction['phase'], 'running'>,
  summary: string,
  now: string,
): ActionRecord {
  return {
    ...record,
    phase,
    summary,
    finishedAt: now,
    steps: record.steps.map(step => {
      switch (step.state) {
        case 'pending':
          return { ...step, state: 'skipped', at: now };
        case 'running':
          return {
            ...step,
            state: phase === 'succeeded' ? 'done' : 'failed',
            at: now,
          };
        default:
          return step;
      }
    }),
  };
}

/** An effect is about to be asked for; written down before it is. */
export function intended(
  record: ActionRecord,
  effect: EffectName,
  options: { now: string; operationBefore: string },
): ActionRecord {
  const attempts = (record.progress.effects[effect]?.attempts ?? 0) + 1;
  return withEffect(record, effect, {
    intendedAt: options.now,
    attempts,
    operationBefore: options.operationBefore,
    outcome: 'intended',
  });
}

/** What came of an effect. */
export function withOutcome(
  record: ActionRecord,
  effect: EffectName,
  outcome: EffectRecord['outcome'],
  options: { done?: boolean } = {},
): ActionRecord {
  const before = record.progress.effects[effect];
  return before
    ? withEffect(record, effect, { ...before, ...options, outcome })
    : record;
}

function withEffect(
  record: ActionRecord,
  effect: EffectName,
  next: EffectRecord,
): ActionRecord {
  const { progress } = record;
  return {
    ...record,
    progress: {
      ...progress,
      effects: { ...progress.effects, [effect]: next },
    },
  };
}

/** What people are shown of an action. */
export function toDeploymentAction(record: ActionRecord): DeploymentAction {
  const {
    applicationId,
    project,
    upstreamId,
    seen,
    revert,
    progress,
    ...shown
  } = record;
  return { ...shown, target: record.target.id };
}
