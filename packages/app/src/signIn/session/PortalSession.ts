import {
  AuthConnector,
  AuthConnectorCreateSessionOptions,
  AuthConnectorRefreshSessionOptions,
  OAuth2Session,
  openLoginPopup,
} from '@backstage/core-app-api';
import { createApiRef } from '@backstage/frontend-plugin-api';
import { mayPass, readProblem, SessionProblem } from '../domain/sessionProblem';
import { AuthServer, NoSessionError, readSession } from './authServer';

/** What stands between a person and their work. */
export interface Interruption {
  readonly problem: SessionProblem;
  /** Whether something is being done about it at the moment. */
  readonly isBusy: boolean;
}

/** What of the browser a session needs; tests bring their own. */
export interface SessionBrowser {
  here(): string;
  goTo(url: string): void;
  openPopup(url: string): Promise<unknown>;
}

const realBrowser: SessionBrowser = {
  here: () => window.location.href,
  goTo: url => window.location.assign(url),
  openPopup: url =>
    openLoginPopup({ url, name: 'Sign in', width: 480, height: 720 }),
};

/**
 * The session of this tab: how it begins, goes on, is interrupted and ends.
 *
 * Backstage's session manager calls it through the methods of `AuthConnector`.
 * When a session ends in the middle of the work, every request waits here while
 * the person signs in again in a window of their own. So the page and the text
 * that somebody was typing stay as they are.
 */
export class PortalSession implements AuthConnector<OAuth2Session> {
  static create(options: {
    server: AuthServer;
    /** Whether a sign-in leaves the page and comes back, or opens a window. */
    redirects: boolean;
    /** Path of the portal, with which it starts anew for another person. */
    home: string;
    browser?: SessionBrowser;
  }): PortalSession {
    return new PortalSession(options);
  }

  readonly #server: AuthServer;
  readonly #redirects: boolean;
  readonly #home: string;
  readonly #browser: SessionBrowser;
  readonly #listeners = new Set<() => void>();
  #session: OAuth2Session | undefined;
  #renewedAt: Date | undefined;
  #problem: SessionProblem = { code: 'signed-out' };
  #person: string | undefined;
  #interruption: Interruption | undefined;
  #waiting:
    | {
        promise: Promise<OAuth2Session>;
        resolve(session: OAuth2Session): void;
        reject(error: Error): void;
        scope: string;
      }
    | undefined;

  private constructor(options: {
    server: AuthServer;
    redirects: boolean;
    home: string;
    browser?: SessionBrowser;
  }) {
    this.#server = options.server;
    this.#redirects = options.redirects;
    this.#home = options.home;
    this.#browser = options.browser ?? realBrowser;
  }

  /** Why there is no session, from the last time that one was asked for. */
  get problem(): SessionProblem {
    return this.#problem;
  }

  /** When the groups of the person were last read from the catalog. */
  get renewedAt(): Date | undefined {
    return this.#renewedAt;
  }

  /** What keeps the person from working, for `useSyncExternalStore`. */
  readonly interruption = (): Interruption | undefined => this.#interruption;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Called by the session manager when a request needs a session. */
  async createSession(
    options: AuthConnectorCreateSessionOptions,
  ): Promise<OAuth2Session> {
    const scope = [...options.scopes].join(' ');
    if (!options.instantPopup) {
      return this.#interrupt(scope);
    }
    if (this.#redirects) {
      return this.#redirect(scope);
    }
    return this.#keep(await this.#popup(scope));
  }

  /** Called by the session manager at start and before a token gets too old. */
  async refreshSession(
    options?: AuthConnectorRefreshSessionOptions,
  ): Promise<OAuth2Session> {
    try {
      return this.#keep(
        await this.#server.refresh([...(options?.scopes ?? [])].join(' ')),
      );
    } catch (error) {
      this.#problem =
        error instanceof NoSessionError ? error.problem : { code: 'failed' };
      const last = this.#session;
      if (last && mayPass(this.#problem) && isGood(last)) {
        // A provider or a portal that restarts is no reason to stop somebody
        // whose token still has minutes to go.
        return last;
      }
      throw error;
    }
  }

  /**
   * Ends the session at the portal.
   *
   * @throws NoSessionError when the portal did not confirm it: the person is
   *   still signed in, and has to know.
   */
  async removeSession(): Promise<void> {
    const logoutUrl = await this.#server.signOut();
    this.#session = undefined;
    this.#person = undefined;
    this.#problem = { code: 'signed-out' };
    if (logoutUrl !== undefined) {
      this.#browser.goTo(logoutUrl);
      // The page goes away; nothing after this may take it somewhere else.
      await new Promise(() => {});
    }
  }

