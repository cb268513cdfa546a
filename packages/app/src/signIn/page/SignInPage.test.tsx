import { OAuth2 } from '@backstage/core-app-api';
import {
  mockApis,
  registerMswTestHooks,
  renderInTestApp,
} from '@backstage/frontend-test-utils';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { authBackend, BACKEND } from '../__testUtils__/authBackend';
import { oidcAuthApiRef } from '../oidcAuthApi';
import { AuthServer } from '../session/authServer';
import { PortalSession, portalSessionApiRef } from '../session/PortalSession';
import { forgetSignOut, signedOutAt } from '../session/signOutNews';
import { SignInPage } from './SignInPage';

jest.setTimeout(60_000);

const { state, server } = authBackend();

function show() {
  const wentTo: string[] = [];
  const session = PortalSession.create({
    server: new AuthServer({
      discoveryApi: mockApis.discovery({ baseUrl: BACKEND }),
      environment: 'portal',
    }),
    redirects: true,
    home: '/',
    browser: {
      here: () => window.location.href,
      goTo: url => wentTo.push(url),
      openPopup: async () => undefined,
    },
  });
  const authApi = OAuth2.create({ authConnector: session });
  const onSignInSuccess = jest.fn();
  renderInTestApp(<SignInPage onSignInSuccess={onSignInSuccess} />, {
    apis: [
      [oidcAuthApiRef, authApi],
      [portalSessionApiRef, session],
    ],
    config: { app: { title: 'Harbour' } },
  });
  return { wentTo, onSignInSuccess };
}

describe('the sign-in page', () => {
  registerMswTestHooks(server);

  beforeEach(() => {
    window.history.replaceState(undefined, '', '/deployments?chain=n9');
    forgetSignOut();
    Object.assign(state, {
      refusal: 'Refresh failed; caused by InputError: Missing session cookie',
      isDown: false,
    });
  });

  it('offers to sign in, and nothing else, to somebody new', async () => {
    const { wentTo } = show();
    expect(
      await screen.findByRole('heading', { name: 'Sign in to Harbour' }),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    await waitFor(() => expect(wentTo).toHaveLength(1));
  });

  it('lets somebody in whose session is alive', async () => {
    state.refusal = undefined;
    window.sessionStorage.setItem('slipway.signed-out-at', 'before');
    const { onSignInSuccess } = show();
    await waitFor(() => expect(onSignInSuccess).toHaveBeenCalledTimes(1));
    const identity =
      await onSignInSuccess.mock.calls[0][0].getBackstageIdentity();
    expect(identity.userEntityRef).toBe('user:default/ada');
    expect(signedOutAt()).toBeUndefined();
  });

  it('says that one is signed out after signing out', async () => {
    window.sessionStorage.setItem(
      'slipway.signed-out-at',
      '2026-11-22T14:00:00Z',
    );
    show();
    expect(
      await screen.findByRole('heading', { name: 'You are signed out' }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Sign in again' }),
    ).toBeInTheDocument();
  });

  it('names the account that the catalog does not know, and cleans the address', async () => {
    window.history.replaceState(
      undefined,
      '',
      '/deployments?chain=n9&error=sign-in.unknown-user+eve%40example.com',
    );
    show();
    expect(
      await screen.findByRole('heading', { name: /catalog does not know you/ }),
    ).toBeInTheDocument();
    expect(screen.getAllByText(/eve@example\.com/)).not.toHaveLength(0);
    expect(
      screen.getByRole('button', { name: 'Sign in with another account' }),
    ).toBeInTheDocument();
    expect(window.location.search).toBe('?chain=n9');
  });

  it('shows nothing of what somebody wrote into a link', async () => {
    window.history.replaceState(
      undefined,
      '',
      '/?error=Your+account+is+locked.+Call+0800+EVIL',
    );
    show();
    expect(
      await screen.findByRole('heading', { name: /did not work/ }),
    ).toBeInTheDocument();
    expect(screen.queryByText(/EVIL/)).not.toBeInTheDocument();
  });

  it('goes on without the provider’s page when a provider that was away is back', async () => {
    state.refusal = 'Refresh failed; caused by X: sign-in.provider-unreachable';
    const { onSignInSuccess, wentTo } = show();
    const button = await screen.findByRole('button', {
      name: 'Try to sign in again',
    });
    expect(
      screen.getByRole('heading', { name: /provider does not answer/ }),
    ).toBeInTheDocument();
    state.refusal = undefined;
    await userEvent.click(button);
    await waitFor(() => expect(onSignInSuccess).toHaveBeenCalled());
    expect(wentTo).toEqual([]);
  });
});
