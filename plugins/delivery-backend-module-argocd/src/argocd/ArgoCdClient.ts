import { Dispatcher, Pool } from 'undici';
import { z } from 'zod';
import { ArgoCdError, isArgoCdError } from './ArgoCdError';
import { apiUrl, Query } from './apiUrl';
import {
  CredentialSource,
  SessionCredentials,
  StaticCredentials,
} from './credentials';
import { describeNetworkError } from './describeNetworkError';
import { readEventStream } from './eventStream';
import { LIST_FIELDS, MANAGED_RESOURCE_FIELDS, STREAM_FIELDS } from './fields';
import { toArgoCdError } from './toArgoCdError';
import {
  applicationListSchema,
  applicationSchema,
  errorBodySchema,
  managedResourcesSchema,
  revisionMetadataSchema,
  sessionSchema,
  streamFrameSchema,
  userInfoSchema,
  versionSchema,
  WireApplication,
  WireManagedResource,
  WireRevisionMetadata,
} from './wire';

/**
 * The largest answer that is taken, in bytes: Argo CD's own limit for one
 * message (`ARGOCD_GRPC_MAX_SIZE_MB`).
 */
const LARGEST_ANSWER = 200 * 1024 * 1024;

/** As much of the body of an error as is looked at, in bytes. */
const LARGEST_ERROR = 64 * 1024;

/** How an Argo CD instance is reached. */
export type ArgoCdClientOptions = {
  /** Base URL, with the path of `--rootpath` if the server has one. */
  url: string;
  credential:
    | { type: 'token'; token: string }
    | { type: 'login'; username: string; password: string };
  /** Milliseconds that one request may take; the event stream is exempt. */
  requestTimeout: number;
  /** Requests under way at once, besides the event stream. */
  maxConcurrentRequests: number;
};

/** Which application a request is about. */
export type ApplicationAddress = {
  name: string;
  namespace: string;
  /**
   * Its project. With it, Argo CD tells a missing application (404) from a
   * forbidden one (403); without, both are 403.
   */
  project?: string;
};

/** An event of the application stream; the application is not checked yet. */
export type ApplicationEvent = {
  type: string;
  application: unknown;
};

/**
 * Reads from one Argo CD instance. One connection pool, one token.
 *
 * Every method throws {@link ArgoCdError}, or the reason of the signal when that
 * aborted.
 */
export class ArgoCdClient {
  static create(options: ArgoCdClientOptions): ArgoCdClient {
    return new ArgoCdClient(options);
  }

  readonly #base: URL;
  readonly #pool: Pool;
  readonly #timeout: number;
  readonly #credentials: CredentialSource;
  readonly #secrets: readonly string[];

