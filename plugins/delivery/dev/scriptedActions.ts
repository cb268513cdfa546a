import {
  ActionAvailability,
  ActionPlan,
  ActionRequest,
  ActionStep,
  ActivityEntry,
  ActivityPage,
  ActivityQuery,
  Deployment,
  DEPLOYMENT_ACTION_KINDS,
  DeploymentAction,
  DeploymentActionKind,
  Release,
  releaseLabel,
  ResourceChange,
  ResourceOutcome,
} from '@slipway/plugin-delivery-common';
import { ActionSubject } from '@slipway/plugin-delivery-react';
import { createTwoFilesPatch } from 'diff';
import { DateTime } from 'luxon';
import { refusal } from './refusal';
import { Scenario } from './scenarios';

/** How long each step of an action takes. */
const STEP_MS = 2_500;

const ME = 'user:default/ada.okafor';
const OTHER = 'user:default/wei.lindqvist';

const RESOURCES: ResourceChange[] = [
  { group: 'apps', kind: 'Deployment', name: 'web', change: 'change' },
  { group: '', kind: 'ConfigMap', name: 'settings', change: 'change' },
  { group: 'batch', kind: 'CronJob', name: 'nightly-report', change: 'prune' },
];

type Running = {
  action: DeploymentAction;
  startedAt: number;
  titles: string[];
  key: string;
};

/** Plays actions: what they would do, how they go on, and what the audit says. */
export class ScriptedActions {
  readonly #scenario: Scenario;
  readonly #onProgress: (entityRef: string) => void;
  readonly #asked: Running[] = [];
  #requests = 0;
  #changedAt = 0;

  constructor(scenario: Scenario, onProgress: (entityRef: string) => void) {
    this.#scenario = scenario;
    this.#onProgress = onProgress;
  }

  /** What can be done with a deployment. */
  availability(deployment: Deployment): ActionAvailability[] {
    return DEPLOYMENT_ACTION_KINDS.map(action => {
      const no = this.#whyNot(deployment, action);
      return no
        ? { action, available: false, ...no }
        : { action, available: true };
    });
  }

