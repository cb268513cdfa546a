import { ArgoCdError, isArgoCdError } from './ArgoCdError';

/** Where the bearer token of an instance comes from. */
export interface CredentialSource {
  /** Text that must not appear in a message: a fixed token, or the password. */
  readonly secrets: readonly string[];
  /**
   * The token to send.
   *
   * @throws ArgoCdError when there is none to be had now.
   */
  token(options: { signal: AbortSignal }): Promise<string>;
  /** The server refused this token: do not hand it out again if it can be
   * replaced. */
  refused(token: string): void;
}

/** A token from the configuration. It cannot be replaced at run time. */
export class StaticCredentials implements CredentialSource {
  static create(options: { token: string }): StaticCredentials {
    return new StaticCredentials(options.token);
  }

  readonly secrets: readonly string[];
  readonly #token: string;

  private constructor(token: string) {
    this.#token = token;
    this.secrets = [token];
  }

  async token(): Promise<string> {
    return this.#token;
  }

  refused(): void {}
}

/**
 * How a login is performed: resolves with a token. It has a time limit of its
 * own.
 */
export type Login = () => Promise<string>;

/** Milliseconds to wait after the first failed login; doubled for each one. */
const FIRST_PAUSE = 30_000;

/**
 * The longest pause between two logins. Argo CD counts failures in a window of
 * 300 seconds, so that a steady client stays below its limit of five.
 */
const LONGEST_PAUSE = 300_000;

/** Life that is assumed of a token that does not say when it ends. */
const ASSUMED_LIFE = 3_600_000;

/**
 * A token from a login with user name and password.
 *
 * Argo CD answers "Invalid username or password" to a flood of logins just as
 * to a wrong password, and locks the account for a while after five failures.
 * So there is one login for all callers, its token is kept until shortly before
 * it ends, and after a failure nobody logs in again for a growing while. The
 * credential is never given up for good.
 *
 * A login belongs to nobody: a caller who gives up waits no longer, and the
 * login goes on for the others.
 */
export class SessionCredentials implements CredentialSource {
  static create(options: {
    login: Login;
    /** Text that must not appear in a message. */
    secrets?: readonly string[];
    /** Milliseconds since the epoch; the clock of the machine if absent. */
    now?: () => number;
  }): SessionCredentials {
    return new SessionCredentials(options);
  }

  readonly secrets: readonly string[];
  readonly #login: Login;
  readonly #now: () => number;
  #current: { token: string; renewAt: number } | undefined;
  #pending: Promise<string> | undefined;
  #failures = 0;
  #blocked: { until: number; error: ArgoCdError } | undefined;

  private constructor(options: {
    login: Login;
    secrets?: readonly string[];
    now?: () => number;
  }) {
    this.secrets = options.secrets ?? [];
    this.#login = options.login;
    this.#now = options.now ?? Date.now;
  }

  async token(options: { signal: AbortSignal }): Promise<string> {
    if (this.#current && this.#now() < this.#current.renewAt) {
      return this.#current.token;
    }
    if (this.#blocked && this.#now() < this.#blocked.until) {
      throw this.#blocked.error;
    }
    this.#pending ??= this.#logIn().finally(() => {
      this.#pending = undefined;
    });
    return unlessAborted(this.#pending, options.signal);
  }

  refused(token: string): void {
    if (this.#current?.token === token) {
      this.#current = undefined;
    }
  }

  async #logIn(): Promise<string> {
    try {
      const token = await this.#login();
      this.#current = { token, renewAt: renewalTime(token, this.#now()) };
      this.#failures = 0;
      this.#blocked = undefined;
      return token;
    } catch (error) {
      this.#failures += 1;
      const pause = Math.min(
        FIRST_PAUSE * 2 ** (this.#failures - 1),
        LONGEST_PAUSE,
      );
      this.#blocked = {
        until: this.#now() + pause,
        error: explain(error, pause),
      };
      throw this.#blocked.error;
    }
  }
}

/** Waits no longer than until the signal aborts. */
async function unlessAborted<T>(
  pending: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([pending, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function explain(error: unknown, pause: number): ArgoCdError {
  if (!isArgoCdError(error)) {
    return new ArgoCdError({
      kind: 'unavailable',
      message: 'The login to Argo CD failed',
    });
  }
  if (error.kind !== 'unauthenticated') {
    return error;
  }
  const seconds = Math.round(pause / 1000);
  return new ArgoCdError({
    kind: 'login-refused',
    message: `Argo CD refused the login. It gives the same answer to a wrong password and to too many logins; the next try is in ${seconds} seconds. A token avoids this`,
    httpStatus: error.httpStatus,
    code: error.code,
  });
}

/**
 * When a token should be replaced: after four fifths of its life, so that it
 * never ends in the middle of a request.
 */
function renewalTime(token: string, now: number): number {
  const end = expiryOf(token) ?? now + ASSUMED_LIFE;
  return now + Math.max(0, end - now) * 0.8;
}

/** The `exp` of a JWT in milliseconds. Its signature is the server's business. */
function expiryOf(token: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    );
    if (claims && typeof claims === 'object' && 'exp' in claims) {
      return typeof claims.exp === 'number' ? claims.exp * 1000 : undefined;
    }
    return undefined;
  } catch {
    return undefined;
  }
}
