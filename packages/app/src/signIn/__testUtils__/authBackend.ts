import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';

export const BACKEND = 'http://localhost:7007';

const ADA = {
  type: 'user',
  userEntityRef: 'user:default/ada',
  ownershipEntityRefs: ['user:default/ada', 'group:default/engines'],
};

/** What the sign-in routes of the backend answer, as a test wants it. */
export function authBackend() {
  const state = {
    identity: ADA as typeof ADA,
    /** Message of the 401 that a refresh is answered with, if it is refused. */
    refusal: 'Refresh failed; caused by InputError: Missing session cookie' as
      | string
      | undefined,
    isDown: false,
    signOutFails: false,
    logoutUrl: undefined as string | undefined,
    tokenSeconds: 3600,
    refreshes: 0,
    /** Tokens that the API refuses. */
    refusedTokens: [] as string[],
    bodies: [] as string[],
  };
  const session = () => ({
    profile: { displayName: 'Ada', email: 'ada@example.com' },
    providerInfo: {
      idToken: 'id',
      accessToken: 'access',
      scope: 'openid profile email',
      expiresInSeconds: state.tokenSeconds,
    },
    backstageIdentity: {
      token: `token-${state.refreshes}`,
      identity: state.identity,
      expiresInSeconds: state.tokenSeconds,
    },
  });
  const server = setupServer(
    http.get(`${BACKEND}/api/auth/oidc/refresh`, () => {
      state.refreshes += 1;
      if (state.isDown) {
        return HttpResponse.error();
      }
      return state.refusal === undefined
        ? HttpResponse.json(session())
        : HttpResponse.json(
            { error: { name: 'AuthenticationError', message: state.refusal } },
            { status: 401 },
          );
    }),
    http.post(`${BACKEND}/api/auth/oidc/logout`, () => {
      if (state.signOutFails) {
        return new HttpResponse(null, { status: 503 });
      }
      return state.logoutUrl
        ? HttpResponse.json({ logoutUrl: state.logoutUrl })
        : new HttpResponse(null, { status: 200 });
    }),
    http.post(`${BACKEND}/api/delivery/things`, async ({ request }) => {
      state.bodies.push(await request.text());
      const token = request.headers.get('authorization')?.slice(7) ?? '';
      return state.refusedTokens.includes(token)
        ? new HttpResponse(null, { status: 401 })
        : HttpResponse.json({ token });
    }),
  );
  return { state, server, session };
}