  /** What was last asked for on a deployment. */
  latest(deployment: Deployment): DeploymentAction | undefined {
    const own = this.#asked
      .map(running => this.#now(running))
      .filter(
        ({ entityRef, environment, target }) =>
          entityRef === deployment.entityRef &&
          environment === deployment.environment &&
          target === deployment.target.id,
      );
    if (own.length > 0) {
      return own[own.length - 1];
    }
    return this.#scenario === 'act-running' &&
      deployment.environment === 'production'
      ? this.#ofSomebodyElse(deployment)
      : undefined;
  }

  async plan(
    subject: ActionSubject,
    deployment: Deployment,
  ): Promise<ActionPlan> {
    await pause(700);
    if (this.#scenario === 'act-plan-fails') {
      throw await refusal(503, 'delivery.upstream-unavailable', {
        message: 'Argo CD main does not answer: the connection was refused.',
      });
    }
    const changed = this.#changedAt > 0;
    const base = {
      action: subject.action,
      target: deployment.target,
      seen: `state-${this.#changedAt}`,
      observedAt: iso(),
      warnings: [],
    };
    const where = `${deployment.target.application} on Argo CD ${deployment.target.instance}`;
    const blocked =
      this.#scenario === 'act-blocked'
        ? {
            code: 'delivery.sync-window-closed' as const,
            reason:
              'The sync window “weekend freeze” of the project payments is closed for it.',
            until: iso(600),
          }
        : undefined;
    switch (subject.action) {
      case 'sync':
        return {
          ...base,
          blocked,
          steps: [
            `Argo CD applies commit ${
              changed ? '9f8e7d6' : '1a2b3c4'
            } (Release ${releaseLabel(deployment.wanted)}) to ${where}.`,
            'It runs the hooks of the application: PreSync migrate.',
            'This page follows the sync until it is over.',
          ],
          warnings: [
            'Its canary would begin at 5 % of traffic, and go on by itself.',
          ],
          changes: changed ? RESOURCES.slice(1) : RESOURCES,
        };
      case 'terminate':
        return {
          ...base,
          blocked,
          steps: [`Argo CD stops the sync of ${where}.`],
          warnings: [
            'What was applied so far stays applied; nothing is rolled back.',
          ],
        };
      case 'revert':
        return {
          ...base,
          blocked,
          steps: [
            'A commit to main of gitops puts the previous release back. It changes 1 file.',
            `Argo CD applies the commit by itself to ${where}.`,
          ],
          warnings: [
            'What else was committed since stays. Data that the newer release wrote is not changed back.',
          ],
          revert: revertOf(deployment),
        };
      case 'refresh':
      case 'hard-refresh':
        return {
          ...base,
          blocked,
          steps: [
            `Argo CD looks at git and the cluster again for ${where}.`,
            'Nothing is applied by that.',
          ],
          warnings: deployment.policy?.automated
            ? ['It syncs by itself, so it may find something to sync.']
            : [],
        };
      default:
        throw new TypeError(`Unknown action ${subject.action satisfies never}`);
    }
  }

  async request(
    subject: ActionSubject,
    request: Omit<ActionRequest, 'target'>,
    deployment: Deployment,
  ): Promise<DeploymentAction> {
    await pause(500);
    this.#requests += 1;
    const first = this.#requests === 1;
    const same = this.#asked.find(({ key }) => key === request.idempotencyKey);
    if (same) {
      return this.#now(same);
    }
    if (this.#scenario === 'act-silent') {
      throw new TypeError('Failed to fetch');
    }
    if (this.#scenario === 'act-changed' && first) {
      this.#changedAt = 1;
      throw await refusal(409, 'delivery.state-changed', {
        message: 'Wei Lindqvist pushed a commit since you looked.',
      });
    }
    if (this.#scenario === 'act-not-allowed') {
      throw await refusal(403, 'delivery.action-not-allowed', {
        message:
          'In production only approvers and operators may sync; you are neither.',
      });
    }
    const running: Running = {
      key: request.idempotencyKey,
      startedAt: Date.now(),
      titles: titlesOf(subject.action),
      action: {
        id: `action-${this.#requests}`,
        action: subject.action,
        entityRef: subject.entityRef,
        environment: subject.environment,
        target: deployment.target.id,
        requestedBy: ME,
        requestedAt: iso(),
        reason: request.reason,
        options: request.options ?? {},
        phase: 'running',
        steps: [],
        summary: '',
      },
    };
    this.#asked.push(running);
    running.titles.forEach((_, index) =>
      setTimeout(
        () => this.#onProgress(subject.entityRef),
        STEP_MS * (index + 1) + 50,
      ),
    );
    if (this.#scenario === 'act-lost' && first) {
      throw new TypeError('Failed to fetch');
    }
    return this.#now(running);
  }

  async get(id: string): Promise<DeploymentAction> {
    const running = this.#asked.find(({ action }) => action.id === id);
    if (!running) {
      throw await refusal(404, 'delivery.action-not-found');
    }
    return this.#now(running);
  }

  async activity(query: ActivityQuery): Promise<ActivityPage> {
    if (this.#scenario === 'act-not-allowed') {
      throw await refusal(403, 'delivery.activity-not-allowed');
    }
    const { cursor = '0', limit = 25 } = query;
    const all = [...this.#ownActivity(), ...pastActivity()].filter(
      entry =>
        (!query.entityRef || entry.entityRef === query.entityRef) &&
        (!query.environment || entry.environment === query.environment) &&
        (!query.actor || entry.actor.ref === query.actor) &&
        (!query.event ||
          (query.event === 'refused') === (entry.event === 'refused')),
    );
    const start = Number(cursor);
    const end = start + limit;
    return {
      entries: all.slice(start, end),
      nextCursor: end < all.length ? String(end) : undefined,
    };
  }

  #ownActivity(): ActivityEntry[] {
    return this.#asked
      .map(running => this.#now(running))
      .map(
        (action): ActivityEntry => ({
          id: action.id,
          at: action.finishedAt ?? action.requestedAt,
          event: action.phase === 'running' ? 'requested' : action.phase,
          action: action.action,
          actionId: action.id,
          entityRef: action.entityRef,
          environment: action.environment,
          actor: { ref: action.requestedBy, kind: 'user' },
          reason: action.reason,
          result: action.summary,
        }),
      )
      .reverse();
  }

  #whyNot(
    deployment: Deployment,
    action: DeploymentActionKind,
  ): Pick<ActionAvailability, 'code' | 'reason'> | undefined {
    if (deployment.binding.state === 'unbound') {
      return {
        code: 'delivery.unbound',
        reason:
          'The platform does not say that this application belongs to the service.',
      };
    }
    if (this.#scenario === 'act-unavailable') {
      return {
        code: 'delivery.action-not-allowed',
        reason:
          'Only the owners of the service may do this here: ask team-payments.',
      };
    }
    const running =
      deployment.operation?.phase === 'running' ||
      this.latest(deployment)?.phase === 'running';
    if (action === 'terminate' && !running) {
      return {
        code: 'delivery.no-operation',
        reason: 'No sync is under way, so there is nothing to end.',
      };
    }
    if ((action === 'sync' || action === 'revert') && running) {
      return {
        code: 'delivery.operation-in-progress',
        reason: 'A sync is under way. Wait until it is over, or end it.',
      };
    }
    return undefined;
  }

