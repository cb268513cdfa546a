import {
  createFetchApi,
  FetchMiddlewares,
  OAuth2,
} from '@backstage/core-app-api';
import { mockApis, registerMswTestHooks } from '@backstage/frontend-test-utils';
import { authBackend, BACKEND } from '../__testUtils__/authBackend';
import { AuthServer } from './authServer';
import { PortalIdentity } from './PortalIdentity';
import { PortalSession, SessionBrowser } from './PortalSession';
import { renewAndRetry } from './renewAndRetry';

const { state, server, session: answer } = authBackend();
const PAGE = 'http://localhost:3000/deployments?chain=n9';

function setUp(options: { redirects?: boolean } = {}) {
  const wentTo: string[] = [];
  const popup = { open: async () => answer() as unknown };
  const popups: string[] = [];
  const browser: SessionBrowser = {
    here: () => PAGE,
    goTo: url => wentTo.push(url),
    openPopup: url => {
      popups.push(url);
      return popup.open();
    },
  };
  const session = PortalSession.create({
    server: new AuthServer({
      discoveryApi: mockApis.discovery({ baseUrl: BACKEND }),
      environment: 'portal',
    }),
    redirects: options.redirects ?? true,
    home: '/',
    browser,
  });
  const authApi = OAuth2.create({
    authConnector: session,
    defaultScopes: ['openid', 'profile', 'email'],
  });
  return { session, authApi, wentTo, popup, popups };
}

/** Somebody at work, whose session is good for `seconds` more. */
async function atWork(seconds = 3600) {
  state.refusal = undefined;
  state.tokenSeconds = seconds;
  const parts = setUp();
  const response = await parts.authApi.getBackstageIdentity({ optional: true });
  expect(response?.identity.userEntityRef).toBe('user:default/ada');
  return { ...parts, token: response!.token };
}

/** What a request of a page does; the promise settles when it may go on. */
function request(parts: Awaited<ReturnType<typeof atWork>>) {
  const settled: string[] = [];
  const promise = parts.authApi.getBackstageIdentity().then(
    response => settled.push(response!.token),
    error => settled.push(String(error)),
  );
  return { promise, settled };
}

async function interrupted(parts: Awaited<ReturnType<typeof atWork>>) {
  await new Promise<void>(done => {
    const stop = parts.session.subscribe(() => {
      if (parts.session.interruption()) {
        stop();
        done();
      }
    });
  });
  return parts.session.interruption()!;
}

