import { anApplication, Json, sha } from '../__testUtils__';
import { applicationSchema } from '../argocd/wire';
import { toLiveApplication } from './liveApplication';

function live(parts: Json = {}) {
  return toLiveApplication({
    application: applicationSchema.parse(anApplication(parts)),
    context: { instance: 'main', pageUrl: 'https://argocd.example.com' },
    observedAt: '2026-11-20T11:00:00.000Z',
  });
}

const stateOf = (operationState: Json | undefined) =>
  live({ status: { operationState } }).operation;

const outcomesOf = (...resources: Json[]) =>
  stateOf({ syncResult: { resources } })?.outcomes;

const job = { group: 'batch', kind: 'Job', namespace: 'shop', name: 'migrate' };

describe('toLiveApplication', () => {
  it('holds the same facts as a projection, history included', () => {
    expect(live()).toMatchObject({
      application: {
        id: { instance: 'main', namespace: 'argocd', name: 'checkout' },
        project: 'payments',
        sync: { state: 'synced', revisions: [sha('a')] },
        history: [{ id: 7, revisions: [sha('a')] }],
        commits: {},
        url: 'https://argocd.example.com/applications/argocd/checkout',
      },
      syncOptions: [],
      observedAt: '2026-11-20T11:00:00.000Z',
    });
  });

  it('B1: trusts nothing that Argo CD saw before its last sync was over', () => {
    const seenAt = (reconciledAt: string | undefined) =>
      live({ status: { reconciledAt } }).application.verified;
    expect(seenAt('2026-11-20T10:00:09Z')).toBe(false);
    expect(seenAt('2026-11-20T10:00:10Z')).toBe(true);
    expect(seenAt(undefined)).toBe(false);
  });

  it('B16: says that it is an application of applications', () => {
    expect(
      live({
        status: {
          resources: [
            { group: 'argoproj.io', kind: 'Application', name: 'child' },
          ],
        },
      }).application.appOfApps,
    ).toBe(true);
  });

  it('knows of a resource whether it is in sync, and unknown when nobody says', () => {
    const resources = ['Synced', 'OutOfSync', 'Unknown', undefined].map(
      (status, index) => ({ kind: 'ConfigMap', name: `c${index}`, status }),
    );
    expect(
      live({ status: { resources: [...resources, { kind: 'Nameless' }] } })
        .resources,
    ).toMatchObject([
      { name: 'c0', state: 'synced' },
      { name: 'c1', state: 'out-of-sync' },
      { name: 'c2', state: 'unknown' },
      { name: 'c3', state: 'unknown' },
    ]);
  });

  it('A1: bears null in place of every list', () => {
    expect(
      live({
        spec: { syncPolicy: { syncOptions: null } },
        status: {
          resources: null,
          history: null,
          operationState: {
            operation: { info: null, sync: { resources: null } },
            syncResult: {
              revision: sha('a'),
              revisions: null,
              resources: null,
            },
          },
        },
      }),
    ).toMatchObject({
      syncOptions: [],
      resources: [],
      operation: { outcomes: [], revisions: [sha('a')], infos: {} },
    });
  });
});

describe('the operation of a live application', () => {
  it('is none when there never was one', () => {
    expect(stateOf(undefined)).toBeUndefined();
  });

  it.each([
    ['Running', undefined, false, false],
    ['Running', '2026-11-20T10:00:10Z', false, false],
    ['Terminating', undefined, false, false],
    ['Succeeded', '2026-11-20T10:00:10Z', true, true],
    ['Failed', '2026-11-20T10:00:10Z', true, false],
    ['Error', '2026-11-20T10:00:10Z', true, false],
    ['Perplexed', undefined, false, false],
    ['Perplexed', '2026-11-20T10:00:10Z', true, false],
  ])(
    'B5: with phase %s and end %s is over: %s, and succeeded: %s',
    (phase, finishedAt, over, succeeded) => {
      expect(stateOf({ phase, finishedAt })).toMatchObject({
        queued: false,
        over,
        succeeded,
      });
    },
  );

  it('B5: counts how often it was tried again', () => {
    expect(stateOf({ phase: 'Running', retryCount: 3 })?.retries).toBe(3);
    expect(stateOf({ phase: 'Running' })?.retries).toBe(0);
  });

  it('B2, B6: is the queued one, with its own infos and nothing of the one before', () => {
    expect(
      live({
        operation: {
          info: [
            { name: 'slipway.dev/action', value: 'new' },
            { name: 'slipway.dev/reason' },
            { value: 'nameless' },
          ],
          sync: { revisions: ['1.0.0', sha('b')], dryRun: true },
        },
        status: {
          operationState: {
            operation: { info: [{ name: 'slipway.dev/action', value: 'old' }] },
            syncResult: { resources: [{ ...job, status: 'Synced' }] },
          },
        },
      }).operation,
    ).toEqual({
      queued: true,
      over: false,
      succeeded: false,
      retries: 0,
      dryRun: true,
      revisions: ['1.0.0', sha('b')],
      infos: { 'slipway.dev/action': 'new', 'slipway.dev/reason': '' },
      outcomes: [],
    });
  });

  it('B2: takes the first of two infos of one name, and bears any name', () => {
    const infos = stateOf({
      operation: {
        info: [
          { name: 'a', value: '1' },
          { name: 'a', value: '2' },
          { name: '__proto__', value: '3' },
        ],
      },
    })?.infos;
    expect(Object.entries(infos ?? {})).toEqual([
      ['a', '1'],
      ['__proto__', '3'],
    ]);
  });

  it('A20: has its revisions by position', () => {
    expect(
      stateOf({ syncResult: { revision: '', revisions: ['1.0.0', sha('c')] } })
        ?.revisions,
    ).toEqual(['1.0.0', sha('c')]);
  });

  it('B17: says that it was dry', () => {
    expect(stateOf({ operation: { sync: { dryRun: true } } })?.dryRun).toBe(
      true,
    );
  });

  it.each([
    ['Synced', 'synced'],
    ['Pruned', 'pruned'],
    ['PruneSkipped', 'prune-skipped'],
    ['SyncFailed', 'failed'],
    ['Perplexed', 'running'],
  ])('B7: did to a resource of status %s: %s', (status, outcome) => {
    expect(outcomesOf({ ...job, status, message: 'words' })).toEqual([
      { ...job, outcome, message: 'words' },
    ]);
  });

  it.each([
    ['Running', 'running'],
    ['Succeeded', 'synced'],
    ['Failed', 'failed'],
    ['Error', 'failed'],
    ['Terminating', 'running'],
    [undefined, 'running'],
  ])('B4: ran a hook of phase %s: %s', (hookPhase, outcome) => {
    // It was applied, and that says nothing of how it went.
    expect(
      outcomesOf({ ...job, status: 'Synced', hookType: 'PreSync', hookPhase }),
    ).toMatchObject([{ outcome, hook: 'PreSync' }]);
  });

  it('B4: has applied what it now waits for', () => {
    expect(
      outcomesOf({ ...job, status: 'Synced', hookPhase: 'Running' }),
    ).toEqual([{ ...job, outcome: 'synced' }]);
  });

  it('leaves out what has no name', () => {
    expect(outcomesOf({ kind: 'Job' }, { name: 'x' })).toEqual([]);
  });
});
