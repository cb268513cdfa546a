import { ReactNode } from 'react';
import { renderHook } from '@testing-library/react';
import { IdentityApi, identityApiRef } from '@backstage/frontend-plugin-api';
import { TestApiProvider } from '@backstage/frontend-test-utils';
import { SignInBrowser, useSignInAgain } from './useSignInAgain';

function setUp() {
  const stored = new Map<string, string>();
  const clock = { now: 1_000_000 };
  const browser: SignInBrowser = {
    storage: {
      getItem: key => stored.get(key) ?? null,
      setItem: (key, value) => stored.set(key, value),
      removeItem: key => stored.delete(key),
    },
    reload: jest.fn(),
    now: () => clock.now,
  };
  const identity: Partial<IdentityApi> = {
    signOut: jest.fn(async () => {}),
  };
  const { result } = renderHook(() => useSignInAgain(browser), {
    wrapper: (props: { children: ReactNode }) => (
      <TestApiProvider apis={[[identityApiRef, identity as IdentityApi]]}>
        {props.children}
      </TestApiProvider>
    ),
  });
  return { again: () => result.current(), browser, identity, clock };
}

describe('useSignInAgain', () => {
  it('loads the page again, which keeps the place', () => {
    const { again, browser, identity } = setUp();
    again();
    expect(browser.reload).toHaveBeenCalledTimes(1);
    expect(identity.signOut).not.toHaveBeenCalled();
  });

  it('signs out where that did not help', () => {
    const { again, browser, identity, clock } = setUp();
    again();
    clock.now += 10_000;
    again();
    expect(identity.signOut).toHaveBeenCalledTimes(1);
    expect(browser.reload).toHaveBeenCalledTimes(1);
  });

  it('takes a session that ends hours later for another one', () => {
    const { again, browser, identity, clock } = setUp();
    again();
    clock.now += 3_600_000;
    again();
    expect(browser.reload).toHaveBeenCalledTimes(2);
    expect(identity.signOut).not.toHaveBeenCalled();
  });
});
