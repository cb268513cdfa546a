import { Release } from '@slipway/plugin-delivery-common';
import { ApplicationSource } from '@slipway/plugin-delivery-node';
import { sha } from '../../__testUtils__/applications';
import {
  ChooseReleasesOptions,
  chooseReleases,
  PastDeployment,
} from './chooseReleases';

const REPO = 'https://git.example/gitops.git';

const folder: ApplicationSource = {
  repoUrl: REPO,
  path: 'apps/checkout/overlays/production',
  targetRevision: 'main',
};

/** A release of one git source; without a tag its image is not known. */
function release(digit: string, tag?: string): Release {
  return {
    ...(tag !== undefined && { image: 'registry.example/checkout', tag }),
    revisions: [{ kind: 'git', revision: sha(digit), repoUrl: REPO }],
  };
}

function deployed(
  one: Release,
  source: PastDeployment['source'] = 'argocd-history',
): PastDeployment {
  return { release: one, deployedAt: '2026-11-01T10:00:00.000Z', source };
}

function choose(
  options: Partial<ChooseReleasesOptions> & {
    wanted: Release | undefined;
  },
) {
  return chooseReleases({ sources: [folder], history: [], ...options });
}

describe('the releases that a revert is about', () => {
  it('are the one that git asks for and the one before it', () => {
    expect(
      choose({
        wanted: release('3', '1.9.0'),
        history: [
          deployed(release('3', '1.9.0')),
          deployed(release('2', '1.8.2')),
          deployed(release('1', '1.8.1')),
        ],
      }),
    ).toEqual({
      possible: true,
      kind: 'release',
      from: release('3', '1.9.0'),
      to: release('2', '1.8.2'),
      toDeployedAt: '2026-11-01T10:00:00.000Z',
      request: {
        repoUrl: REPO,
        branch: 'main',
        paths: ['apps/checkout/overlays/production'],
        taken: sha('3'),
        back: sha('2'),
      },
    });
  });

  it('C3: leave alone what was configured after the image came in', () => {
    expect(
      choose({
        wanted: release('5', '1.9.0'),
        history: [
          deployed(release('4', '1.9.0')),
          deployed(release('3', '1.9.0')),
          deployed(release('2', '1.8.2')),
        ],
      }),
    ).toMatchObject({ request: { taken: sha('3'), back: sha('2') } });
  });

  it('take back what git asks for when that was never deployed', () => {
    expect(
      choose({
        wanted: release('9', '2.0.0'),
        history: [deployed(release('3', '1.9.0'))],
      }),
    ).toMatchObject({
      from: { tag: '2.0.0' },
      to: { tag: '1.9.0' },
      request: { taken: sha('9'), back: sha('3') },
    });
  });

  it('tell two builds under one tag apart by their digests', () => {
    const digest = (digit: string, of: string) => ({
      ...release(digit, '1.9.0'),
      digest: `sha256:${of.repeat(64)}`,
    });
    expect(
      choose({
        wanted: digest('3', 'a'),
        history: [deployed(digest('3', 'a')), deployed(digest('2', 'b'))],
      }),
    ).toMatchObject({ kind: 'release', request: { back: sha('2') } });
  });

  it('B18: take an entry of which only the commit is known for another release', () => {
    expect(
      choose({
        wanted: release('3', '1.9.0'),
        history: [deployed(release('3', '1.9.0')), deployed(release('2'))],
      }),
    ).toMatchObject({ kind: 'release', request: { back: sha('2') } });
  });

  it('pass over commits of which git says that they ask for the same images', () => {
    expect(
      choose({
        wanted: release('4', '1.9.0'),
        history: ['4', '3', '2', '1'].map(digit => deployed(release(digit))),
        seen: new Map([
          [sha('3'), 'same-images'],
          [sha('2'), 'same'],
        ]),
      }),
    ).toMatchObject({
      kind: 'release',
      request: { taken: sha('2'), back: sha('1') },
    });
  });

  it('are the configuration from before when no image differs', () => {
    const history = ['4', '3', '2'].map(digit =>
      deployed(release(digit, '1.9.0')),
    );
    expect(choose({ wanted: release('4', '1.9.0'), history })).toMatchObject({
      kind: 'configuration',
      request: { taken: sha('4'), back: sha('3') },
    });
    // Somebody else's commit in the same repository moved the revision.
    expect(
      choose({
        wanted: release('4', '1.9.0'),
        history,
        seen: new Map([[sha('3'), 'same']]),
      }),
    ).toMatchObject({
      kind: 'configuration',
      request: { taken: sha('4'), back: sha('2') },
    });
  });

  it('B17: are none that were only seen in the cluster and never in git', () => {
    expect(
      choose({
        wanted: release('3', '1.9.0'),
        history: [
          deployed(release('3', '1.9.1'), 'observed'),
          deployed(release('3', '1.9.0')),
          deployed(release('2', '1.8.2')),
        ],
      }),
    ).toMatchObject({ to: { tag: '1.8.2' }, request: { taken: sha('3') } });
  });

  it.each<[string, ApplicationSource['targetRevision'], string | undefined]>([
    ['none', undefined, undefined],
    ['HEAD', 'HEAD', undefined],
    ['a branch', 'release/2', 'release/2'],
    ['a full ref', 'refs/heads/main', 'main'],
    ['what may be a branch or a tag', 'v1.2.3', 'v1.2.3'],
  ])(
    'are on the branch that is followed, with %s as target revision',
    (_what, targetRevision, branch) => {
      const choice = choose({
        sources: [{ ...folder, targetRevision }],
        wanted: release('3', '1.9.0'),
        history: [deployed(release('2', '1.8.2'))],
      });
      expect(choice.possible && choice.request.branch).toBe(branch);
    },
  );
});

