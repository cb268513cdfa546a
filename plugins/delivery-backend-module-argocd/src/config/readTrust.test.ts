import { ConfigReader } from '@backstage/config';
import { DateTime } from 'luxon';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../__testUtils__';
import { readArgoCdConfig } from './readArgoCdConfig';

const at = 'argocd.appLocatorMethods[0].instances[0]';

function read(keys: object, argocd: object = {}) {
  return readArgoCdConfig(
    new ConfigReader({
      argocd: {
        ...argocd,
        appLocatorMethods: [
          {
            type: 'config',
            instances: [
              {
                name: 'main',
                url: 'https://argocd.example.com',
                token: 'a.b.c',
                ...keys,
              },
            ],
          },
        ],
      },
    }),
  );
}

const inBase64 = (text: string) => Buffer.from(text).toString('base64');

describe('the authorities of an instance', () => {
  let folder: string;
  let pem: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-ca-'));
    pem = (await createAuthority()).pem.trim();
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('are those of Node.js unless some are given', () => {
    expect(read({}).instances[0].ca).toBeUndefined();
  });

  it('come in base64, or from a file, one or several', async () => {
    const bundle = `Some words\n${pem}\n\n${pem}\n`;
    const caFile = join(folder, 'ca.crt');
    await writeFile(caFile, bundle);
    const expected = { ca: `${pem}\n${pem}` };
    expect(read({ caData: inBase64(bundle) })).toMatchObject({
      instances: [expected],
      warnings: [],
    });
    expect(read({ caFile })).toMatchObject({
      instances: [expected],
      warnings: [],
    });
  });

  it('draw a warning when one of them has expired', async () => {
    const old = await createAuthority({
      notBefore: DateTime.now().minus({ days: 2 }),
      notAfter: DateTime.now().minus({ days: 1 }),
    });
    expect(read({ caData: inBase64(`${pem}\n${old.pem}`) }).warnings).toEqual([
      expect.stringMatching(
        /instances\[0\]\.caData: certificate 2 of 2 expired/,
      ),
    ]);
  });

  it.each<[string, () => object, string]>([
    ['empty data', () => ({ caData: '' }), `${at}.caData: is empty`],
    ['an empty path', () => ({ caFile: '' }), `${at}.caFile: is empty`],
    ['plain PEM as data', () => ({ caData: pem }), `${at}.caData: is PEM`],
    [
      'what is no base64',
      () => ({ caData: '%%%' }),
      `${at}.caData: is not base64`,
    ],
    [
      'data without a certificate',
      () => ({ caData: inBase64('hello') }),
      `${at}.caData: holds no certificate`,
    ],
    [
      'a private key alone',
      () => ({
        caData: inBase64(
          '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----',
        ),
      }),
      `${at}.caData: holds no certificate`,
    ],
    [
      'a certificate that is cut',
      () => ({ caData: inBase64(pem.replace(/\n.{30}/, '\n')) }),
      `${at}.caData: certificate 1 cannot be read`,
    ],
    [
      'a file that is not there',
      () => ({ caFile: '/does/not/exist.crt' }),
      `${at}.caFile: the file cannot be read (ENOENT)`,
    ],
    [
      'data and file',
      () => ({ caData: inBase64(pem), caFile: '/a' }),
      `${at}.caFile: is set beside ${at}.caData`,
    ],
    [
      'authorities without TLS',
      () => ({ caData: inBase64(pem), url: 'http://argocd' }),
      `${at}.caData: has no use, because ${at}.url is not https`,
    ],
    [
      'data that is a number',
      () => ({ caData: 5 }),
      `${at}.caData: must be text`,
    ],
  ])('are refused: %s', (_, keys, message) => {
    let failure: unknown;
    try {
      read(keys());
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    });
    expect(String(failure)).not.toContain('hunter2');
  });
});

describe('the check of certificates', () => {
  it.each([
    { skipTLSVerify: true },
    { skipTLSVerify: 'true' },
    { insecure: true },
    { insecureSkipVerify: true },
    { rejectUnauthorized: false },
  ])('cannot be switched off by %j', keys => {
    const [key] = Object.keys(keys);
    expect(() => read(keys)).toThrow(
      `${at}.${key}: is not supported, because whoever answered in place of Argo CD would get the token; give the certificate`,
    );
  });

  it('bears the keys of others where they ask for no more than is done', () => {
    expect(
      read({ skipTLSVerify: false, rejectUnauthorized: true }).instances,
    ).toHaveLength(1);
  });

  it("cannot be switched off by another plugin's local development", () => {
    expect(() => read({}, { localDevelopment: true })).toThrow(
      'argocd.localDevelopment: is not supported',
    );
    expect(read({}, { localDevelopment: false }).instances).toHaveLength(1);
  });
});

describe('the token for acting', () => {
  it('is refused when it is empty, because whoever names it wants to act', () => {
    expect(() => read({ actToken: '' })).toThrow(
      `${at}.actToken: is empty; is the environment variable that it comes from set? Remove the key to only read`,
    );
  });

  it.each(['Bearer hunter2', 'hunter2\u00e9'])(
    'is refused when it is no token: %j',
    actToken => {
      let message = '';
      try {
        read({ actToken });
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain(`${at}.actToken: has`);
      expect(message).not.toContain('hunter2');
    },
  );

  it('draws a warning when it is the one that reads', () => {
    const { warnings } = read({ actToken: 'a.b.c' });
    expect(warnings).toEqual([
      expect.stringContaining(`${at}.actToken: is the same as ${at}.token`),
    ]);
    expect(warnings.join()).not.toContain('a.b.c');
    expect(read({ actToken: 'd.e.f' }).warnings).toEqual([]);
  });
});