  /**
   * Makes the next request ask for a new token: the last one was refused, or
   * the groups in it are to be read again.
   */
  doubt(): void {
    if (this.#session?.backstageIdentity) {
      // The session manager looks at this date at each request.
      this.#session.backstageIdentity.expiresAt = new Date(0);
    }
  }

  /** Goes on after an interruption, by signing in in a window of its own. */
  async signInAgain(): Promise<void> {
    await this.#resume(scope => this.#popup(scope));
  }

  /** Goes on after an interruption that passed by itself. */
  async tryAgain(): Promise<void> {
    await this.#resume(scope => this.#server.refresh(scope));
  }

  /** Leaves the page to sign in, and comes back to it without what was typed. */
  async signInHere(): Promise<void> {
    await this.#redirect(this.#waiting?.scope ?? '');
  }

  /** Lets what waits for a session fail; the next request interrupts again. */
  giveUp(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#show(undefined);
    waiting?.reject(new NoSessionError(this.#problem));
  }

  #interrupt(scope: string): Promise<OAuth2Session> {
    if (!this.#waiting) {
      let resolve!: (session: OAuth2Session) => void;
      let reject!: (error: Error) => void;
      const promise = new Promise<OAuth2Session>((done, fail) => {
        resolve = done;
        reject = fail;
      });
      this.#waiting = { promise, resolve, reject, scope };
      const { code } = this.#problem;
      this.#show({
        // Somebody who was at work did not sign out here: the cookie is gone
        problem:
          code === 'signed-out' ? { code: 'session-ended' } : this.#problem,
        isBusy: false,
      });
    }
    return this.#waiting.promise;
  }

  async #resume(
    attempt: (scope: string) => Promise<OAuth2Session>,
  ): Promise<void> {
    const waiting = this.#waiting;
    if (!waiting || this.#interruption?.isBusy) {
      return;
    }
    this.#show({
      problem: this.#interruption?.problem ?? this.#problem,
      isBusy: true,
    });
    try {
      const before = this.#person;
      const session = await attempt(waiting.scope);
      const after = session.backstageIdentity?.identity.userEntityRef;
      if (before !== undefined && before !== after) {
        // The page was made for somebody else, with what they may see.
        this.#browser.goTo(this.#home);
        return;
      }
      this.#waiting = undefined;
      this.#show(undefined);
      waiting.resolve(this.#keep(session));
    } catch (error) {
      this.#problem = problemOf(error);
      this.#show({ problem: this.#problem, isBusy: false });
    }
  }

  async #popup(scope: string): Promise<OAuth2Session> {
    const url = await this.#server.startUrl({
      scope,
      origin: new URL(this.#browser.here()).origin,
      flow: 'popup',
    });
    try {
      const answer = await this.#browser.openPopup(url);
      return readSession(answer as Parameters<typeof readSession>[0]);
    } catch (error) {
      this.#problem = problemOf(error);
      throw new NoSessionError(this.#problem);
    }
  }

  async #redirect(scope: string): Promise<OAuth2Session> {
    const here = this.#browser.here();
    this.#browser.goTo(
      await this.#server.startUrl({
        scope,
        origin: new URL(here).origin,
        redirectUrl: here,
        flow: 'redirect',
      }),
    );
    // The page goes away.
    return new Promise(() => {});
  }

  #keep(session: OAuth2Session): OAuth2Session {
    this.#session = session;
    this.#renewedAt = new Date();
    this.#person = session.backstageIdentity?.identity.userEntityRef;
    return session;
  }

  #show(interruption: Interruption | undefined): void {
    this.#interruption = interruption;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** Whether a session's tokens hold for a while yet, by their own dates. */
function isGood(session: OAuth2Session): boolean {
  const { backstageIdentity } = session;
  return (
    backstageIdentity?.expiresAt !== undefined &&
    backstageIdentity.expiresAt.getTime() > Date.now()
  );
}

function problemOf(error: unknown): SessionProblem {
  if (error instanceof NoSessionError) {
    return error.problem;
  }
  if (error instanceof Error) {
    if (error.name === 'PopupRejectedError') {
      return { code: 'popup-blocked' };
    }
    if (error.name === 'PopupClosedError') {
      return { code: 'popup-closed' };
    }
    return readProblem(error.message);
  }
  return { code: 'failed' };
}

/** The session of this tab, for whoever in the app needs it. */
export const portalSessionApiRef = createApiRef<PortalSession>().with({
  id: 'app.portal-session',
  pluginId: 'app',
});
