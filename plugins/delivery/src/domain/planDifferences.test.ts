import { ActionPlan, ResourceChange } from '@slipway/plugin-delivery-common';
import { planDifferences } from './planDifferences';

const plan = (change: Partial<ActionPlan> = {}): ActionPlan => ({
  action: 'sync',
  target: {
    id: 't',
    instance: 'main',
    applicationNamespace: 'argocd',
    application: 'checkout-production',
  },
  seen: 's1',
  observedAt: '2026-11-22T14:00:00Z',
  steps: ['Argo CD applies 1a2b3c4.'],
  warnings: [],
  ...change,
});

const resource = (
  name: string,
  change: ResourceChange['change'] = 'change',
): ResourceChange => ({ group: 'apps', kind: 'Deployment', name, change });

const revert = (tag: string, patch: string): ActionPlan['revert'] => ({
  from: { tag: '1.9.0', revisions: [] },
  to: { tag, revisions: [] },
  repository: 'https://git.example/gitops',
  branch: 'main',
  files: [{ path: 'a.yaml', change: 'modify', patch }],
});

describe('planDifferences', () => {
  it('finds none where only the opaque state and the time differ', () => {
    expect(
      planDifferences(
        plan(),
        plan({ seen: 's2', observedAt: '2026-11-22T14:05:00Z' }),
      ),
    ).toEqual([]);
  });

  it('names what stands in the way now before everything else', () => {
    const differences = planDifferences(
      plan(),
      plan({
        steps: ['Argo CD applies 9f8e7d6.'],
        blocked: {
          code: 'delivery.operation-in-progress',
          reason: 'Ada syncs it.',
        },
      }),
    );
    expect(differences).toEqual([
      { kind: 'sentence', change: 'new', text: 'Ada syncs it.' },
      { kind: 'sentence', change: 'new', text: 'Argo CD applies 9f8e7d6.' },
      { kind: 'sentence', change: 'gone', text: 'Argo CD applies 1a2b3c4.' },
    ]);
  });

  it('tells a resource that is to be deleted from one that is to be changed', () => {
    expect(
      planDifferences(
        plan({ changes: [resource('web'), resource('worker')] }),
        plan({ changes: [resource('web'), resource('worker', 'prune')] }),
      ),
    ).toEqual([
      {
        kind: 'resource',
        change: 'new',
        resource: resource('worker', 'prune'),
      },
      { kind: 'resource', change: 'gone', resource: resource('worker') },
    ]);
  });

  it('says that another release would be put back, and that lines differ', () => {
    expect(
      planDifferences(
        plan({ revert: revert('1.8.2', '-a') }),
        plan({ revert: revert('1.8.1', '-b') }),
      ),
    ).toEqual([{ kind: 'release' }, { kind: 'files' }]);
  });

  it('does not mind in which order files come', () => {
    const files = [
      { path: 'a', change: 'modify' as const, patch: 'x' },
      { path: 'b', change: 'modify' as const, patch: 'y' },
    ];
    const of = (order: typeof files) =>
      plan({ revert: { ...revert('1.8.2', '')!, files: order } });
    expect(planDifferences(of(files), of([...files].reverse()))).toEqual([]);
  });
});
