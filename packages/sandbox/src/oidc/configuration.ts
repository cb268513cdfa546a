import type { Configuration } from 'oidc-provider';
import type { Person } from '../model';
import type { OidcKeys } from './keys';
import { problemPage } from './pages';
import type { OidcStorage } from './storedAdapter';

/** Scopes that the portal may ask for. */
const SCOPES = 'openid profile email offline_access';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The client that the provider knows: the portal. */
export interface OidcClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
}

/** Where Backstage's OIDC provider module receives the answer. */
export function redirectUriOf(portalUrl: string): string {
  return `${portalUrl.replace(/\/+$/, '')}/api/auth/oidc/handler/frame`;
}

/** How oidc-provider is set up, and why, setting by setting. */
export function oidcConfiguration(options: {
  client: OidcClient;
  personas: readonly Person[];
  keys: OidcKeys;
  storage: OidcStorage;
  createNonce: () => string;
}): Configuration {
  const { client, personas, keys, storage, createNonce } = options;
  return {
    adapter: kind => storage.adapterFor(kind),
    jwks: keys.jwks as Configuration['jwks'],
    cookies: { keys: keys.cookieKeys },
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        client_name: 'Slipway portal',
        redirect_uris: [...client.redirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    scopes: SCOPES.split(' '),
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username', 'groups'],
      email: ['email', 'email_verified'],
    },
    // Claims in the ID token too, so that a client can do without userinfo.
    conformIdTokenClaims: false,
    findAccount: (_context, accountId) => {
      const person = personas.find(candidate => candidate.name === accountId);
      return person
        ? {
            accountId,
            claims: () => ({
              sub: person.name,
              name: person.displayName,
              preferred_username: person.name,
              groups: [...person.groups],
              email: person.email,
              // Backstage ignores an address that is not verified.
              email_verified: true,
            }),
          }
        : undefined;
    },
    // A saved grant for every sign-in: there is no consent page to show.
    loadExistingGrant: async context => {
      const { client: caller, session, result, provider } = context.oidc;
      const accountId = session?.accountId;
      if (!caller || !session || !accountId) {
        return undefined;
      }
      const grantId =
        result?.consent?.grantId ?? session.grantIdFor(caller.clientId);
      const known = grantId ? await provider.Grant.find(grantId) : undefined;
      if (known && known.accountId === accountId) {
        return known;
      }
      const grant = new provider.Grant({
        clientId: caller.clientId,
        accountId,
      });
      grant.addOIDCScope(SCOPES);
      await grant.save();
      return grant;
    },
    // By default a refresh token needs offline_access and a consent, which
    // Backstage does not ask for; without one a reload signs out.
    issueRefreshToken: async (_context, caller) =>
      caller.grantTypeAllowed('refresh_token'),
    // Tabs that load together use the same refresh token; with rotation the
    // second use would revoke the whole sign-in.
    rotateRefreshToken: false,
    features: {
      devInteractions: { enabled: false },
      // Also how one person takes over from another in the same browser: the
      // first one's session is ended before the second one's begins.
      rpInitiatedLogout: { enabled: true },
    },
    interactions: {
      url: (_context, interaction) => interactionPath(interaction.uid),
    },
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: MINUTE,
      IdToken: HOUR,
      Interaction: HOUR,
      Grant: 30 * DAY,
      RefreshToken: 30 * DAY,
      Session: 30 * DAY,
    },
    renderError: (context, out) => {
      const page = problemPage({
        title: 'This sign-in does not work',
        message: `${
          out.error_description ?? out.error
        }. Go back to the portal and sign in again.`,
        nonce: createNonce(),
      });
      context.type = 'html';
      context.set('content-security-policy', page.contentSecurityPolicy);
      context.body = page.html;
    },
  };
}

/** Path of the sign-in page of one interaction. */
export function interactionPath(uid: string): string {
  return `/interaction/${uid}`;
}
