import { FetchMiddleware } from '@backstage/core-app-api';
import { IdentityApi } from '@backstage/frontend-plugin-api';
import { PortalSession } from './PortalSession';

/**
 * A request that the portal answers with 401 although it had a token: the token
 * was refused before its time, because keys changed or an account was blocked.
 * The session is renewed, which may interrupt the person, and the request is
 * sent once more. The portal did nothing when it answered 401, so this is safe
 * for requests that change something too.
 */
export function renewAndRetry(options: {
  session: PortalSession;
  identityApi: IdentityApi;
  /** `backend.baseUrl`: other servers' answers say nothing about this session. */
  backendUrl: string;
}): FetchMiddleware {
  const { session, identityApi, backendUrl } = options;
  const prefix = `${backendUrl.replace(/\/+$/, '')}/`;
  return {
    apply: next => async (input, init) => {
      const request = new Request(input, init);
      if (!request.url.startsWith(prefix)) {
        return next(request);
      }
      const again = request.clone();
      const response = await next(request);
      if (response.status !== 401) {
        return response;
      }
      session.doubt();
      try {
        await identityApi.getCredentials();
      } catch {
        return response;
      }
      return next(again);
    },
  };
}
