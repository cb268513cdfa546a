import { projectListed } from '../__testUtils__/fields';
import { anApplication, Json, sha } from '../__testUtils__/objects';
import { LIST_FIELDS } from '../argocd/fields';
import { applicationSchema } from '../argocd/wire';
import { toApplicationSummary } from './applicationSummary';
import { differsFromList, listCarriesRevisions } from './listDifference';
import { applySummary } from './observedApplication';

function known(parts: Json = {}) {
  return applySummary({
    previous: undefined,
    summary: toApplicationSummary(
      applicationSchema.parse(anApplication(parts)),
      { instance: 'main', pageUrl: 'https://argocd.example.com' },
    ),
    outdated: false,
  });
}

function listed(minorVersion: number, parts: Json = {}) {
  return applicationSchema.parse(
    projectListed(anApplication(parts), { fields: LIST_FIELDS, minorVersion }),
  );
}

describe.each([4, 5])('a list of Argo CD 3.%d', minorVersion => {
  it('A9, A11: shows no difference in what it leaves out', () => {
    expect(differsFromList(known(), listed(minorVersion))).toBe(false);
  });

  it.each<[string, Json]>([
    ['sync status', { status: { sync: { status: 'OutOfSync' } } }],
    ['health', { status: { health: { status: 'Missing' } } }],
    ['images', { status: { summary: { images: [] } } }],
    [
      'end of a sync',
      { status: { operationState: { finishedAt: '2026-11-20T11:00:00Z' } } },
    ],
    ['phase of a sync', { status: { operationState: { phase: 'Failed' } } }],
    ['policy', { spec: { syncPolicy: { automated: undefined } } }],
    ['source', { spec: { source: { targetRevision: 'release' } } }],
    ['project', { spec: { project: 'other' } }],
    ['deletion', { metadata: { deletionTimestamp: '2026-11-20T10:00:00Z' } }],
  ])('shows a lost change of the %s', (_, parts) => {
    expect(differsFromList(known(), listed(minorVersion, parts))).toBe(true);
  });

  it('says nothing of a sync that is only asked for', () => {
    const queued = known({ operation: { sync: {} } });
    expect(queued.operation?.phase).toBe('queued');
    expect(differsFromList(queued, listed(minorVersion))).toBe(false);
  });
});

describe('revisions in a list', () => {
  const moved = { status: { sync: { revision: sha('b') } } };

  it('A9: are missing up to 3.4, which is no difference', () => {
    expect(listCarriesRevisions([listed(4)])).toBe(false);
    expect(differsFromList(known(), listed(4, moved))).toBe(false);
  });

  it('are there from 3.5', () => {
    expect(listCarriesRevisions([listed(5)])).toBe(true);
    expect(differsFromList(known(), listed(5, moved))).toBe(true);
  });

  it('A21: are not compared where they are hydrated', () => {
    const hydrated = {
      spec: {
        sourceHydrator: {
          drySource: { repoURL: 'https://git.example.com/dry.git' },
        },
      },
      status: {
        sync: { revision: sha('h') },
        sourceHydrator: {
          lastSuccessfulOperation: { drySHA: sha('d'), hydratedSHA: sha('h') },
        },
      },
    };
    expect(known(hydrated).sync.revisions).toEqual([sha('d')]);
    expect(differsFromList(known(hydrated), listed(5, hydrated))).toBe(false);
  });
});
