import { anApplication, Json, sha } from '../__testUtils__/objects';
import { applicationSchema } from '../argocd/wire';
import { toApplicationSummary } from './applicationSummary';
import { detailFingerprint, storedFingerprint } from './fingerprint';
import { applySummary } from './observedApplication';

function summaryOf(parts: Json = {}) {
  return toApplicationSummary(applicationSchema.parse(anApplication(parts)), {
    instance: 'main',
    pageUrl: 'https://argocd.example.com',
  });
}

const fingerprintOf = (parts: Json) => detailFingerprint(summaryOf(parts));

describe('detailFingerprint', () => {
  it('C3: stays when a commit moves the revision of what stays in sync', () => {
    expect(fingerprintOf({ status: { sync: { revision: sha('b') } } })).toBe(
      fingerprintOf({}),
    );
  });

  it('changes with the revision of what is out of sync', () => {
    const outOfSync = (revision: string) =>
      fingerprintOf({ status: { sync: { status: 'OutOfSync', revision } } });
    expect(outOfSync(sha('b'))).not.toBe(outOfSync(sha('c')));
  });

  it.each<[string, Json]>([
    ['sync status', { status: { sync: { status: 'OutOfSync' } } }],
    ['health', { status: { health: { status: 'Degraded' } } }],
    [
      'end of a sync',
      { status: { operationState: { finishedAt: '2026-11-20T11:00:00Z' } } },
    ],
    ['result of a sync', { status: { operationState: { phase: 'Failed' } } }],
    ['images', { status: { summary: { images: ['a:1'] } } }],
    ['history', { status: { history: [{ id: 8 }] } }],
    ['source', { spec: { source: { path: 'elsewhere' } } }],
    ['destination', { spec: { destination: { namespace: 'elsewhere' } } }],
    ['project', { spec: { project: 'other' } }],
    ['object', { metadata: { uid: 'uid-new' } }],
  ])('changes with the %s', (_, parts) => {
    expect(fingerprintOf(parts)).not.toBe(fingerprintOf({}));
  });

  it.each<[string, Json]>([
    ['time of looking', { status: { reconciledAt: '2026-11-20T12:00:00Z' } }],
    ['message of a sync', { status: { operationState: { message: 'x' } } }],
    [
      'order of images',
      {
        status: {
          summary: { images: ['registry.example.com/checkout:1.9.0'] },
        },
      },
    ],
    ['labels', { metadata: { labels: { a: 'b' } } }],
    ['complaints', { status: { conditions: [{ type: 'SyncError' }] } }],
  ])('stays with another %s', (_, parts) => {
    expect(fingerprintOf(parts)).toBe(fingerprintOf({}));
  });

  it('is that of a stored application, as long as its details were read', () => {
    const summary = summaryOf();
    const stored = {
      ...applySummary({ previous: undefined, summary, outdated: false }),
      history: [
        {
          id: 7,
          revisions: [],
          sources: [],
          deployedAt: '2026-11-20T10:00:10Z',
        },
      ],
      workloads: [],
      workloadsObservedAt: '2026-11-20T10:01:00Z',
    };
    expect(storedFingerprint(stored)).toBe(detailFingerprint(summary));
    expect(
      storedFingerprint({ ...stored, workloadsObservedAt: undefined }),
    ).toBeUndefined();
  });
});
