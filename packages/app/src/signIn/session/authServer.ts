import { OAuth2Session } from '@backstage/core-app-api';
import { DiscoveryApi } from '@backstage/frontend-plugin-api';
import { readProblem, SessionProblem } from '../domain/sessionProblem';

/** A request that brought no session, and why. */
export class NoSessionError extends Error {
  readonly problem: SessionProblem;

  constructor(problem: SessionProblem) {
    super(`There is no session: ${problem.code}`);
    this.name = 'NoSessionError';
    this.problem = problem;
  }
}

/** The sign-in routes of the backend, for one provider and environment. */
export class AuthServer {
  readonly #options: { discoveryApi: DiscoveryApi; environment: string };

  constructor(options: { discoveryApi: DiscoveryApi; environment: string }) {
    this.#options = options;
  }

  /** Where a sign-in begins. */
  startUrl(query: Record<string, string>): Promise<string> {
    return this.#url('start', query);
  }

  /**
   * A new session for the cookie that the browser has.
   *
   * @throws NoSessionError
   */
  async refresh(scope: string): Promise<OAuth2Session> {
    const response = await this.#send('refresh', { scope, optional: 'true' });
    if (!response.ok) {
      throw new NoSessionError(await problemOf(response));
    }
    return readSession(await response.json());
  }

  /**
   * Ends the session.
   *
   * @returns where the provider wants the browser to go, if it does.
   * @throws NoSessionError when the portal did not confirm the end.
   */
  async signOut(): Promise<string | undefined> {
    const response = await this.#send('logout', {}, 'POST');
    if (!response.ok) {
      throw new NoSessionError(await problemOf(response));
    }
    const text = await response.text();
    const logoutUrl: unknown = text ? JSON.parse(text).logoutUrl : undefined;
    return typeof logoutUrl === 'string' && /^https?:\/\//.test(logoutUrl)
      ? logoutUrl
      : undefined;
  }

  async #send(path: string, query: Record<string, string>, method = 'GET') {
    try {
      return await fetch(await this.#url(path, query), {
        method,
        headers: { 'x-requested-with': 'XMLHttpRequest' },
        credentials: 'include',
      });
    } catch {
      throw new NoSessionError({ code: 'portal-unreachable' });
    }
  }

  async #url(path: string, query: Record<string, string>): Promise<string> {
    const { discoveryApi, environment } = this.#options;
    const base = await discoveryApi.getBaseUrl('auth');
    const parameters = new URLSearchParams({ ...query, env: environment });
    return `${base}/oidc/${path}?${parameters}`;
  }
}

async function problemOf(response: Response): Promise<SessionProblem> {
  if (response.status >= 500) {
    return { code: 'portal-unreachable' };
  }
  const body = await response.json().catch(() => undefined);
  const message: unknown = body?.error?.message;
  return readProblem(typeof message === 'string' ? message : '');
}

interface Answer {
  profile: OAuth2Session['profile'];
  providerInfo: {
    idToken: string;
    accessToken: string;
    scope?: string;
    expiresInSeconds?: number;
  };
  backstageIdentity?: Omit<
    NonNullable<OAuth2Session['backstageIdentity']>,
    'expiresAt'
  > & { expiresInSeconds?: number };
}

/** A session as the backend sends it, with dates in place of seconds. */
export function readSession(answer: Answer): OAuth2Session {
  const { profile, providerInfo, backstageIdentity } = answer;
  return {
    profile,
    providerInfo: {
      idToken: providerInfo.idToken,
      accessToken: providerInfo.accessToken,
      scopes: new Set(providerInfo.scope?.split(/[\s,]+/).filter(Boolean)),
      expiresAt: inSeconds(providerInfo.expiresInSeconds),
    },
    backstageIdentity: backstageIdentity && {
      token: backstageIdentity.token,
      identity: backstageIdentity.identity,
      expiresAt: inSeconds(backstageIdentity.expiresInSeconds),
    },
  };
}

function inSeconds(seconds: number | undefined): Date | undefined {
  return seconds === undefined
    ? undefined
    : new Date(Date.now() + seconds * 1000);
}
