import { Config } from '@backstage/config';
import { oidcAuthenticator } from '@backstage/plugin-auth-backend-module-oidc-provider';
import { signInProblem } from './signInProblem';

type Context = ReturnType<typeof oidcAuthenticator.initialize>;
type Discovered = Awaited<Context['promise']>;

/** For how long an answer of the provider counts as "it is there". */
const REMEMBERED_MS = 10_000;

/** How long the provider may take to show that it is there. */
const LONGEST_ANSWER_MS = 5_000;

/**
 * The connection to one provider.
 *
 * Backstage asks a provider for its metadata once, when the backend starts. A
 * provider that is down in that second leaves every later sign-in failing until
 * somebody restarts the backend; here the next sign-in asks again.
 */
export class ProviderConnection {
  static create(options: {
    config: Config;
    callbackUrl: string;
    /** Milliseconds of any clock that only goes forward. */
    now?: () => number;
  }): ProviderConnection {
    const connection = new ProviderConnection(options);
    // Wrong configuration ends the start; a provider that is down does not.
    connection.#initialize();
    return connection;
  }

  readonly #options: { config: Config; callbackUrl: string };
  readonly #now: () => number;
  readonly #metadataUrl: string;
  #context: Context | undefined;
  #seenAt: number | undefined;

  private constructor(options: {
    config: Config;
    callbackUrl: string;
    now?: () => number;
  }) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#metadataUrl = options.config.getString('metadataUrl');
  }

  /**
   * What Backstage's authenticator works with.
   *
   * @throws `sign-in.provider-unreachable` when the provider's metadata cannot
   *   be had.
   */
  async context(): Promise<Context> {
    const context = this.#context ?? this.#initialize();
    try {
      await context.promise;
    } catch (cause) {
      throw signInProblem('sign-in.provider-unreachable', { cause });
    }
    return context;
  }

  /** The client of `openid-client`, for what the authenticator does not do. */
  async client(): Promise<Discovered['client']> {
    const { promise } = await this.context();
    return (await promise).client;
  }

  /**
   * Resolves when the provider answers now. A person who is sent to a provider
   * that is down sees an error of the browser, and not where to turn.
   *
   * @throws `sign-in.provider-unreachable`
   */
  async requireAnswer(): Promise<void> {
    await this.context();
    if (this.#answeredLately()) {
      return;
    }
    try {
      const response = await fetch(this.#metadataUrl, {
        // The address is configuration; wherever it redirects to is not.
        redirect: 'manual',
        signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
      });
      await response.body?.cancel();
      if (response.status >= 500) {
        throw new Error(`The provider answered ${response.status}`);
      }
    } catch (cause) {
      throw signInProblem('sign-in.provider-unreachable', { cause });
    }
    this.#seenAt = this.#now();
  }

  #answeredLately(): boolean {
    return (
      this.#seenAt !== undefined && this.#now() - this.#seenAt < REMEMBERED_MS
    );
  }

  #initialize(): Context {
    const context = oidcAuthenticator.initialize(this.#options);
    this.#context = context;
    context.promise.catch(() => {
      // Whoever waits for it hears of it; the next one asks anew.
      if (this.#context === context) {
        this.#context = undefined;
      }
    });
    return context;
  }
}
