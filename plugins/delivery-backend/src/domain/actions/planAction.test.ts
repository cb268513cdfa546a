import { LiveResource } from '@slipway/plugin-delivery-node';
import { actionOn } from '../../__testUtils__/actions';
import { sha } from '../../__testUtils__/applications';
import { FakeArgoCd } from '../../__testUtils__/FakeArgoCd';
import { planAction } from './planAction';
import { PlanInput, RevertFindings } from './planInput';

const { target } = actionOn(new FakeArgoCd(), 'sync');
const where =
  'checkout-staging on main (cluster eks-staging, namespace shop-staging)';

function plan(
  argo: FakeArgoCd,
  action: PlanInput['action'],
  part: Partial<PlanInput> = {},
) {
  return planAction({
    action,
    target,
    live: argo.live(),
    windows: argo.windows,
    ...part,
  });
}

function resource(
  name: string,
  part: Partial<LiveResource> = {},
): LiveResource {
  return {
    group: '',
    kind: 'ConfigMap',
    name,
    state: 'out-of-sync',
    requiresPruning: false,
    hook: false,
    ...part,
  };
}

const manual = { automated: false, prune: false, selfHeal: false };

describe('the plan of a sync', () => {
  it('B7: names what differs, what git no longer has, and what comes of leaving it', () => {
    const argo = new FakeArgoCd({ policy: manual });
    argo.resources = [
      ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => resource(name)),
      resource('fine', { state: 'synced' }),
      resource('old', { requiresPruning: true }),
      resource('migrate', { kind: 'Job', hook: true, state: 'unknown' }),
    ];
    const { steps, warnings, changes, blocked } = plan(argo, 'sync');
    expect(steps).toEqual([
      `Argo CD applies 1111111, what git asks for, to ${where}.`,
      '7 resources differ and are changed: ConfigMap a, ConfigMap b, ConfigMap c, ConfigMap d, ConfigMap e and 2 more.',
      'With pruning, 1 resource that git no longer has is deleted: ConfigMap old.',
      'Its hooks run again: Job migrate.',
      'A dry run changes nothing: it only says what would happen.',
    ]);
    expect(warnings).toEqual([
      'Without pruning, ConfigMap old stays, and the application stays out of sync.',
      'With force, what cannot be changed in place is deleted and created again: its pods are replaced, which can interrupt the service.',
    ]);
    expect(changes).toHaveLength(8);
    expect(blocked).toBeUndefined();
  });

  it('B19: never promises a commit of our choice, and says that Argo CD also syncs by itself', () => {
    const argo = new FakeArgoCd();
    const { steps, warnings } = plan(argo, 'sync');
    expect(steps[0]).toContain('what git asks for');
    expect(warnings).toContain(
      'Argo CD also syncs this application by itself, and may do so before or after.',
    );
  });

  it('is blocked by an operation that is under way, and says what it waits for', () => {
    const argo = new FakeArgoCd();
    argo.beginOther({ automated: true });
    expect(plan(argo, 'sync').blocked).toEqual({
      code: 'delivery.operation-in-progress',
      reason:
        'A sync has been asked for and waits to begin. Wait until it is over.',
    });
  });

  it('says when sync windows could not be asked about: unknown is not open', () => {
    const { warnings, blocked } = plan(new FakeArgoCd(), 'sync', {
      windows: undefined,
    });
    expect(blocked).toBeUndefined();
    expect(warnings.join(' ')).toContain('could not be asked about');
  });

  it('A20: shortens no chart version', () => {
    const argo = new FakeArgoCd({
      sources: [{ repoUrl: 'https://charts.example', chart: 'checkout' }],
      sync: { state: 'out-of-sync', revisions: ['10.11.12-rc.1'] },
    });
    expect(plan(argo, 'sync').steps[0]).toContain('applies 10.11.12-rc.1,');
  });
});

describe('the plan of the rest', () => {
  it('of a refresh says that it may be followed by a sync where Argo CD does that', () => {
    expect(plan(new FakeArgoCd(), 'refresh')).toMatchObject({
      steps: [
        `Argo CD reads git and the cluster again and compares: ${where}.`,
        'The refresh itself changes nothing in git or in the cluster.',
      ],
      warnings: [
        'Argo CD syncs this application by itself: if it finds a difference, it applies git and deletes what git no longer has.',
      ],
    });
    expect(
      plan(new FakeArgoCd({ policy: manual }), 'refresh').warnings,
    ).toEqual([]);
  });

  it('of ending a sync says what is ended and who began it, past the portal’s own account', () => {
    const argo = new FakeArgoCd({ policy: manual });
    argo.beginOther({ automated: false });
    argo.moveOn();
    const bySlipway = plan(argo, 'terminate').steps[0];
    expect(bySlipway).toBe(
      `Argo CD ends the sync of ${where} that began on 22 Nov 2026, 12:00 UTC, started by slipway.`,
    );
    argo.operation = {
      ...argo.operation!,
      infos: { 'slipway.dev/requested-by': 'user:default/ada' },
    };
    expect(plan(argo, 'terminate').steps[0]).toContain(
      'started through the portal, it says, for user:default/ada.',
    );
    expect(plan(new FakeArgoCd(), 'terminate').blocked?.code).toBe(
      'delivery.no-operation',
    );
  });

  const found: RevertFindings = {
    possible: true,
    kind: 'release',
    from: { image: 'checkout', tag: '1.9.0', revisions: [] },
    to: { image: 'checkout', tag: '1.8.2', revisions: [] },
    toDeployedAt: '2026-11-01T10:00:00.000Z',
    request: {
      repoUrl: 'https://git.example/gitops.git',
      paths: ['apps/checkout'],
      taken: sha('2'),
      back: sha('1'),
    },
    draft: {
      repository: 'https://git.example/gitops.git',
      branch: 'main',
      head: sha('2'),
      files: [{ path: 'apps/checkout/k.yaml', change: 'modify', patch: '-+' }],
      conflicts: [],
      between: 'images',
      fingerprint: 'f',
    },
  };

  it('B21: of a revert names the releases, the files and the commit', () => {
    expect(plan(new FakeArgoCd(), 'revert', { revert: found })).toMatchObject({
      steps: [
        'A commit to main of https://git.example/gitops.git puts 1.8.2, deployed here on 1 Nov 2026, 10:00 UTC, back in place of 1.9.0. It changes 1 file: apps/checkout/k.yaml.',
        'The commit names you and your reason.',
        `Argo CD is told to look at git, and applies the commit by itself to ${where}.`,
        'Hooks run as in any sync.',
      ],
      revert: {
        commitSubject: 'Revert checkout-staging from 1.9.0 to 1.8.2',
        files: [{ path: 'apps/checkout/k.yaml' }],
      },
    });
  });

  it('of a revert is blocked by conflicts, and by there being nothing to put back', () => {
    expect(
      plan(new FakeArgoCd(), 'revert', {
        revert: {
          ...found,
          draft: { ...found.draft, conflicts: ['apps/checkout/k.yaml'] },
        },
      }).blocked,
    ).toEqual({
      code: 'delivery.revert-conflict',
      reason:
        'The same lines were changed since in apps/checkout/k.yaml. A person must decide: revert by hand in https://git.example/gitops.git.',
    });
    expect(
      plan(new FakeArgoCd(), 'revert', {
        revert: { possible: false, reason: 'It is the first release.' },
      }).blocked,
    ).toEqual({
      code: 'delivery.nothing-to-revert',
      reason: 'It is the first release.',
    });
  });
});