  #ofSomebodyElse(deployment: Deployment): DeploymentAction {
    return {
      id: 'other',
      action: 'sync',
      entityRef: deployment.entityRef,
      environment: deployment.environment,
      target: deployment.target.id,
      requestedBy: OTHER,
      requestedAt: iso(-2),
      reason: 'Release 1.7 goes out, as announced in #releases',
      options: { prune: true },
      phase: 'running',
      steps: [
        { id: 'ask', title: 'Ask Argo CD', state: 'done', at: iso(-2) },
        {
          id: 'sync',
          title: 'Apply the manifests',
          state: 'running',
          at: iso(-2),
          detail: 'The hook PreSync migrate is under way.',
        },
        { id: 'healthy', title: 'Become healthy', state: 'pending' },
      ],
      summary: 'Argo CD applies the manifests.',
      outcomes: outcomesOf('running'),
    };
  }

  #now({ action, startedAt, titles }: Running): DeploymentAction {
    const at = Math.floor((Date.now() - startedAt) / STEP_MS);
    if (at < titles.length) {
      return {
        ...action,
        steps: titles.map((title, index) =>
          step(title, index, at, action.requestedAt),
        ),
        summary: `${titles[at]}: under way.`,
      };
    }
    return { ...action, ...this.#end(action, titles) };
  }

  #end(
    action: DeploymentAction,
    titles: string[],
  ): Pick<
    DeploymentAction,
    'phase' | 'steps' | 'summary' | 'finishedAt' | 'outcomes' | 'commit'
  > {
    const done = titles.map((title, index) =>
      step(title, index, titles.length, action.requestedAt),
    );
    const finishedAt = action.requestedAt;
    const isSync = action.action === 'sync';
    switch (this.#scenario) {
      case 'act-fails':
        return {
          phase: 'failed',
          finishedAt,
          steps: done.map((entry, index) =>
            index === done.length - 1
              ? {
                  ...entry,
                  state: 'failed',
                  detail: 'Deployment web: image not found',
                }
              : entry,
          ),
          summary:
            'It failed: 1 of 3 resources could not be applied. What runs still serves 1.6.2.',
          outcomes: isSync ? outcomesOf('failed') : undefined,
        };
      case 'act-refused':
        return {
          phase: 'refused',
          finishedAt,
          steps: [],
          summary:
            'Argo CD refused it: the project payments does not allow CronJob. Nothing was done.',
        };
      case 'act-unknown':
        return {
          phase: 'unknown',
          finishedAt,
          steps: done.slice(0, 1),
          summary:
            'Nobody can say how it ended: another sync began before its result was read.',
        };
      default:
        return {
          phase: 'succeeded',
          finishedAt,
          steps: done,
          summary: action.options.dryRun
            ? 'The dry run went well: 2 resources would be applied.'
            : 'Done: production serves what git asks for.',
          outcomes: isSync ? outcomesOf('succeeded') : undefined,
          commit:
            action.action === 'revert'
              ? {
                  sha: 'c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ffe',
                  url: 'https://git.example/platform/gitops/commit/c0ffee1',
                }
              : undefined,
        };
    }
  }
}

function step(
  title: string,
  index: number,
  at: number,
  since: string,
): ActionStep {
  const state = index < at ? 'done' : 'pending';
  return {
    id: String(index),
    title,
    state: index === at ? 'running' : state,
    ...(index <= at && { at: since }),
  };
}

