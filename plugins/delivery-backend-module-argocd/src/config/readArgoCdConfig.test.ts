import { ConfigReader } from '@backstage/config';
import { readArgoCdConfig } from './readArgoCdConfig';

function read(...instances: object[]) {
  return readArgoCdConfig(
    new ConfigReader({
      argocd: { appLocatorMethods: [{ type: 'config', instances }] },
    }),
  );
}

const main = {
  name: 'main',
  url: 'https://argocd.example.com',
  token: 'a.b.c',
};

const at = 'argocd.appLocatorMethods[0].instances[0]';

describe('readArgoCdConfig', () => {
  it('is content with one URL and one token', () => {
    expect(read(main)).toEqual({
      instances: [
        {
          name: 'main',
          title: 'main',
          url: 'https://argocd.example.com',
          path: at,
          pageUrl: 'https://argocd.example.com',
          credential: { type: 'token', token: 'a.b.c' },
          actToken: undefined,
          ca: undefined,
          requestTimeout: 30_000,
          relistInterval: 600_000,
          maxConcurrentRequests: 6,
        },
      ],
      warnings: [],
    });
  });

  it('reads every key', () => {
    expect(
      read({
        ...main,
        url: 'https://argocd.internal/tools/argocd/',
        frontendUrl: 'https://argocd.example.com/',
        title: 'Main',
        actToken: 'd.e.f',
        requestTimeout: { seconds: 5 },
        relistInterval: 'PT1M',
        maxConcurrentRequests: 2,
      }).instances,
    ).toEqual([
      {
        name: 'main',
        title: 'Main',
        url: 'https://argocd.internal/tools/argocd',
        path: at,
        pageUrl: 'https://argocd.example.com',
        credential: { type: 'token', token: 'a.b.c' },
        actToken: 'd.e.f',
        ca: undefined,
        requestTimeout: 5_000,
        relistInterval: 60_000,
        maxConcurrentRequests: 2,
      },
    ]);
  });

  it('prefers the token, then the login of the instance, then the common one', () => {
    const { instances } = readArgoCdConfig(
      new ConfigReader({
        argocd: {
          username: 'common',
          password: 'c',
          namespacedApps: true,
          appLocatorMethods: [
            {
              type: 'config',
              instances: [
                { ...main, username: 'own', password: 'o' },
                {
                  name: 'b',
                  url: 'http://b',
                  username: 'own',
                  password: 'o',
                },
                { name: 'c', url: 'http://c' },
              ],
            },
          ],
        },
      }),
    );
    expect(instances.map(instance => instance.credential)).toEqual([
      { type: 'token', token: 'a.b.c' },
      { type: 'login', username: 'own', password: 'o' },
      { type: 'login', username: 'common', password: 'c' },
    ]);
  });

  it.each([{}, { argocd: {} }, { argocd: { appLocatorMethods: [] } }])(
    'bears that nothing is configured: %j',
    config => {
      expect(readArgoCdConfig(new ConfigReader(config))).toEqual({
        instances: [],
        warnings: [],
      });
    },
  );

  it('skips a locator of another type, and says which', () => {
    expect(
      readArgoCdConfig(
        new ConfigReader({
          argocd: {
            appLocatorMethods: [
              { type: 'kubernetes', clusters: [] },
              { type: 'config', instances: [main] },
            ],
          },
        }),
      ),
    ).toEqual({
      instances: [expect.objectContaining({ name: 'main' })],
      warnings: [
        expect.stringMatching(
          /^argocd\.appLocatorMethods\[0\]\.type: 'kubernetes' is not supported/,
        ),
      ],
    });
  });

  it.each<[string, object, string]>([
    ['no name', { ...main, name: undefined }, `${at}.name: is missing`],
    [
      'a name that is a number',
      { ...main, name: 5 },
      `${at}.name: must be text`,
    ],
    ['no URL', { ...main, url: undefined }, `${at}.url: is missing`],
    ['an empty URL', { ...main, url: '' }, `${at}.url: is missing`],
    [
      'a URL without scheme',
      { ...main, url: 'argocd.example.com' },
      `${at}.url: has no scheme`,
    ],
    [
      'a URL with a port and no scheme',
      { ...main, url: 'argocd:8080' },
      `${at}.url: has no scheme`,
    ],
    ['what is no URL', { ...main, url: 'https://' }, `${at}.url: is not a URL`],
    [
      'a URL of another scheme',
      { ...main, url: 'ftp://argocd' },
      `${at}.url: must begin with https`,
    ],
    [
      'a password in the URL',
      { ...main, url: 'https://me:hunter2@argocd' },
      `${at}.url: holds a user or password`,
    ],
    [
      'a query in the URL',
      { ...main, url: 'https://argocd?a=b' },
      `${at}.url: has a query`,
    ],
    [
      'a bad URL for people',
      { ...main, frontendUrl: 'argocd' },
      `${at}.frontendUrl: has no scheme`,
    ],
    ['no token', { ...main, token: undefined }, `${at}.token: is missing`],
    ['an empty token', { ...main, token: '' }, `${at}.token: is empty`],
    [
      'a token of two words',
      { ...main, token: 'Bearer hunter2' },
      `${at}.token: has white space`,
    ],
    [
      'a user without password',
      { ...main, token: undefined, username: 'me' },
      `${at}.password: is missing`,
    ],
    [
      'a password without user',
      { ...main, token: undefined, password: 'hunter2' },
      `${at}.username: is missing`,
    ],
    [
      'a timeout that is none',
      { ...main, requestTimeout: 'soon' },
      `${at}.requestTimeout: is not a duration`,
    ],
    [
      'no time at all',
      { ...main, requestTimeout: { seconds: 0 } },
      `${at}.requestTimeout: must be at least`,
    ],
    [
      'a list every second',
      { ...main, relistInterval: '1s' },
      `${at}.relistInterval: must be at least 10 seconds`,
    ],
    [
      'too many requests',
      { ...main, maxConcurrentRequests: 1000 },
      `${at}.maxConcurrentRequests: must be a whole number from 2 to 64`,
    ],
  ])('refuses %s and says where and what to do', (_, instance, message) => {
    let failure: unknown;
    try {
      read(instance);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    });
    expect(String(failure)).not.toContain('hunter2');
  });

  it('refuses one name for two instances, and names both', () => {
    expect(() => read(main, { ...main, url: 'https://b' })).toThrow(
      "argocd.appLocatorMethods[0].instances[1].name: 'main' is the name of argocd.appLocatorMethods[0].instances[0] already",
    );
  });
});