  private constructor(options: ArgoCdClientOptions) {
    this.#base = new URL(options.url);
    this.#timeout = options.requestTimeout;
    this.#pool = new Pool(this.#base.origin, {
      // One more for the stream, and one for a login beside full use.
      connections: options.maxConcurrentRequests + 2,
      connect: { timeout: Math.min(options.requestTimeout, 10_000) },
      // Deadlines are kept by signals, the stream's by its liveness.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const { credential } = options;
    if (credential.type === 'token') {
      this.#credentials = StaticCredentials.create(credential);
      this.#secrets = [credential.token];
    } else {
      this.#credentials = SessionCredentials.create({
        login: ({ signal }) => this.#login({ ...credential, signal }),
      });
      this.#secrets = [credential.password];
    }
  }

  /** Closes every connection at once. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Version of the server, such as `v3.5.1+1234567`. */
  async version(options: { signal: AbortSignal }): Promise<string | undefined> {
    const { Version } = await this.#get({
      ...options,
      parts: ['api', 'version'],
      schema: versionSchema,
    });
    return Version;
  }

  /**
   * Whether Argo CD knows the caller. It answers with success to strangers too,
   * so only `loggedIn` proves a session.
   */
  async userInfo(options: {
    signal: AbortSignal;
  }): Promise<{ loggedIn: boolean; username?: string }> {
    const { loggedIn, username } = await this.#get({
      ...options,
      parts: ['api', 'v1', 'session', 'userinfo'],
      schema: userInfoSchema,
    });
    return { loggedIn: loggedIn === true, username };
  }

  /**
   * Every application that the account may see, cut down to a few fields, each
   * unchecked. There are no pages: Argo CD ignores `limit` and `continue`.
   */
  async listApplications(options: { signal: AbortSignal }): Promise<unknown[]> {
    const { items } = await this.#get({
      ...options,
      parts: ['api', 'v1', 'applications'],
      query: { fields: LIST_FIELDS },
      schema: applicationListSchema,
    });
    return items;
  }

  /**
   * One application, whole, read from Kubernetes and not from a cache. When the
   * project was not given and the answer is "not found or no access", nothing is
   * known of whether it exists.
   */
  async getApplication(
    options: ApplicationAddress & { signal: AbortSignal },
  ): Promise<WireApplication> {
    return this.#get({
      signal: options.signal,
      parts: ['api', 'v1', 'applications', options.name],
      query: addressQuery(options),
      projectGiven: options.project !== undefined,
      schema: applicationSchema,
    });
  }

  /** The resources of one kind of an application, wanted and live. */
  async managedResources(
    options: ApplicationAddress & {
      group: string;
      kind: string;
      signal: AbortSignal;
    },
  ): Promise<WireManagedResource[]> {
    const { items } = await this.#get({
      signal: options.signal,
      parts: ['api', 'v1', 'applications', options.name, 'managed-resources'],
      query: {
        ...addressQuery(options),
        group: options.group,
        kind: options.kind,
        fields: MANAGED_RESOURCE_FIELDS,
      },
      projectGiven: options.project !== undefined,
      schema: managedResourcesSchema,
    });
    return items;
  }

  /** Author, date and message of a commit of an application's source. */
  async revisionMetadata(
    options: ApplicationAddress & {
      revision: string;
      /** Position of the source, from 0, of an application with several. */
      sourceIndex?: number;
      signal: AbortSignal;
    },
  ): Promise<WireRevisionMetadata> {
    return this.#get({
      signal: options.signal,
      parts: [
        'api',
        'v1',
        'applications',
        options.name,
        'revisions',
        options.revision,
        'metadata',
      ],
      query: {
        ...addressQuery(options),
        sourceIndex: options.sourceIndex?.toString(),
      },
      projectGiven: options.project !== undefined,
      schema: revisionMetadataSchema,
    });
  }

  /**
   * Follows the events of all applications until the server ends the stream.
   *
   * It always starts without a resource version: then Argo CD first sends every
   * application as ADDED. With one it would send nothing of what happened in
   * between, deletions least of all.
   */
  async streamApplications(options: {
    /** Silence after which the connection counts as dead, in milliseconds. */
    silenceLimit: number;
    /** The server accepted the stream. */
    onOpen(): void;
    onSignOfLife(): void;
    onEvent(event: ApplicationEvent): void;
    signal: AbortSignal;
  }): Promise<void> {
    const { silenceLimit, onOpen, onSignOfLife, onEvent, signal } = options;
    const abort = new AbortController();
    const both = AbortSignal.any([signal, abort.signal]);
    // An Argo CD without applications sends its headers with the first
    // keep-alive, so waiting for them is limited like any other silence.
    const timer = setTimeout(
      () => abort.abort(new DOMException('silent', 'TimeoutError')),
      silenceLimit,
    );
    try {
      const response = await this.#send({
        parts: ['api', 'v1', 'stream', 'applications'],
        query: { fields: STREAM_FIELDS },
        accept: 'text/event-stream',
        signal: both,
      });
      clearTimeout(timer);
      if (!mediaType(response).startsWith('text/event-stream')) {
        await discard(response);
        throw unexpected(
          `It answered the event stream with '${mediaType(response)}'`,
        );
      }
      onOpen();
      await readEventStream({
        body: response.body,
        silenceLimit,
        onSignOfLife,
        onData: data => onEvent(this.#readFrame(data)),
        close: () => abort.abort(),
      });
    } catch (error) {
      throw this.#explain(error, signal);
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
  }

  #readFrame(data: string): ApplicationEvent {
    const frame = streamFrameSchema.safeParse(parseJson(data));
    if (!frame.success) {
      throw unexpected('The event stream sent something that is not an event');
    }
    const { error, result } = frame.data;
    if (error) {
      throw toArgoCdError({
        httpStatus: error.http_code ?? 500,
        code: error.grpc_code,
        message: error.message,
        secrets: this.#secrets,
      });
    }
    if (!result) {
      throw unexpected('The event stream sent an event without content');
    }
    return { type: result.type, application: result.application };
  }

  async #get<T extends z.ZodType>(options: {
    parts: readonly string[];
    query?: Query;
    projectGiven?: boolean;
    schema: T;
    signal: AbortSignal;
  }): Promise<z.output<T>> {
    const { signal } = options;
    const deadline = AbortSignal.any([
      signal,
      AbortSignal.timeout(this.#timeout),
    ]);
    try {
      const response = await this.#send({ ...options, signal: deadline });
      return await readJson(response, options.schema);
    } catch (error) {
      throw this.#explain(error, signal);
    }
  }

  async #login(options: {
    username: string;
    password: string;
    signal: AbortSignal;
  }): Promise<string> {
    const { username, password, signal } = options;
    const deadline = AbortSignal.any([
      signal,
      AbortSignal.timeout(this.#timeout),
    ]);
    try {
      const url = apiUrl({
        base: this.#base,
        parts: ['api', 'v1', 'session'],
      });
      const response = await this.#pool.request({
        method: 'POST',
        path: `${url.pathname}${url.search}`,
        headers: {
          accept: 'application/json',
          // Compared literally by Argo CD: a charset would be a 415.
          'content-type': 'application/json',
        },
        body: JSON.stringify({ username, password }),
        signal: deadline,
      });
      await this.#assertSuccess(response, {});
      return (await readJson(response, sessionSchema)).token;
    } catch (error) {
      throw this.#explain(error, signal);
    }
  }

  async #send(options: {
    parts: readonly string[];
    query?: Query;
    projectGiven?: boolean;
    accept?: string;
    signal: AbortSignal;
  }): Promise<Dispatcher.ResponseData> {
    const { parts, query, signal } = options;
    const url = apiUrl({ base: this.#base, parts, query });
    const token = await this.#credentials.token({ signal });
    const response = await this.#pool.request({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: {
        accept: options.accept ?? 'application/json',
        authorization: `Bearer ${token}`,
      },
      signal,
    });
    await this.#assertSuccess(response, {
      projectGiven: options.projectGiven,
      token,
    });
    return response;
  }

  /** Redirects count as failures, so that the token goes to no other host. */
  async #assertSuccess(
    response: Dispatcher.ResponseData,
    request: { projectGiven?: boolean; token?: string },
  ): Promise<void> {
    const { statusCode } = response;
    if (statusCode >= 200 && statusCode < 300) {
      return;
    }
    const { token } = request;
    const body = mediaType(response).startsWith('application/json')
      ? errorBodySchema.safeParse(
          parseJson(await readText(response, LARGEST_ERROR)),
        ).data
      : await discard(response);
    const error = toArgoCdError({
      httpStatus: statusCode,
      code: body?.code,
      message: body?.message ?? body?.error,
      projectGiven: request.projectGiven,
      secrets: token ? [...this.#secrets, token] : this.#secrets,
    });
    if (token && error.kind === 'unauthenticated') {
      this.#credentials.refused(token);
    }
    throw error;
  }

  #explain(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) {
      return signal.reason;
    }
    return isArgoCdError(error)
      ? error
      : describeNetworkError({ error, host: this.#base.host });
  }
}