describe('the session of a tab', () => {
  registerMswTestHooks(server);

  beforeEach(() => {
    Object.assign(state, {
      refusal: 'Refresh failed; caused by InputError: Missing session cookie',
      isDown: false,
      signOutFails: false,
      logoutUrl: undefined,
      tokenSeconds: 3600,
      refreshes: 0,
      refusedTokens: [],
      bodies: [],
    });
    state.identity = {
      ...state.identity,
      userEntityRef: 'user:default/ada',
    };
  });

  it('begins by leaving the page, and says which page to come back to', async () => {
    const { authApi, wentTo, session } = setUp();
    expect(await authApi.getBackstageIdentity({ optional: true })).toBe(
      undefined,
    );
    expect(session.problem).toEqual({ code: 'signed-out' });
    authApi.getBackstageIdentity({ instantPopup: true });
    while (wentTo.length === 0) {
      await new Promise(done => setTimeout(done, 5));
    }
    const url = new URL(wentTo[0]);
    expect(url.pathname).toBe('/api/auth/oidc/start');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      env: 'portal',
      flow: 'redirect',
      origin: 'http://localhost:3000',
      redirectUrl: PAGE,
      scope: 'openid profile email',
    });
  });

  it('begins in a window where the portal is set up so', async () => {
    const { authApi, popups, wentTo } = setUp({ redirects: false });
    const response = await authApi.getBackstageIdentity({ instantPopup: true });
    expect(response?.identity.userEntityRef).toBe('user:default/ada');
    expect(new URL(popups[0]).searchParams.get('flow')).toBe('popup');
    expect(wentTo).toEqual([]);
  });

  it.each([
    ['PopupRejectedError', 'popup-blocked'],
    ['PopupClosedError', 'popup-closed'],
  ])('knows what %s means', async (name, code) => {
    const { authApi, popup, session } = setUp({ redirects: false });
    popup.open = async () => {
      throw Object.assign(new Error('Login failed'), { name });
    };
    await expect(
      authApi.getBackstageIdentity({ instantPopup: true }),
    ).rejects.toThrow(code);
    expect(session.problem).toEqual({ code });
  });

  it('lets every request wait for one dialog, and all go on after it', async () => {
    const parts = await atWork(1);
    state.refusal = 'Refresh failed; caused by X: sign-in.session-ended';
    const first = request(parts);
    const second = request(parts);
    expect((await interrupted(parts)).problem).toEqual({
      code: 'session-ended',
    });
    expect([first.settled, second.settled]).toEqual([[], []]);

    state.tokenSeconds = 3600;
    await parts.session.signInAgain();
    await Promise.all([first.promise, second.promise]);
    expect(first.settled[0]).toMatch(/^token-/);
    expect(second.settled[0]).toMatch(/^token-/);
    expect(parts.popups).toHaveLength(1);
    expect(parts.wentTo).toEqual([]);
    expect(parts.session.interruption()).toBeUndefined();
  });

  it('says that a session ended when its cookie is gone', async () => {
    const parts = await atWork(1);
    state.refusal =
      'Refresh failed; caused by InputError: Missing session cookie';
    request(parts);
    expect((await interrupted(parts)).problem.code).toBe('session-ended');
    parts.session.giveUp();
  });

  it('keeps asking when the sign-in window was closed', async () => {
    const parts = await atWork(1);
    state.refusal = 'sign-in.session-ended';
    const waiting = request(parts);
    await interrupted(parts);
    parts.popup.open = async () => {
      throw Object.assign(new Error(), { name: 'PopupClosedError' });
    };
    await parts.session.signInAgain();
    expect(parts.session.interruption()).toEqual({
      problem: { code: 'popup-closed' },
      isBusy: false,
    });
    expect(waiting.settled).toEqual([]);
    parts.session.giveUp();
    await waiting.promise;
    expect(waiting.settled[0]).toContain('popup-closed');
  });

  it('starts anew when somebody else signs in, because the page is not theirs', async () => {
    const parts = await atWork(1);
    state.refusal = 'sign-in.session-ended';
    const waiting = request(parts);
    await interrupted(parts);
    state.identity = { ...state.identity, userEntityRef: 'user:default/eve' };
    await parts.session.signInAgain();
    expect(parts.wentTo).toEqual(['/']);
    expect(waiting.settled).toEqual([]);
    parts.session.giveUp();
  });

  it('rides out a provider that is away while the token still holds', async () => {
    const parts = await atWork(120);
    state.refusal = 'Refresh failed; caused by X: sign-in.provider-unreachable';
    const { promise, settled } = request(parts);
    await promise;
    expect(settled).toEqual([parts.token]);
    expect(parts.session.interruption()).toBeUndefined();
  });

  it('goes on by itself when what was away is back', async () => {
    const parts = await atWork(0);
    state.isDown = true;
    const waiting = request(parts);
    expect((await interrupted(parts)).problem).toEqual({
      code: 'portal-unreachable',
    });
    state.isDown = false;
    state.tokenSeconds = 3600;
    await parts.session.tryAgain();
    await waiting.promise;
    expect(waiting.settled[0]).toMatch(/^token-/);
    expect(parts.popups).toEqual([]);
  });

  it('shows the groups of now, not those of when the page was loaded', async () => {
    const parts = await atWork();
    const identity = new PortalIdentity({
      authApi: parts.authApi,
      identity: { ...state.identity, type: 'user' },
      profile: {},
    });
    const before = await identity.getBackstageIdentity();
    expect(before.ownershipEntityRefs).toContain('group:default/engines');
    state.identity = {
      ...state.identity,
      ownershipEntityRefs: ['user:default/ada', 'group:default/payments'],
    };
    parts.session.doubt();
    const after = await identity.getBackstageIdentity();
    expect(after.ownershipEntityRefs).toEqual([
      'user:default/ada',
      'group:default/payments',
    ]);
  });

  it('is not over before the portal confirmed it', async () => {
    const parts = await atWork();
    state.signOutFails = true;
    await expect(parts.authApi.signOut()).rejects.toThrow('portal-unreachable');
    state.signOutFails = false;
    await parts.authApi.signOut();
    expect(parts.session.problem).toEqual({ code: 'signed-out' });
  });

  it('ends at the provider too when the portal says where', async () => {
    const parts = await atWork();
    state.logoutUrl = 'https://id.example/end?post_logout_redirect_uri=x';
    parts.authApi.signOut();
    while (parts.wentTo.length === 0) {
      await new Promise(done => setTimeout(done, 5));
    }
    expect(parts.wentTo).toEqual([state.logoutUrl]);
  });
});

describe('a request whose token is refused', () => {
  registerMswTestHooks(server);

  async function fetching() {
    const parts = await atWork();
    const identityApi = new PortalIdentity({
      authApi: parts.authApi,
      identity: { ...state.identity, type: 'user' },
      profile: {},
    });
    const { fetch } = createFetchApi({
      middleware: [
        renewAndRetry({
          session: parts.session,
          identityApi,
          backendUrl: BACKEND,
        }),
        FetchMiddlewares.injectIdentityAuth({
          identityApi,
          urlPrefixAllowlist: [BACKEND],
        }),
      ],
    });
    const send = () =>
      fetch(`${BACKEND}/api/delivery/things`, {
        method: 'POST',
        body: '{"reason":"because"}',
      });
    return { ...parts, send };
  }

  beforeEach(() => {
    Object.assign(state, { refreshes: 0, refusedTokens: [], bodies: [] });
  });

  it('is sent once more, with a new token and the same body', async () => {
    const { send } = await fetching();
    state.refusedTokens = ['token-1'];
    const response = await send();
    expect(await response.json()).toEqual({ token: 'token-2' });
    expect(state.bodies).toEqual([
      '{"reason":"because"}',
      '{"reason":"because"}',
    ]);
  });

  it('is not sent a third time', async () => {
    const { send } = await fetching();
    state.refusedTokens = ['token-1', 'token-2', 'token-3'];
    expect((await send()).status).toBe(401);
    expect(state.bodies).toHaveLength(2);
  });

  it('waits while the person signs in again', async () => {
    const parts = await fetching();
    state.refusedTokens = ['token-1'];
    state.refusal = 'Refresh failed; caused by X: sign-in.session-ended';
    const sent = parts.send();
    await interrupted(parts);
    await parts.session.signInAgain();
    expect((await sent).status).toBe(200);
  });
});
