import { useEffect } from 'react';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import { watchForSignOut } from '../session/signOutNews';

/**
 * Leaves the page when its session ended somewhere else: in another tab, or
 * while the browser kept the page for its back button.
 */
export function SessionWatch() {
  const home = new URL(useApi(configApiRef).getString('app.baseUrl')).pathname;
  useEffect(
    () =>
      watchForSignOut({
        onSignedOutElsewhere: () => window.location.assign(home),
        onBroughtBack: () => window.location.reload(),
      }),
    [home],
  );
  return null;
}
