import { Release } from '@slipway/plugin-delivery-common';
import { sha } from '../__testUtils__/applications';
import { findRevert } from './findRevert';
import { RevertDraft, RevertRequest, RevertWriter } from './RevertWriter';

const REPO = 'https://git.example/gitops.git';

function release(digit: string, tag?: string): Release {
  return {
    ...(tag !== undefined && { image: 'registry.example/checkout', tag }),
    revisions: [{ kind: 'git', revision: sha(digit), repoUrl: REPO }],
  };
}

/** What git says lies between two commits, by their digits: `4>3`. */
function writerOf(said: { [pair: string]: Partial<RevertDraft> }) {
  const asked: string[] = [];
  const writer: RevertWriter = {
    whyReadOnly: () => undefined,
    commit: () => Promise.reject(new Error('Nothing is to be committed')),
    draft: async ({ taken, back }: RevertRequest) => {
      const pair = `${taken[0]}>${back[0]}`;
      asked.push(pair);
      return {
        repository: REPO,
        branch: 'main',
        head: sha('9'),
        files: [{ path: 'k.yaml', change: 'modify', patch: '' }],
        conflicts: [],
        between: 'images',
        fingerprint: pair,
        ...said[pair],
      };
    },
  };
  return { writer, asked };
}

function find(options: {
  wanted: Release;
  history: Release[];
  said: { [pair: string]: Partial<RevertDraft> };
}) {
  const { writer, asked } = writerOf(options.said);
  const found = findRevert({
    writer,
    sources: [{ repoUrl: REPO, path: 'apps/checkout' }],
    wanted: options.wanted,
    history: options.history.map(one => ({
      release: one,
      deployedAt: '2026-11-01T10:00:00.000Z',
      source: 'argocd-history',
    })),
    signal: new AbortController().signal,
  });
  return { found, asked };
}

const nothing: Partial<RevertDraft> = { between: 'nothing', files: [] };
const configuration: Partial<RevertDraft> = { between: 'configuration' };

describe('finding a revert', () => {
  it('asks git once where history tells which images there were', async () => {
    const { found, asked } = find({
      wanted: release('4', '2'),
      history: [release('4', '2'), release('3', '2'), release('2', '1')],
      said: {},
    });
    await expect(found).resolves.toMatchObject({
      possible: true,
      kind: 'release',
      to: { tag: '1' },
      draft: { fingerprint: '3>2' },
    });
    expect(asked).toEqual(['3>2']);
  });

  it('looks further back past commits that were about other services', async () => {
    const { found, asked } = find({
      wanted: release('4', '2'),
      history: [release('4', '2'), release('3'), release('2'), release('1')],
      said: { '4>3': nothing, '3>2': configuration },
    });
    await expect(found).resolves.toMatchObject({
      kind: 'release',
      draft: { fingerprint: '2>1' },
    });
    expect(asked).toEqual(['4>3', '3>2', '2>1']);
  });

  it('comes back to the last change of configuration when no image ever differed', async () => {
    const { found } = find({
      wanted: release('4', '2'),
      history: [release('4', '2'), release('3'), release('2')],
      said: {
        '4>3': configuration,
        '3>2': nothing,
      },
    });
    await expect(found).resolves.toMatchObject({
      kind: 'configuration',
      draft: { fingerprint: '4>3' },
    });
  });

  it.each<[string, Parameters<typeof find>[0], RegExp]>([
    [
      'the image comes from another folder',
      {
        wanted: release('4', '2'),
        history: [release('4', '2'), release('3', '1')],
        said: { '4>3': nothing },
      },
      /their image is set somewhere else/,
    ],
    [
      'the branch has it already',
      {
        wanted: release('4', '2'),
        history: [release('4', '2'), release('3', '1')],
        said: { '4>3': { files: [] } },
      },
      /The branch main has all of it already/,
    ],
    [
      'nothing ever differed',
      {
        wanted: release('4', '2'),
        history: [release('4', '2'), release('3', '2')],
        said: { '4>3': nothing },
      },
      /No deployment that is known here differs/,
    ],
  ])('says why there is none when %s', async (_what, options, reason) => {
    await expect(find(options).found).resolves.toEqual({
      possible: false,
      reason: expect.stringMatching(reason),
    });
  });

  it('gives up on a history of other services after a while', async () => {
    const history = Array.from({ length: 30 }, (_, index) => ({
      revisions: [
        { kind: 'git' as const, revision: `${index}`.padStart(40, '0') },
      ],
    }));
    const { writer, asked } = writerOf({});
    writer.draft = async () => {
      asked.push('asked');
      return { between: 'nothing', files: [], conflicts: [] } as never;
    };
    await expect(
      findRevert({
        writer,
        sources: [{ repoUrl: REPO, path: 'apps/checkout' }],
        wanted: history[0],
        history: history.map(one => ({
          release: one,
          deployedAt: '2026-11-01T10:00:00.000Z',
          source: 'argocd-history',
        })),
        signal: new AbortController().signal,
      }),
    ).resolves.toMatchObject({ possible: false });
    expect(asked).toHaveLength(10);
  });

  it('learns from git how a release is called of which history knows the commit', async () => {
    const { found } = find({
      wanted: release('4', '2'),
      history: [release('4', '2'), release('3')],
      said: { '4>3': { putsBack: { tag: '1', digest: 'sha256:a' } } },
    });
    await expect(found).resolves.toMatchObject({
      to: {
        image: 'registry.example/checkout',
        tag: '1',
        digest: 'sha256:a',
        revisions: release('3').revisions,
      },
    });
  });

  it('believes history before git', async () => {
    const { found } = find({
      wanted: release('4', '2'),
      history: [release('4', '2'), release('3', '1')],
      said: { '4>3': { putsBack: { tag: '0' } } },
    });
    await expect(found).resolves.toMatchObject({ to: { tag: '1' } });
  });

  it('shows what is in conflict', async () => {
    const { found } = find({
      wanted: release('4', '2'),
      history: [release('4', '2'), release('3', '1')],
      said: { '4>3': { files: [], conflicts: ['k.yaml'] } },
    });
    await expect(found).resolves.toMatchObject({
      possible: true,
      draft: { conflicts: ['k.yaml'] },
    });
  });
});
