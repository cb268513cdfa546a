import { findRepository, GitCredential } from './credentials';

function credential(url: string): GitCredential {
  return { url, username: 'slipway', token: `token of ${url}` };
}

function found(credentials: string[], repoUrl: string): string | undefined {
  const repository = findRepository(credentials.map(credential), repoUrl);
  return 'reason' in repository ? undefined : repository.credential.url;
}

describe('the credential for a repository', () => {
  it('is the one of the longest URL that is above it', () => {
    const urls = [
      'https://git.example',
      'https://git.example/team/gitops',
      'https://git.example/team',
    ];
    expect(found(urls, 'https://git.example/team/gitops.git')).toBe(
      'https://git.example/team/gitops',
    );
    expect(found(urls, 'https://git.example/team/gitops/')).toBe(urls[1]);
    expect(found(urls, 'https://git.example/team/other')).toBe(urls[2]);
    expect(found(urls, 'https://GIT.example:443/else/where')).toBe(urls[0]);
  });

  it.each([
    ['another beginning of a name', 'https://git.example/team-evil/gitops'],
    ['another case of a name', 'https://git.example/Team/gitops'],
    ['another host', 'https://git.example.evil/team/gitops'],
    ['a host in the user', 'https://git.example@evil.example/team/gitops'],
    ['another port', 'https://git.example:8443/team/gitops'],
    ['http in the place of https', 'http://git.example/team/gitops'],
    ['a way out of the path', 'https://git.example/team/../other/gitops'],
    ['an encoded way out', 'https://git.example/team/%2e%2e/other'],
    ['a half encoded way out', 'https://git.example/team/.%2E/other'],
    ['an encoded slash', 'https://git.example/team/x%2f..%2f..%2fother'],
    ['a doubly encoded way out', 'https://git.example/team/%252e%252e/other'],
    ['a backslash', 'https://git.example/team\\..\\other'],
    ['a local file', 'file:///team/gitops'],
    ['SSH', 'ssh://git@git.example/team/gitops'],
    ['the short form of SSH', 'git@git.example:team/gitops.git'],
    ['nothing', ''],
  ])('is not there for %s', (_what, repoUrl) => {
    expect(found(['https://git.example/team'], repoUrl)).toBeUndefined();
  });

  it('leaves out user and password that somebody wrote into the URL', () => {
    const url = 'https://ada:s3cret@git.example/team/gitops?x=s3cret#s3cret';
    expect(
      findRepository([credential('https://git.example')], url),
    ).toMatchObject({ url: 'https://git.example/team/gitops' });
    for (const repoUrl of [url, url.replace('https', 'ssh'), `x${url}`]) {
      expect(JSON.stringify(findRepository([], repoUrl))).not.toContain(
        's3cret',
      );
    }
  });

  it('is asked for with the key to add it to', () => {
    expect(findRepository([], 'https://git.example/team/gitops.git')).toEqual({
      reason:
        'The portal has no credential for the repository https://git.example/team/gitops.git. Whoever runs the portal can add one to delivery.gitops.credentials.',
    });
  });
});