describe('the releases of an application with several sources', () => {
  const settings: ApplicationSource = {
    repoUrl: REPO,
    path: 'settings/checkout',
    targetRevision: 'main',
  };
  const chart: ApplicationSource = {
    repoUrl: 'https://charts.example',
    chart: 'base',
    targetRevision: '1.2.0',
  };

  function both(
    tag: string,
    ...revisions: Release['revisions'][number][]
  ): Release {
    return { image: 'registry.example/checkout', tag, revisions };
  }
  const git = (digit: string, repoUrl = REPO) =>
    ({ kind: 'git', revision: sha(digit), repoUrl } as const);
  const version = (revision: string) =>
    ({ kind: 'helm', revision, repoUrl: chart.repoUrl } as const);

  it('A20: are compared by position, and only what moved is changed', () => {
    expect(
      choose({
        sources: [chart, folder],
        wanted: both('1.9.0', version('1.2.0'), git('3')),
        history: [deployed(both('1.8.2', version('1.2.0'), git('2')))],
      }),
    ).toMatchObject({
      possible: true,
      request: { repoUrl: REPO, paths: [folder.path], back: sha('2') },
    });
  });

  it('A20: are in every folder of the one repository that moved', () => {
    expect(
      choose({
        sources: [folder, settings],
        wanted: both('1.9.0', git('3'), git('3')),
        history: [deployed(both('1.8.2', git('2'), git('2')))],
      }),
    ).toMatchObject({ request: { paths: [folder.path, settings.path] } });
  });

  it.each<[string, ApplicationSource[], Release, Release, RegExp]>([
    [
      'a chart version moved, too',
      [chart, folder],
      both('1.9.0', version('1.2.0'), git('3')),
      both('1.8.2', version('1.1.0'), git('2')),
      /Its source 1 is the Helm chart base of https:\/\/charts.example: .* targetRevision/,
    ],
    [
      'two repositories moved',
      [folder, { ...settings, repoUrl: 'https://git.example/other' }],
      both('1.9.0', git('3'), git('3', 'https://git.example/other')),
      both('1.8.2', git('2'), git('2', 'https://git.example/other')),
      /Several repositories would change/,
    ],
    [
      'the sources were others then',
      [folder, settings],
      both('1.9.0', git('3'), git('3')),
      both('1.8.2', git('2')),
      /Not every source/,
    ],
    [
      'one of them follows another branch',
      [folder, { ...settings, targetRevision: 'settings' }],
      both('1.9.0', git('3'), git('3')),
      both('1.8.2', git('2'), git('2')),
      /different branches/,
    ],
    [
      'one names no folder',
      [folder, { ...settings, path: undefined }],
      both('1.9.0', git('3'), git('3')),
      both('1.8.2', git('2'), git('2')),
      /Its source 2 .* names no folder/,
    ],
  ])('are none when %s', (_what, sources, wanted, before, reason) => {
    expect(choose({ sources, wanted, history: [deployed(before)] })).toEqual({
      possible: false,
      reason: expect.stringMatching(reason),
    });
  });
});

