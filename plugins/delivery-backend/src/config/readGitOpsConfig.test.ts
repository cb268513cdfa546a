import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { readGitOpsConfig } from './readGitOpsConfig';

function read(gitops: JsonObject) {
  return readGitOpsConfig(new ConfigReader({ gitops }));
}

const credential = {
  url: 'https://git.example/platform/',
  username: 'slipway',
  token: 's3cret',
};

describe('the configuration of GitOps repositories', () => {
  it('may be left out', () => {
    expect(readGitOpsConfig(undefined)).toEqual({ credentials: [] });
    expect(read({})).toEqual({ credentials: [] });
  });

  it('says what is written with, and who commits', () => {
    expect(
      read({
        credentials: [credential],
        committer: { name: 'Portal', email: 'portal@example.com' },
      }),
    ).toEqual({
      credentials: [{ ...credential, url: 'https://git.example/platform' }],
      committer: { name: 'Portal', email: 'portal@example.com' },
    });
  });

  it.each<[string, JsonObject, RegExp]>([
    [
      'a URL that is none',
      { credentials: [{ ...credential, url: 'git.example' }] },
      /^delivery\.gitops\.credentials\[0\]\.url: must be an http/,
    ],
    [
      'SSH',
      { credentials: [{ ...credential, url: 'ssh://git@git.example' }] },
      /\[0\]\.url: must be an http/,
    ],
    [
      'no URL',
      { credentials: [{ username: 'a', token: 'b' }] },
      /\[0\]\.url: must be/,
    ],
    [
      'a token in the URL',
      { credentials: [{ ...credential, url: 'https://a:s3cret@git.example' }] },
      /\[0\]\.url: must not hold a user/,
    ],
    [
      'a query in the URL',
      {
        credentials: [{ ...credential, url: 'https://git.example/?a=s3cret' }],
      },
      /\[0\]\.url: must have no query/,
    ],
    [
      'no token',
      {
        credentials: [
          credential,
          { ...credential, url: 'https://b', token: ' ' },
        ],
      },
      /credentials\[1\]\.token: is missing/,
    ],
    [
      'no user',
      { credentials: [{ url: 'https://b', token: 's3cret' }] },
      /credentials\[0\]\.username: is missing/,
    ],
    [
      'one URL twice',
      {
        credentials: [
          credential,
          { ...credential, url: 'https://GIT.example/platform' },
        ],
      },
      /credentials\[1\]\.url: is that of delivery\.gitops\.credentials\[0\]/,
    ],
    [
      'a committer without a name',
      { committer: { email: 'a@b' } },
      /^delivery\.gitops\.committer\.name:/,
    ],
    [
      'a committer with a broken address',
      { committer: { name: 'A', email: 'a <a@b>' } },
      /^delivery\.gitops\.committer\.email:/,
    ],
  ])(
    'stops the start with %s, and shows no secret',
    (_what, gitops, message) => {
      expect(() => read(gitops)).toThrow(message);
      expect(() => read(gitops)).toThrow(
        expect.objectContaining({
          message: expect.not.stringContaining('s3cret'),
        }),
      );
    },
  );
});