function addressQuery(address: ApplicationAddress): Query {
  return {
    appNamespace: address.namespace || undefined,
    project: address.project || undefined,
  };
}

function unexpected(message: string): ArgoCdError {
  return new ArgoCdError({ kind: 'unexpected-answer', message });
}

function mediaType(response: Dispatcher.ResponseData): string {
  const header = response.headers['content-type'];
  return (Array.isArray(header) ? header[0] : header) ?? '';
}

/** Lets go of a body without reading it all. */
async function discard(response: Dispatcher.ResponseData): Promise<undefined> {
  await response.body.dump({ limit: LARGEST_ERROR });
  return undefined;
}

async function readJson<T extends z.ZodType>(
  response: Dispatcher.ResponseData,
  schema: T,
): Promise<z.output<T>> {
  const type = mediaType(response);
  if (!type.startsWith('application/json')) {
    await discard(response);
    throw unexpected(
      type.startsWith('text/html')
        ? 'A web page answered instead of the API of Argo CD: check the URL, with the path of its --rootpath if it has one'
        : `What answered is not JSON but '${type}'`,
    );
  }
  const result = schema.safeParse(
    parseJson(await readText(response, LARGEST_ANSWER)),
  );
  if (!result.success) {
    const at = result.error.issues[0]?.path.join('.') || 'its root';
    throw unexpected(`The answer of Argo CD cannot be read at '${at}'`);
  }
  return result.data;
}

async function readText(
  response: Dispatcher.ResponseData,
  limit: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > limit) {
      throw unexpected('The answer of Argo CD is larger than it may be');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `undefined` for text that is not JSON, which no schema accepts. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