describe('there is no release to put back', () => {
  const history = [
    deployed(release('3', '1.9.0')),
    deployed(release('2', '1.8.2')),
  ];
  const wanted = release('3', '1.9.0');

  it.each<[string, Parameters<typeof choose>[0], RegExp]>([
    [
      'while it is not known what git asks for (A21: a hydrated application of an unknown dry commit)',
      { wanted: { revisions: [] }, history },
      /not known which commit git asks for/,
    ],
    ['when nothing was deployed yet', { wanted }, /No earlier deployment/],
    [
      'when there was only ever this one',
      { wanted, history: [deployed(wanted)] },
      /none to put back/,
    ],
    [
      'in the source of a chart',
      {
        wanted: {
          tag: '1.9.0',
          revisions: [{ kind: 'helm', revision: '1.2.0' }],
        },
        sources: [{ repoUrl: 'https://charts.example', chart: 'checkout' }],
        history: [
          deployed({
            tag: '1.8.2',
            revisions: [{ kind: 'helm', revision: '1.1.0' }],
          }),
        ],
      },
      /Its source is the Helm chart checkout .* pinned in the Argo CD application/,
    ],
    [
      'in an OCI artifact',
      {
        wanted: {
          revisions: [{ kind: 'oci', revision: `sha256:${'a'.repeat(64)}` }],
        },
        sources: [{ repoUrl: 'oci://registry.example/checkout', path: '.' }],
        history: [
          deployed({
            revisions: [{ kind: 'oci', revision: `sha256:${'b'.repeat(64)}` }],
          }),
        ],
      },
      /OCI artifact/,
    ],
    [
      'at a commit that is pinned',
      { wanted, history, sources: [{ ...folder, targetRevision: sha('3') }] },
      /pinned to the commit 3333333/,
    ],
    [
      'at a tag',
      {
        wanted,
        history,
        sources: [{ ...folder, targetRevision: 'refs/tags/v1' }],
      },
      /follows tags/,
    ],
    [
      'at a range of tags',
      { wanted, history, sources: [{ ...folder, targetRevision: '1.2.*' }] },
      /follows tags/,
    ],
    [
      'C4: when the image was set in the application and not in git',
      {
        wanted: release('3', '1.9.0'),
        history: [deployed(release('3', '1.8.2'))],
      },
      /set in the Argo CD application itself/,
    ],
    [
      'when the application came from another repository then',
      {
        wanted,
        history,
        sources: [{ ...folder, repoUrl: 'https://git.example/new' }],
      },
      /in the same repository/,
    ],
    ['without a source', { wanted, history, sources: [] }, /not known where/],
  ])('%s, and it says why', (_what, options, reason) => {
    expect(choose(options)).toEqual({
      possible: false,
      reason: expect.stringMatching(reason),
    });
  });
});
