import { sha } from '../__testUtils__/objects';
import { commitUrl, toCommit } from './commit';

describe('commitUrl', () => {
  it.each([
    [
      'https://github.com/org/repo.git',
      `https://github.com/org/repo/commit/${sha('a')}`,
    ],
    [
      'git@github.com:org/repo.git',
      `https://github.com/org/repo/commit/${sha('a')}`,
    ],
    [
      'ssh://git@github.com:22/org/repo',
      `https://github.com/org/repo/commit/${sha('a')}`,
    ],
    [
      'https://gitlab.com/group/sub/repo.git',
      `https://gitlab.com/group/sub/repo/-/commit/${sha('a')}`,
    ],
    [
      'https://bitbucket.org/org/repo/',
      `https://bitbucket.org/org/repo/commits/${sha('a')}`,
    ],
    ['https://git.example.com/org/repo.git', undefined],
    ['not a url', undefined],
  ])('links %s to its page', (repoUrl, expected) => {
    expect(commitUrl({ repoUrl, sha: sha('a') })).toBe(expected);
  });
});

describe('toCommit', () => {
  it('leaves out what Argo CD does not know', () => {
    expect(
      toCommit({
        sha: sha('a'),
        repoUrl: 'https://git.example.com/a.git',
        metadata: { author: '', date: undefined, message: undefined },
      }),
    ).toEqual({ sha: sha('a') });
  });
});
