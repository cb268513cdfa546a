import { anApplication, Json, merge, sha } from '../__testUtils__/objects';
import { applicationSchema } from '../argocd/wire';
import { toApplicationSummary } from './applicationSummary';
import { toSyncPolicy } from './states';

function summaryOf(parts: Json = {}) {
  return toApplicationSummary(applicationSchema.parse(anApplication(parts)), {
    instance: 'main',
    pageUrl: 'https://argocd.example.com',
  });
}

describe('toApplicationSummary', () => {
  it('A1: takes null for an empty list everywhere', () => {
    expect(
      summaryOf({
        metadata: { labels: null, annotations: null },
        status: {
          history: null,
          resources: null,
          conditions: null,
          summary: { images: null },
        },
      }),
    ).toMatchObject({
      labels: {},
      annotations: {},
      conditions: [],
      images: [],
    });
  });

  it('takes an application without any status for unknown, not for well', () => {
    expect(summaryOf({ status: undefined })).toMatchObject({
      sync: { state: 'unknown', revisions: [] },
      health: { state: 'unknown' },
      operation: undefined,
    });
  });

  it.each(['Sincronizado', '', 'synced'])(
    'takes states that it does not know for unknown: %j',
    status => {
      expect(
        summaryOf({ status: { sync: { status }, health: { status } } }),
      ).toMatchObject({
        sync: { state: 'unknown' },
        health: { state: 'unknown' },
      });
    },
  );

  it('A11: judges nothing by the health of single resources, which a list lacks', () => {
    const resource = { group: 'apps', kind: 'Deployment', name: 'checkout' };
    const without = summaryOf({ status: { resources: [resource] } });
    const bad = summaryOf({
      status: { resources: [{ ...resource, health: { status: 'Degraded' } }] },
    });
    expect(bad).toEqual(without);
    expect(without.health.state).toBe('healthy');
  });

  it('A13: has the instance, the namespace and the name in its identity', () => {
    expect(summaryOf({ metadata: { namespace: 'team' } }).id).toEqual({
      instance: 'main',
      namespace: 'team',
      name: 'checkout',
    });
  });

  it('B14, B15: keeps what Argo CD complains of, with its severity', () => {
    expect(
      summaryOf({
        status: {
          conditions: [
            {
              type: 'UnknownError',
              message: 'status exceeds the size limit, it may be stale',
              lastTransitionTime: '2026-11-20T10:00:00Z',
            },
            { type: 'OrphanedResourceWarning', message: 'one orphan' },
            { type: 'Somethingelse' },
          ],
        },
      }).conditions,
    ).toEqual([
      {
        type: 'UnknownError',
        severity: 'error',
        message: 'status exceeds the size limit, it may be stale',
        since: '2026-11-20T10:00:00Z',
      },
      {
        type: 'OrphanedResourceWarning',
        severity: 'warning',
        message: 'one orphan',
      },
      { type: 'Somethingelse', severity: 'info', message: '' },
    ]);
  });

  it('B16: recognises an app of apps by what Argo CD says from 3.5', () => {
    expect(summaryOf().appOfApps).toBe(false);
    expect(
      summaryOf({ status: { summary: { isAppOfApps: true } } }).appOfApps,
    ).toBe(true);
  });

  it('B16: recognises an app of apps by its resources before 3.5', () => {
    const resources = [
      { group: 'argoproj.io', kind: 'Application', name: 'child' },
    ];
    expect(summaryOf({ status: { resources } }).appOfApps).toBe(true);
    const others = [
      { group: 'app.k8s.io', kind: 'Application', name: 'not-one' },
      { group: 'argoproj.io', kind: 'Rollout', name: 'neither' },
    ];
    expect(summaryOf({ status: { resources: others } }).appOfApps).toBe(false);
  });

  it.each([
    [{ prune: true, selfHeal: true }, true, true, true],
    [{}, true, false, false],
    [{ enabled: true }, true, false, false],
    [{ enabled: false, prune: true }, false, true, false],
    [null, false, false, false],
    [undefined, false, false, false],
  ])('reads the policy %j', (automated, ...expected) => {
    const bare = anApplication({ spec: { syncPolicy: undefined } });
    const policy = toSyncPolicy(
      applicationSchema.parse(
        merge(bare, { spec: { syncPolicy: { automated } } }),
      ),
    );
    expect([policy.automated, policy.prune, policy.selfHeal]).toEqual(expected);
  });

  it('says that an application is being deleted', () => {
    expect(summaryOf().deleting).toBe(false);
    expect(
      summaryOf({ metadata: { deletionTimestamp: '2026-11-20T10:00:00Z' } })
        .deleting,
    ).toBe(true);
  });

  it('keeps annotations that mean something here, and no others', () => {
    expect(
      summaryOf({
        metadata: {
          annotations: {
            'slipway.dev/environment': 'staging',
            'argocd.argoproj.io/refresh': 'normal',
          },
        },
      }).annotations,
    ).toEqual({
      'backstage.io/entity-ref': 'component:default/checkout',
      'slipway.dev/environment': 'staging',
    });
  });

  it('C3: tells a new revision with the same image from a new image', () => {
    const before = summaryOf();
    const configOnly = summaryOf({
      status: { sync: { revision: sha('b') } },
    });
    expect(configOnly.sync.revisions).not.toEqual(before.sync.revisions);
    expect(configOnly.images).toEqual(before.images);
    const digest = `registry.example.com/checkout:1.9.0@sha256:${'e'.repeat(
      64,
    )}`;
    const sameTag = summaryOf({ status: { summary: { images: [digest] } } });
    expect(sameTag.images).not.toEqual(before.images);
    expect(sameTag.sync.revisions).toEqual(before.sync.revisions);
  });

  it('links to the page of the application, whatever its name', () => {
    expect(summaryOf({ metadata: { name: 'a/b c' } }).url).toBe(
      'https://argocd.example.com/applications/argocd/a%2Fb%20c',
    );
  });
});
