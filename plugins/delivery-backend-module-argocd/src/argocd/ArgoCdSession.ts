import { Dispatcher } from 'undici';
import { z } from 'zod';
import { readErrorBody, readJson } from './answers';
import { isArgoCdError } from './ArgoCdError';
import { CredentialSource } from './credentials';
import { describeNetworkError } from './describeNetworkError';
import { HttpConnection, HttpRequest } from './HttpConnection';
import { toArgoCdError } from './toArgoCdError';

/** A request whose token the session adds. */
export type SessionRequest = Omit<HttpRequest, 'token'> & {
  /** The request names the project of the application, or is about none. */
  projectGiven?: boolean;
};

/**
 * Requests to one Argo CD under one credential. A failure of whatever kind
 * becomes an `ArgoCdError` whose message holds no secret.
 */
export class ArgoCdSession {
  static create(options: {
    connection: HttpConnection;
    credentials: CredentialSource;
    /** Milliseconds that one request may take. */
    timeout: number;
    /** Further text that must not appear in a message. */
    secrets?: readonly string[];
  }): ArgoCdSession {
    return new ArgoCdSession(options);
  }

  readonly #connection: HttpConnection;
  readonly #credentials: CredentialSource;
  readonly #timeout: number;
  readonly #secrets: readonly string[];

  private constructor(options: {
    connection: HttpConnection;
    credentials: CredentialSource;
    timeout: number;
    secrets?: readonly string[];
  }) {
    this.#connection = options.connection;
    this.#credentials = options.credentials;
    this.#timeout = options.timeout;
    this.#secrets = [
      ...options.credentials.secrets,
      ...(options.secrets ?? []),
    ];
  }

  /** Text that must not appear in a message. */
  get secrets(): readonly string[] {
    return this.#secrets;
  }

  /** Closes every connection at once. */
  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** Asks for something, within the time limit. */
  async get<T extends z.ZodType>(
    options: Omit<SessionRequest, 'method'> & { schema: T },
  ): Promise<z.output<T>> {
    return this.within({
      ...options,
      run: async signal =>
        readJson(
          await this.send({ ...options, method: 'GET', signal }),
          options.schema,
        ),
    });
  }

  /**
   * Runs something for no longer than the time limit, and explains how it fails.
   *
   * @throws ArgoCdError, or the reason of the signal when that aborted
   */
  async within<T>(options: {
    /** Milliseconds; the limit of the session when absent. */
    timeout?: number;
    signal: AbortSignal;
    run(signal: AbortSignal): Promise<T>;
  }): Promise<T> {
    const { signal, timeout = this.#timeout } = options;
    try {
      return await options.run(
        AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      );
    } catch (error) {
      throw this.explain(error, signal);
    }
  }

  /**
   * Sends a request without a time limit of its own, and resolves with its
   * answer if that is a success. Redirects count as failures, so that the token
   * goes to no other host.
   */
  async send(request: SessionRequest): Promise<Dispatcher.ResponseData> {
    const { signal } = request;
    const token = await this.#credentials.token({ signal });
    const response = await this.#connection.send({ ...request, token });
    const { statusCode } = response;
    if (statusCode >= 200 && statusCode < 300) {
      return response;
    }
    const body = await readErrorBody(response);
    const error = toArgoCdError({
      httpStatus: statusCode,
      code: body?.code,
      message: body?.message ?? body?.error,
      projectGiven: request.projectGiven,
      secrets: [...this.#secrets, token],
    });
    if (error.kind === 'unauthenticated') {
      this.#credentials.refused(token);
    }
    throw error;
  }

  /** What a failure means: an `ArgoCdError`, or why the signal aborted. */
  explain(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) {
      return signal.reason;
    }
    return isArgoCdError(error)
      ? error
      : describeNetworkError({ error, host: this.#connection.host });
  }
}
