import { SyncRequest } from '../domain/syncRequest';
import { assertJson, discard } from './answers';
import { ApplicationAddress, applicationQuery } from './applicationQuery';
import { ArgoCdSession, SessionRequest } from './ArgoCdSession';
import { StaticCredentials } from './credentials';
import { HttpConnection } from './HttpConnection';
import { canISchema, userInfoSchema } from './wire';

/** How an Argo CD instance is acted on. */
export type ActingClientOptions = {
  /** Base URL, with the path of `--rootpath` if the server has one. */
  url: string;
  /** Certificates (PEM) of its own authorities; see `HttpConnection`. */
  ca?: string;
  token: string;
  /** Milliseconds that one request may take. */
  requestTimeout: number;
  /** Milliseconds that a refresh is waited for. */
  refreshTimeout: number;
  /** Further text that must not appear in a message. */
  secrets: readonly string[];
};

/** What every act is about, and what it tells while it is under way. */
export type ActOptions = ApplicationAddress & {
  /** Called when the request begins to leave this machine. */
  onSent(): void;
  signal: AbortSignal;
};

/**
 * Acts at once: people click, and one of them does not click twice at the same
 * time. Each has a connection of its own.
 */
const CONNECTIONS = 8;

/**
 * The requests that change something in one Argo CD instance, and the only ones
 * that carry the token for it. None is ever repeated: whoever asked looks at the
 * world first.
 *
 * Every method throws `ArgoCdError`, or the reason of the signal when that
 * aborted.
 */
export class ActingClient {
  static create(options: ActingClientOptions): ActingClient {
    return new ActingClient(options);
  }

  readonly #session: ArgoCdSession;
  readonly #refreshTimeout: number;

  private constructor(options: ActingClientOptions) {
    this.#refreshTimeout = options.refreshTimeout;
    this.#session = ArgoCdSession.create({
      connection: HttpConnection.create({
        url: options.url,
        ca: options.ca,
        connectTimeout: Math.min(options.requestTimeout, 10_000),
        connections: CONNECTIONS,
        keepAlive: false,
      }),
      credentials: StaticCredentials.create({ token: options.token }),
      timeout: options.requestTimeout,
      secrets: options.secrets,
    });
  }

  /** Closes every connection at once. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  /** Has Argo CD look at git and the cluster again, and waits until it has. */
  async refresh(options: ActOptions & { hard: boolean }): Promise<void> {
    await this.#act({
      ...options,
      method: 'GET',
      parts: [],
      query: {
        ...applicationQuery(options),
        // Any other value, `false` included, is a normal refresh.
        refresh: options.hard ? 'hard' : 'normal',
      },
      timeout: this.#refreshTimeout,
    });
  }

  /** Asks for a sync. */
  async sync(options: ActOptions & { request: SyncRequest }): Promise<void> {
    await this.#act({
      ...options,
      method: 'POST',
      parts: ['sync'],
      body: options.request,
    });
  }

  /** Ends the operation under way. */
  async terminate(options: ActOptions): Promise<void> {
    await this.#act({
      ...options,
      method: 'DELETE',
      parts: ['operation'],
      query: applicationQuery(options),
    });
  }

  /** Whether Argo CD knows the token; it answers strangers too. */
  async isKnown(options: { signal: AbortSignal }): Promise<boolean> {
    const { loggedIn } = await this.#session.get({
      ...options,
      parts: ['api', 'v1', 'session', 'userinfo'],
      schema: userInfoSchema,
    });
    return loggedIn === true;
  }

  /** Whether the account may do something to an application. */
  async may(options: {
    action: 'get' | 'sync';
    /** `project/name`, or `project/namespace/name`. */
    object: readonly string[];
    signal: AbortSignal;
  }): Promise<boolean> {
    const { action, object, signal } = options;
    const { value } = await this.#session.get({
      parts: ['api', 'v1', 'account', 'can-i', 'applications', action].concat(
        object,
      ),
      schema: canISchema,
      signal,
    });
    return value === 'yes';
  }

  /** Nothing of the answer is needed but that it is one of an API. */
  async #act(
    options: ActOptions & SessionRequest & { timeout?: number },
  ): Promise<void> {
    const { name, method, parts, query, body, onSent } = options;
    await this.#session.within({
      signal: options.signal,
      timeout: options.timeout,
      run: async signal => {
        const response = await this.#session.send({
          method,
          parts: ['api', 'v1', 'applications', name, ...parts],
          query,
          body,
          projectGiven: options.project !== undefined,
          onSent,
          signal,
        });
        await assertJson(response);
        await discard(response);
      },
    });
  }
}
