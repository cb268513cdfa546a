import { InputError, NotAllowedError } from '@backstage/errors';
import {
  AuthProviderRouteHandlers,
  sendWebMessageResponse,
} from '@backstage/plugin-auth-node';
import { ProviderConnection } from './providerConnection';
import { isSignInProblem } from './signInProblem';

type Start = AuthProviderRouteHandlers['start'];

/**
 * The beginning of a sign-in, guarded twice.
 *
 * - Where the person is sent afterwards has to be the portal. Backstage sends
 *   them wherever the link said, so that a link to a portal's own sign-in could
 *   end on anybody's page.
 * - A provider that is down is said in the portal's words. Backstage shows an
 *   error as JSON, or the browser's own page.
 */
export function guardStart(
  start: Start,
  options: {
    connection: ProviderConnection;
    appUrl: string;
    isOriginAllowed: (origin: string) => boolean;
  },
): Start {
  const { connection, appUrl, isOriginAllowed } = options;
  return async (req, res) => {
    const text = req.query.redirectUrl?.toString();
    const redirectUrl = text === undefined ? undefined : readUrl(text);
    if (redirectUrl && !isOriginAllowed(redirectUrl.origin)) {
      throw new NotAllowedError(
        'redirectUrl leads away from the portal; nobody is sent there',
      );
    }
    try {
      await connection.requireAnswer();
    } catch (error) {
      if (!isSignInProblem(error)) {
        throw error;
      }
      if (req.query.flow === 'redirect' && redirectUrl) {
        redirectUrl.searchParams.set('error', error.message);
        res.redirect(redirectUrl.toString());
        return;
      }
      const origin = req.query.origin?.toString();
      sendWebMessageResponse(
        res,
        origin !== undefined && isOriginAllowed(origin)
          ? origin
          : new URL(appUrl).origin,
        {
          type: 'authorization_response',
          error: { name: error.name, message: error.message },
        },
      );
      return;
    }
    await start(req, res);
  };
}

function readUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new InputError('redirectUrl is not a URL');
  }
}
