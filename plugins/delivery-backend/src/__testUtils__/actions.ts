import { DeploymentActionKind } from '@slipway/plugin-delivery-common';
import { LoggerService } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { EffectPerformer } from '../actions/EffectPerformer';
import {
  ActivityLog,
  AppendOptions,
  NewActivity,
} from '../activity/ActivityLog';
import { ActionRecord } from '../domain/actions/ActionRecord';
import { operationKey } from '../domain/actions/operations';
import { initialSteps } from '../domain/actions/progress';
import { stateToken } from '../domain/actions/stateToken';
import { sha } from './applications';
import { FakeArgoCd } from './FakeArgoCd';
import { FakeRevertWriter } from './FakeRevertWriter';

/** Times in milliseconds that tests can count on. */
export const actionTimes = { giveUpMs: 600_000, graceMs: 30_000 } as const;

let count = 0;

/** A UUID that tells which one it is in a failure. */
export function uuid(): string {
  return `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
}

/** An action that was decided on what the application is like now. */
export function actionOn(
  argo: FakeArgoCd,
  action: DeploymentActionKind,
  part: Partial<ActionRecord> = {},
): ActionRecord {
  const live = argo.live();
  const revert =
    action === 'revert'
      ? {
          request: {
            repoUrl: live.application.sources[0].repoUrl,
            paths: ['apps/checkout'],
            taken: sha('2'),
            back: sha('1'),
          },
          fingerprint: 'fingerprint',
          from: { image: 'checkout', tag: '1.9.0', revisions: [] },
          to: { image: 'checkout', tag: '1.8.2', revisions: [] },
          repository: live.application.sources[0].repoUrl,
          branch: 'main',
          head: argo.head[0],
          subject: 'Revert checkout-staging from 1.9.0 to 1.8.2',
          person: { entityRef: 'user:default/ada', name: 'Ada' },
        }
      : undefined;
  const record: ActionRecord = {
    id: uuid(),
    action,
    entityRef: 'component:default/checkout',
    environment: 'staging',
    target: {
      id: 'main/argocd/checkout-staging',
      instance: 'main',
      applicationNamespace: 'argocd',
      application: 'checkout-staging',
      cluster: 'eks-staging',
      namespace: 'shop-staging',
    },
    applicationId: live.application.id,
    project: live.application.project,
    upstreamId: 'fake:main',
    requestedBy: 'user:default/ada',
    requestedAt: argo.time,
    reason: 'the canary looks bad',
    options: {},
    phase: 'running',
    steps: [],
    summary: '',
    seen: {
      token: stateToken({ action, live, ...(revert && { revert }) }),
      ...(live.application.uid !== undefined && { uid: live.application.uid }),
      revisions: live.application.sync.revisions,
      operation: operationKey(live.operation),
      automated: live.application.policy.automated,
      sentence: 'Git and the cluster differed.',
    },
    ...(revert && { revert }),
    progress: {
      movedAt: argo.time,
      lookedAt: argo.time,
      failures: 0,
      effects: {},
    },
    ...part,
  };
  return { ...record, steps: initialSteps(record) };
}

/** Eyes and hands on a fake Argo CD and a fake repository. */
export function performerOn(
  argo: FakeArgoCd,
  options: {
    writer?: FakeRevertWriter;
    logger?: LoggerService;
  } = {},
): EffectPerformer {
  return EffectPerformer.create({
    upstreams: new Map([['fake:main', { commands: argo }]]),
    revertWriter: options.writer ?? new FakeRevertWriter(argo),
    logger: options.logger ?? mockServices.logger.mock(),
    limits: { read: 5_000, command: 5_000, refresh: 5_000, commit: 5_000 },
  });
}

/** An audit that is only remembered. */
export class MemoryActivityLog implements ActivityLog {
  readonly entries: NewActivity[] = [];

  async append(activity: NewActivity, options?: AppendOptions): Promise<void> {
    if (!options?.transaction) {
      this.entries.push(activity);
      return;
    }
    // Not there if the transaction is undone.
    options.transaction.executionPromise
      .then(() => this.entries.push(activity))
      .catch(() => undefined);
  }

  async refuse(
    _error: Error,
    activity: Omit<NewActivity, 'event'>,
    options?: AppendOptions,
  ): Promise<void> {
    await this.append({ ...activity, event: 'refused' }, options);
  }
}
