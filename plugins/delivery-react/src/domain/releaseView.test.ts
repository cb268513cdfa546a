import { releaseView, shortDigest } from './releaseView';

describe('releaseView', () => {
  it('shows the source whose commit could be read, of several', () => {
    expect(
      releaseView({
        tag: '1.9.0',
        revisions: [
          { kind: 'helm', revision: '4.2.1' },
          { kind: 'git', revision: 'aaaa' },
          { kind: 'git', revision: 'bbbb', commit: { sha: 'bbbb' } },
        ],
      }),
    ).toMatchObject({
      label: '1.9.0',
      revision: 'bbbb',
      commit: { sha: 'bbbb' },
    });
  });

  it('does not take the version of a chart for a commit', () => {
    expect(
      releaseView({ revisions: [{ kind: 'helm', revision: '4.2.1' }] }),
    ).toEqual({
      label: '4.2.1',
      image: undefined,
      digest: undefined,
      revision: undefined,
      commit: undefined,
    });
  });

  it('is nothing when nothing is known', () => {
    expect(releaseView({ revisions: [] })).toBeUndefined();
    expect(releaseView(undefined)).toBeUndefined();
  });
});

it('shortens a digest behind its algorithm', () => {
  expect(shortDigest(`sha256:${'a'.repeat(64)}`)).toBe('sha256:aaaaaaaaaaaa');
});
