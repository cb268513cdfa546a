import {
  DeploymentAction,
  ResourceOutcome,
} from '@slipway/plugin-delivery-common';
import { isPlainSuccess, sortOutcomes } from './actionLook';

const of = (
  name: string,
  outcome: ResourceOutcome['outcome'],
): ResourceOutcome => ({ group: '', kind: 'ConfigMap', name, outcome });

const action = (change: Partial<DeploymentAction>): DeploymentAction => ({
  id: 'a1',
  action: 'sync',
  entityRef: 'component:default/checkout',
  environment: 'production',
  target: 't',
  requestedBy: 'user:default/ada',
  requestedAt: '2026-11-22T14:00:00Z',
  reason: 'Release',
  options: {},
  phase: 'succeeded',
  steps: [],
  summary: 'Done.',
  ...change,
});

describe('outcomes of an action', () => {
  it('begin with what failed', () => {
    const outcomes = [
      of('a', 'synced'),
      of('b', 'prune-skipped'),
      of('c', 'failed'),
      of('d', 'running'),
    ];
    expect(sortOutcomes(outcomes).map(({ name }) => name)).toEqual([
      'c',
      'd',
      'b',
      'a',
    ]);
  });

  it('need not be read when all was applied', () => {
    expect(isPlainSuccess(action({ outcomes: [of('a', 'synced')] }))).toBe(
      true,
    );
  });

  it.each([
    ['something was left there', { outcomes: [of('a', 'prune-skipped')] }],
    ['it failed', { phase: 'failed' as const }],
    ['it was a dry run, made to be read', { options: { dryRun: true } }],
  ])('are to be read when %s', (_, change) => {
    expect(isPlainSuccess(action(change))).toBe(false);
  });
});
