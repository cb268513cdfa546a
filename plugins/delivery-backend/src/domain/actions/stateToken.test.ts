import { sha } from '../../__testUtils__/applications';
import { FakeArgoCd } from '../../__testUtils__/FakeArgoCd';
import { stateToken } from './stateToken';

const actions = ['sync', 'refresh', 'terminate', 'revert'] as const;

/** Which actions a change voids the confirmation of. */
function voids(change: (argo: FakeArgoCd) => void, argo = new FakeArgoCd()) {
  const before = actions.map(action =>
    stateToken({ action, live: argo.live() }),
  );
  change(argo);
  return actions.filter(
    (action, position) =>
      stateToken({ action, live: argo.live() }) !== before[position],
  );
}

function running(): FakeArgoCd {
  const argo = new FakeArgoCd();
  argo.beginOther({ automated: false });
  argo.moveOn();
  return argo;
}

describe('the state that a confirmation is for', () => {
  it('does not change with health, replicas, words or the time of the look', () => {
    expect(
      voids(argo => {
        argo.tick(60);
        argo.application = {
          ...argo.application,
          health: { state: 'degraded', message: 'crash loop' },
          conditions: [{ type: 'X', severity: 'error', message: 'y' }],
          workloads: [],
          commits: { [sha('1')]: { sha: sha('1') } },
        };
      }),
    ).toEqual([]);
    expect(
      voids(argo => {
        argo.operation = { ...argo.operation!, message: 'waiting for more' };
      }, running()),
    ).toEqual([]);
  });

  it('changes for a sync when git asks for something else, and for nothing else', () => {
    expect(
      voids(argo => {
        argo.push(sha('7'));
        argo.look();
      }),
    ).toEqual(['sync']);
  });

  it('changes for a sync when another resource would be changed or pruned', () => {
    expect(
      voids(argo => {
        argo.resources = [
          {
            group: '',
            kind: 'ConfigMap',
            name: 'old',
            state: 'out-of-sync',
            requiresPruning: true,
            hook: false,
          },
        ];
      }),
    ).toEqual(['sync']);
  });

  it('changes when an operation begins, and when it is over', () => {
    const changing = ['sync', 'terminate', 'revert'];
    expect(voids(argo => argo.beginOther({ automated: true }))).toEqual(
      changing,
    );
    expect(voids(argo => argo.moveOn(), running())).toEqual(changing);
  });

  it('changes for everything when the application is made again, or is being deleted', () => {
    expect(voids(argo => argo.recreate())).toEqual(actions);
    expect(
      voids(argo => {
        argo.application = { ...argo.application, deleting: true };
      }),
    ).toEqual(actions);
  });

  it('changes where it matters whether Argo CD acts by itself', () => {
    expect(
      voids(argo => {
        argo.application = {
          ...argo.application,
          policy: { automated: false, prune: false, selfHeal: false },
        };
      }),
    ).toEqual(['sync', 'refresh', 'revert']);
  });

  it('is of one draft for a revert', () => {
    const live = new FakeArgoCd().live();
    const of = (fingerprint: string) =>
      stateToken({
        action: 'revert',
        live,
        revert: {
          fingerprint,
          request: {
            repoUrl: 'https://git.example/gitops.git',
            paths: ['apps'],
            taken: sha('2'),
            back: sha('1'),
          },
        },
      });
    expect(of('a')).toBe(of('a'));
    expect(of('a')).not.toBe(of('b'));
    expect(of('a')).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});
