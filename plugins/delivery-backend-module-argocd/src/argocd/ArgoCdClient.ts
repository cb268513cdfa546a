import {
  discard,
  mediaType,
  namedType,
  parseJson,
  unexpected,
} from './answers';
import { ArgoCdSession } from './ArgoCdSession';
import { ApplicationAddress, applicationQuery } from './applicationQuery';
import { CredentialSource } from './credentials';
import { readEventStream } from './eventStream';
import { LIST_FIELDS, MANAGED_RESOURCE_FIELDS, STREAM_FIELDS } from './fields';
import { HttpConnection } from './HttpConnection';
import { toArgoCdError } from './toArgoCdError';
import {
  applicationListSchema,
  applicationSchema,
  managedResourcesSchema,
  projectSchema,
  revisionMetadataSchema,
  streamFrameSchema,
  syncWindowsSchema,
  userInfoSchema,
  versionSchema,
  WireApplication,
  WireManagedResource,
  WireProjectWindow,
  WireRevisionMetadata,
  WireSyncWindows,
} from './wire';

/** How an Argo CD instance is read. */
export type ArgoCdClientOptions = {
  /** Base URL, with the path of `--rootpath` if the server has one. */
  url: string;
  /** Certificates (PEM) of its own authorities; see `HttpConnection`. */
  ca?: string;
  credentials: CredentialSource;
  /** Milliseconds that one request may take; the event stream is exempt. */
  requestTimeout: number;
  /** Requests under way at once, besides the event stream. */
  maxConcurrentRequests: number;
  /** Further text that must not appear in a message. */
  secrets?: readonly string[];
};

/** An event of the application stream; the application is not checked yet. */
export type ApplicationEvent = {
  type: string;
  application: unknown;
};

/**
 * Reads from one Argo CD instance, over connections of its own.
 *
 * Every method throws `ArgoCdError`, or the reason of the signal when that
 * aborted.
 */
export class ArgoCdClient {
  static create(options: ArgoCdClientOptions): ArgoCdClient {
    return new ArgoCdClient(options);
  }

  readonly #session: ArgoCdSession;

  private constructor(options: ArgoCdClientOptions) {
    this.#session = ArgoCdSession.create({
      connection: HttpConnection.create({
        url: options.url,
        ca: options.ca,
        connectTimeout: Math.min(options.requestTimeout, 10_000),
        // The stream and the list come on top.
        connections: options.maxConcurrentRequests + 2,
        keepAlive: true,
      }),
      credentials: options.credentials,
      timeout: options.requestTimeout,
      secrets: options.secrets,
    });
  }

  /** Closes every connection at once. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  /** Version of the server, such as `v3.5.1+1234567`. */
  async version(options: { signal: AbortSignal }): Promise<string | undefined> {
    const { Version } = await this.#session.get({
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
    const { loggedIn, username } = await this.#session.get({
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
    const { items } = await this.#session.get({
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
    return this.#session.get({
      signal: options.signal,
      parts: ['api', 'v1', 'applications', options.name],
      query: applicationQuery(options),
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
    const { items } = await this.#session.get({
      signal: options.signal,
      parts: ['api', 'v1', 'applications', options.name, 'managed-resources'],
      query: {
        ...applicationQuery(options),
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
    return this.#session.get({
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
        ...applicationQuery(options),
        sourceIndex: options.sourceIndex?.toString(),
      },
      projectGiven: options.project !== undefined,
      schema: revisionMetadataSchema,
    });
  }

  /** Which sync windows concern an application, and whether it may be synced. */
  async syncWindows(
    options: ApplicationAddress & { signal: AbortSignal },
  ): Promise<WireSyncWindows> {
    return this.#session.get({
      signal: options.signal,
      parts: ['api', 'v1', 'applications', options.name, 'syncwindows'],
      query: applicationQuery(options),
      projectGiven: options.project !== undefined,
      schema: syncWindowsSchema,
    });
  }

  /** The sync windows of a project, with all that is known of them. */
  async projectWindows(options: {
    project: string;
    signal: AbortSignal;
  }): Promise<WireProjectWindow[]> {
    const { spec } = await this.#session.get({
      signal: options.signal,
      parts: ['api', 'v1', 'projects', options.project],
      schema: projectSchema,
    });
    return spec?.syncWindows ?? [];
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
      const response = await this.#session.send({
        method: 'GET',
        parts: ['api', 'v1', 'stream', 'applications'],
        query: { fields: STREAM_FIELDS },
        accept: 'text/event-stream',
        signal: both,
      });
      clearTimeout(timer);
      if (!mediaType(response).startsWith('text/event-stream')) {
        await discard(response);
        throw unexpected(
          `It answered the event stream with ${namedType(mediaType(response))}`,
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
      throw this.#session.explain(error, signal);
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
        secrets: this.#session.secrets,
      });
    }
    if (!result) {
      throw unexpected('The event stream sent an event without content');
    }
    return { type: result.type, application: result.application };
  }
}