function titlesOf(action: DeploymentActionKind): string[] {
  switch (action) {
    case 'sync':
      return ['Ask Argo CD', 'Apply the manifests', 'Become healthy'];
    case 'revert':
      return ['Commit to gitops', 'Wait for Argo CD to see it', 'Apply it'];
    case 'terminate':
      return ['End the sync'];
    case 'refresh':
    case 'hard-refresh':
      return ['Look again'];
    default:
      throw new TypeError(`Unknown action ${action satisfies never}`);
  }
}

function outcomesOf(
  how: 'running' | 'failed' | 'succeeded',
): ResourceOutcome[] {
  const [web, settings, report] = RESOURCES;
  return [
    { ...identity(settings), outcome: 'synced', message: 'configured' },
    how === 'failed'
      ? {
          ...identity(web),
          outcome: 'failed',
          message: 'image "registry.example/checkout:1.9.0" not found',
        }
      : {
          ...identity(web),
          outcome: how === 'running' ? 'running' : 'synced',
          message: 'deployment.apps/web configured',
        },
    {
      ...identity(report),
      outcome: 'prune-skipped',
      message: 'ignored (requires pruning)',
    },
    {
      group: 'batch',
      kind: 'Job',
      name: 'migrate',
      namespace: 'core-business',
      outcome: how === 'running' ? 'running' : 'synced',
      hook: 'PreSync',
    },
  ];
}

function identity({ group, kind, name }: ResourceChange) {
  return { group, kind, name, namespace: 'core-business' };
}

function revertOf(deployment: Deployment): ActionPlan['revert'] {
  const from = deployment.wanted ?? { tag: '1.9.0', revisions: [] };
  const to: Release = { ...from, tag: '1.5.2', digest: undefined };
  const file = (tag: string | undefined) =>
    [
      'apiVersion: kustomize.config.k8s.io/v1beta1',
      'kind: Kustomization',
      'images:',
      '  # renovate: keep this comment',
      '  - name: registry.example/checkout',
      `    newTag: "${tag}"`,
      'replicas:',
      '  - name: web',
      '    count: 4',
      '',
    ].join('\n');
  const path = 'services/checkout/overlays/production/kustomization.yaml';
  return {
    from,
    to,
    toDeployedAt: iso(-9_000),
    repository: 'https://git.example/platform/gitops',
    branch: 'main',
    commitSubject: `revert(checkout): put ${to.tag} back in production`,
    files: [
      {
        path,
        change: 'modify',
        patch: createTwoFilesPatch(
          `a/${path}`,
          `b/${path}`,
          file(from.tag),
          file(to.tag),
        ),
      },
    ],
  };
}

function pastActivity(): ActivityEntry[] {
  const events = ['succeeded', 'refused', 'requested', 'failed', 'unknown'];
  const names = ['checkout', 'order', 'payment'];
  return Array.from({ length: 60 }, (_, index): ActivityEntry => {
    const event = events[index % events.length] as ActivityEntry['event'];
    const robot = index % 7 === 3;
    const name = names[index % names.length];
    const environment = index % 4 ? 'production' : 'staging';
    return {
      id: `past-${index}`,
      at: iso(-20 - index * 47),
      event,
      action: DEPLOYMENT_ACTION_KINDS[index % DEPLOYMENT_ACTION_KINDS.length],
      entityRef: `component:default/${name}`,
      environment,
      target: { instance: 'main', application: `${name}-${environment}` },
      actor: robot
        ? { ref: 'plugin:scaffolder', kind: 'service' }
        : { ref: index % 2 ? OTHER : ME, kind: 'user' },
      reason:
        'The canary was red for ten minutes and the on-call asked for the last release.',
      stateSeen: 'It served 1.6.2, git asked for 1.7.0; out of sync, healthy.',
      result:
        event === 'refused'
          ? 'In production only approvers and operators may sync.'
          : 'It serves 1.7.0, as git asks.',
      code: event === 'refused' ? 'delivery.action-not-allowed' : undefined,
    };
  });
}

function iso(minutes = 0): string {
  return DateTime.utc().plus({ minutes }).toISO() ?? '';
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
