import { anApplication, Json, sha } from '../__testUtils__/objects';
import { applicationSchema } from '../argocd/wire';
import {
  isCommitSha,
  revisionKind,
  toSources,
  toSyncRevisions,
} from './sources';

function application(parts: Json) {
  return applicationSchema.parse(anApplication(parts));
}

const HYDRATED = {
  spec: {
    source: undefined,
    sourceHydrator: {
      drySource: {
        repoURL: 'https://git.example.com/dry.git',
        path: 'checkout',
        targetRevision: 'main',
      },
      syncSource: { targetBranch: 'environments/production', path: 'checkout' },
    },
  },
  status: { sync: { revision: sha('h') } },
};

describe('the sources of an application', () => {
  it('A12: takes the empty source that a field filter leaves for none', () => {
    const sources = [
      { repoURL: 'https://git.example.com/a.git', path: 'a' },
      { repoURL: 'https://git.example.com/b.git', path: 'b' },
    ];
    expect(
      toSources(application({ spec: { source: undefined, sources } })),
    ).toHaveLength(2);
    const empty = applicationSchema.parse({
      metadata: { name: 'checkout' },
      spec: { source: {}, sources },
    });
    expect(toSources(empty).map(source => source.path)).toEqual(['a', 'b']);
    const nothing = applicationSchema.parse({
      metadata: { name: 'checkout' },
      spec: { source: {} },
    });
    expect(toSources(nothing)).toEqual([]);
  });

  it('A20: has one revision a source, by position', () => {
    const several = application({
      spec: {
        source: { repoURL: 'https://git.example.com/ignored.git' },
        sources: [
          { repoURL: 'https://charts.example.com', chart: 'checkout' },
          { repoURL: 'https://git.example.com/values.git' },
        ],
      },
      status: { sync: { revision: '', revisions: ['1.4.2', sha('b')] } },
    });
    expect(toSyncRevisions(several)).toEqual(['1.4.2', sha('b')]);
    expect(toSources(several).map(revisionKind)).toEqual(['helm', 'git']);
  });

  it('A20: takes chart versions and OCI digests for no commits', () => {
    expect(
      revisionKind({ repoUrl: 'oci://registry.example.com/charts/a' }),
    ).toBe('oci');
    expect(
      revisionKind({ repoUrl: 'https://charts.example.com', chart: 'a' }),
    ).toBe('helm');
    expect(isCommitSha('1.4.2')).toBe(false);
    expect(isCommitSha(`sha256:${'a'.repeat(64)}`)).toBe(false);
    expect(isCommitSha('main')).toBe(false);
    expect(isCommitSha(sha('a'))).toBe(true);
    expect(isCommitSha('a'.repeat(64))).toBe(true);
  });

  it('A21: takes the dry commit for the one that people made', () => {
    const hydrated = application({
      ...HYDRATED,
      status: {
        sync: { revision: sha('h') },
        sourceHydrator: {
          lastSuccessfulOperation: {
            drySHA: sha('d'),
            hydratedSHA: sha('h'),
          },
        },
      },
    });
    expect(toSyncRevisions(hydrated)).toEqual([sha('d')]);
    expect(toSources(hydrated)).toEqual([
      {
        repoUrl: 'https://git.example.com/dry.git',
        path: 'checkout',
        targetRevision: 'main',
      },
    ]);
  });

  it('A21: takes the dry commit of the hydration that Argo CD compared with', () => {
    const running = application({
      ...HYDRATED,
      status: {
        sync: { revision: sha('2') },
        sourceHydrator: {
          currentOperation: { drySHA: sha('b'), hydratedSHA: sha('2') },
          lastSuccessfulOperation: { drySHA: sha('a'), hydratedSHA: sha('1') },
        },
      },
    });
    expect(toSyncRevisions(running)).toEqual([sha('b')]);
  });

  it('A21: rather knows no commit than takes the hydrated one', () => {
    expect(toSyncRevisions(application(HYDRATED))).toEqual([]);
  });

  it('shows nobody the password in the URL of a repository', () => {
    const [source] = toSources(
      application({
        spec: {
          source: { repoURL: 'https://me:secret@git.example.com/a.git' },
        },
      }),
    );
    expect(source.repoUrl).toBe('https://git.example.com/a.git');
  });
});
