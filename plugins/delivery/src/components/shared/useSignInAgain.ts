import { useCallback } from 'react';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';

/** When the page was last loaded again because its session had ended. */
const RELOADED_AT = 'delivery.session-ended.reloaded-at';

/** A session that ends again this soon was not renewed by loading the page. */
const TOO_SOON_MS = 60_000;

/**
 * What the browser is asked to do; tests pass their own.
 */
export type SignInBrowser = {
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  reload: () => void;
  now: () => number;
};

const BROWSER: SignInBrowser = {
  storage: window.sessionStorage,
  reload: () => window.location.reload(),
  now: () => Date.now(),
};

/**
 * Signs in again and keeps the place. Loading the page again does both: the app
 * renews the session if the provider still has one, and shows its sign-in page
 * at this very address if not. Signing out would do neither, for it ends at the
 * front page; it is the way out only where a session was renewed and is refused
 * all the same.
 */
export function useSignInAgain(browser: SignInBrowser = BROWSER): () => void {
  const identity = useApi(identityApiRef);
  return useCallback(() => {
    const { storage, now, reload } = browser;
    const before = Number(storage.getItem(RELOADED_AT));
    if (before > 0 && now() - before < TOO_SOON_MS) {
      storage.removeItem(RELOADED_AT);
      identity.signOut();
      return;
    }
    storage.setItem(RELOADED_AT, String(now()));
    reload();
  }, [browser, identity]);
}
