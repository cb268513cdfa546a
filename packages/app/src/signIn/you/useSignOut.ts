import { useCallback } from 'react';
import {
  identityApiRef,
  toastApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';

/** Signs out; says so when that did not work, because nothing else would show it. */
export function useSignOut(): () => Promise<void> {
  const identityApi = useApi(identityApiRef);
  const toastApi = useApi(toastApiRef);
  return useCallback(async () => {
    try {
      await identityApi.signOut();
    } catch {
      toastApi.post({
        title: 'You are still signed in: the portal did not confirm.',
        description:
          'Sign out again. On a computer that is not yours, delete its cookies.',
        status: 'danger',
      });
    }
  }, [identityApi, toastApi]);
}
