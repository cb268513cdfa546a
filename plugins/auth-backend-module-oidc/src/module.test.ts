import { AddressInfo } from 'node:net';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import authModuleOidc from '.';
import { Browser } from './__testUtils__/browser';
import { FakeProvider } from './__testUtils__/fakeProvider';

const APP = 'http://localhost:3000';
const ASKED_FOR = `${APP}/deployments?chain=n9`;

const ada = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: {
    name: 'ada',
    namespace: 'default',
    annotations: { 'graph.microsoft.com/user-id': 'object-7' },
  },
  spec: { profile: { email: 'ada@example.com' } },
  relations: [{ type: 'memberOf', targetRef: 'group:default/engines' }],
};
const ADA_CLAIMS = {
  sub: 'sub-of-ada',
  email: 'ada@example.com',
  email_verified: true,
};

jest.setTimeout(60_000);

describe('signing in by OpenID Connect', () => {
  let provider: FakeProvider;
  const stops: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    provider = await FakeProvider.start();
    provider.claims = ADA_CLAIMS;
    stops.push(() => provider.stop());
  });

  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) {
      await stop();
    }
  });

  async function portal(
    options: { entities?: object[]; provider?: object } = {},
  ) {
    const backend = await startTestBackend({
      features: [
        authPlugin,
        authModuleOidc,
        catalogServiceMock.factory({
          entities: (options.entities ?? [ada]) as never,
        }),
        mockServices.rootConfig.factory({
          data: {
            app: { baseUrl: APP },
            backend: { baseUrl: 'http://localhost:7007' },
            auth: {
              session: { secret: 'secret' },
              providers: {
                oidc: {
                  portal: {
                    metadataUrl: `${provider.url}/.well-known/openid-configuration`,
                    clientId: 'portal',
                    clientSecret: 'secret-of-the-portal',
                    prompt: 'login',
                    signIn: {
                      resolvers: [
                        { resolver: 'emailMatchingUserEntityProfileEmail' },
                      ],
                    },
                    ...options.provider,
                  },
                },
              },
            },
          },
        }),
      ],
    });
    stops.push(() => backend.stop());
    const { port } = backend.server.address() as AddressInfo;
    return new Browser(`http://localhost:${port}/api/auth/oidc/`);
  }

  const start = (browser: Browser, more: Record<string, string> = {}) =>
    browser.open(
      `start?${new URLSearchParams({
        env: 'portal',
        scope: 'openid profile email',
        origin: APP,
        flow: 'redirect',
        redirectUrl: ASKED_FOR,
        ...more,
      })}`,
    );

  /** Where the browser is sent after the provider answered with `answer`. */
  async function signIn(
    browser: Browser,
    answer: Record<string, string> = { code: 'code' },
  ) {
    const begun = await start(browser);
    expect(begun.status).toBe(302);
    const asked = new URL(begun.headers.get('location')!).searchParams;
    provider.willBeAskedWith(asked.get('nonce')!);
    const back = await browser.open(
      `handler/frame?${new URLSearchParams({
        ...answer,
        state: asked.get('state')!,
      })}`,
    );
    return new URL(back.headers.get('location')!);
  }

  const refresh = (browser: Browser) =>
    browser.open('refresh?env=portal&optional', {
      headers: { 'x-requested-with': 'XMLHttpRequest' },
    });
  const signOut = (browser: Browser) =>
    browser.open('logout?env=portal', {
      method: 'POST',
      headers: { 'x-requested-with': 'XMLHttpRequest', origin: APP },
    });

  it('leads back to the page that was asked for, with a session of the right groups', async () => {
    const browser = await portal();
    expect((await signIn(browser)).toString()).toBe(ASKED_FOR);
    const { backstageIdentity } = await (await refresh(browser)).json();
    expect(backstageIdentity.identity).toEqual({
      type: 'user',
      userEntityRef: 'user:default/ada',
      ownershipEntityRefs: ['user:default/ada', 'group:default/engines'],
    });
  });

  it('leads nobody away from the portal, whatever the link said', async () => {
    const browser = await portal();
    for (const redirectUrl of [
      'https://evil.example/deployments',
      'http://localhost:3000@evil.example/',
      'data:text/html,evil',
      '//evil.example',
      'nonsense',
    ]) {
      const answer = await start(browser, { redirectUrl });
      expect([400, 403]).toContain(answer.status);
      expect(answer.headers.get('location')).toBeNull();
    }
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'somebody whom the catalog does not know',
      { ...ADA_CLAIMS, email: 'eve@example.com' },
      'sign-in.unknown-user eve@example.com',
    ],
    [
      'somebody whose address is not verified',
      { ...ADA_CLAIMS, email_verified: false },
      'sign-in.no-email',
    ],
    ['somebody without an address', { sub: 'x' }, 'sign-in.no-email'],
  ])('says by a code and a name that it is %s', async (_, claims, error) => {
    provider.claims = claims as typeof provider.claims;
    const browser = await portal();
    const page = await signIn(browser);
    expect(page.searchParams.get('error')).toBe(error);
    expect(page.searchParams.get('chain')).toBe('n9');
    expect(browser.cookies.has('oidc-refresh-token')).toBe(false);
  });

  it('says that the catalog has two people with one address', async () => {
    const twin = { ...ada, metadata: { ...ada.metadata, name: 'ada2' } };
    const browser = await portal({ entities: [ada, twin] });
    const page = await signIn(browser);
    expect(page.searchParams.get('error')).toBe(
      'sign-in.ambiguous-user ada@example.com',
    );
  });

  it('says that the person, or the provider, said no', async () => {
    const browser = await portal();
    const page = await signIn(browser, {
      error: 'access_denied',
      error_description: 'Call 0800 EVIL',
    });
    expect(page.searchParams.get('error')).toBe('sign-in.refused');
  });

  it('repeats nothing of what a provider said in words of its own', async () => {
    const browser = await portal();
    const page = await signIn(browser, {
      error: 'server_error',
      error_description: 'Call 0800 EVIL',
    });
    expect(page.searchParams.get('error')).toBe(
      'The provider did not sign the person in',
    );
  });

  it('refuses the answer to a sign-in that another browser began', async () => {
    const attacker = await portal();
    const begun = await start(attacker);
    const asked = new URL(begun.headers.get('location')!).searchParams;
    provider.willBeAskedWith(asked.get('nonce')!);
    const victim = await portal();
    const back = await victim.open(
      `handler/frame?${new URLSearchParams({
        code: 'code',
        state: asked.get('state')!,
      })}`,
    );
    const page = new URL(back.headers.get('location')!);
    expect(page.searchParams.get('error')).toMatch(/nonce/);
    expect(victim.cookies.has('oidc-refresh-token')).toBe(false);
  });

  it('finds people by an identifier that never changes, if told to', async () => {
    provider.claims = { sub: 'x', oid: 'object-7' };
    const matchUser = {
      claim: 'oid',
      annotation: 'graph.microsoft.com/user-id',
    };
    const browser = await portal({ provider: { matchUser } });
    expect((await signIn(browser)).toString()).toBe(ASKED_FOR);

    provider.claims = { sub: 'x', oid: 'object-8', email: 'eve@example.com' };
    expect((await signIn(browser)).searchParams.get('error')).toBe(
      'sign-in.unknown-user eve@example.com',
    );
    provider.claims = { sub: 'x' };
    expect((await signIn(browser)).searchParams.get('error')).toBe(
      'sign-in.no-claim oid',
    );
  });

  it('asks again for a provider that was down when the portal started', async () => {
    await provider.stop();
    const browser = await portal();
    const page = new URL((await start(browser)).headers.get('location')!);
    expect(page.origin).toBe(APP);
    expect(page.searchParams.get('error')).toBe('sign-in.provider-unreachable');

    await provider.listen();
    expect((await signIn(browser)).toString()).toBe(ASKED_FOR);
  });

  it('says in words that a provider is down, not by an error of the browser', async () => {
    const browser = await portal();
    // Lets the first discovery end, which is not what is looked at here
    await signIn(browser);
    provider.brokenWith = 503;
    const other = await portal();
    const page = new URL((await start(other)).headers.get('location')!);
    expect(page.searchParams.get('error')).toBe('sign-in.provider-unreachable');

    const popup = await start(other, { flow: 'popup' });
    expect(popup.status).toBe(200);
    expect(await popup.text()).toContain('sign-in.provider-unreachable');
  });

  it('tells a session that ended from a provider that does not answer', async () => {
    const browser = await portal();
    await signIn(browser);
    await provider.stop();
    const unreachable = await refresh(browser);
    expect(unreachable.status).toBe(401);
    expect((await unreachable.json()).error.message).toContain(
      'sign-in.provider-unreachable',
    );
    // The cookie is still there: the session lives on when the provider is back.
    await provider.listen();
    expect((await refresh(browser)).status).toBe(200);

    provider.sessionIsAlive = false;
    const ended = await refresh(browser);
    expect(ended.status).toBe(401);
    expect((await ended.json()).error.message).toContain(
      'sign-in.session-ended',
    );
  });

  it('says at the next refresh that somebody left the catalog', async () => {
    const browser = await portal();
    await signIn(browser);
    provider.claims = { ...ADA_CLAIMS, email: 'gone@example.com' };
    const { error } = await (await refresh(browser)).json();
    expect(error.message).toContain('sign-in.unknown-user gone@example.com');
  });

  it('ends the session of the portal, and revokes the token, at sign-out', async () => {
    const browser = await portal();
    await signIn(browser);
    const answer = await signOut(browser);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
    expect(browser.cookies.has('oidc-refresh-token')).toBe(false);
    expect(provider.revoked).toEqual(['refresh-token-of-ada']);
    expect((await refresh(browser)).status).toBe(401);
  });

  it('ends the session of the portal even when the provider is down', async () => {
    const browser = await portal();
    await signIn(browser);
    await provider.stop();
    expect((await signOut(browser)).status).toBe(200);
    expect(browser.cookies.has('oidc-refresh-token')).toBe(false);
  });

  it('ends the session at the provider too, if told to', async () => {
    const browser = await portal({ provider: { endProviderSession: true } });
    await signIn(browser);
    const { logoutUrl } = await (await signOut(browser)).json();
    const url = new URL(logoutUrl);
    expect(url.origin + url.pathname).toBe(`${provider.url}/end`);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(APP);
    expect(url.searchParams.get('id_token_hint')).toMatch(/^ey/);
  });

  it('answers neither a refresh nor a sign-out that another page sends', async () => {
    const browser = await portal();
    await signIn(browser);
    expect((await browser.open('refresh?env=portal')).status).toBe(401);
    expect(
      (await browser.open('logout?env=portal', { method: 'POST' })).status,
    ).toBe(401);
    expect(browser.cookies.has('oidc-refresh-token')).toBe(true);
  });

  it('shows neither the token nor the secret to a page or its script', async () => {
    const browser = await portal();
    await signIn(browser);
    const text = await (await refresh(browser)).text();
    expect(text).not.toContain('refresh-token-of-ada');
    expect(text).not.toContain('secret-of-the-portal');
  });

  it('does not start with a provider that is configured wrongly', async () => {
    await expect(
      portal({
        provider: { signIn: { resolvers: [{ resolver: 'byColourOfEyes' }] } },
      }),
    ).rejects.toThrow(/byColourOfEyes/);
  });
});
