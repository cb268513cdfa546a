import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';
import { answerAct } from './answerAct';
import { project, projectListed } from './fields';
import { Json } from './objects';

/** A request that arrived. */
export type SeenRequest = {
  method: string;
  /** Path as it was sent, percent-encoding and all. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
};

/** Answers a request instead of the fake; `false` leaves it to the fake. */
export type Intercept = (
  request: SeenRequest,
  response: ServerResponse,
) => boolean | Promise<boolean>;

/**
 * An Argo CD that does what it is told: answers like the real one from a handful
 * of objects, counts what is asked of it, and can be made to fail or to lie.
 */
export class FakeArgoCd {
  static async start(options?: {
    minorVersion?: number;
    rootPath?: string;
    token?: string;
  }): Promise<FakeArgoCd> {
    const fake = new FakeArgoCd(options ?? {});
    await fake.listen();
    return fake;
  }

  readonly applications = new Map<string, Json>();
  readonly resources = new Map<string, Json[]>();
  readonly requests: SeenRequest[] = [];
  /** Runs before every answer. */
  intercept: Intercept | undefined;
  /** Events are kept back, as by a subscriber whose buffer is full. */
  dropEvents = false;
  token: string;
  /** Accepted for acting; the other one may only read. */
  actToken = 'fake.act.token';
  /** What it says of sync windows, of any application. */
  windows: Json = { canSync: true };
  /** What it says of any project; `undefined` when nobody may read one. */
  projectSpec: Json | undefined = {};
  readonly #minorVersion: number;
  readonly #rootPath: string;
  readonly #server: Server;
  readonly #streams = new Map<
    ServerResponse,
    { fields: string | null; last: Map<string, string> }
  >();
  #port = 0;

  private constructor(options: {
    minorVersion?: number;
    rootPath?: string;
    token?: string;
  }) {
    this.#minorVersion = options.minorVersion ?? 5;
    this.#rootPath = options.rootPath ?? '';
    this.token = options.token ?? 'fake.token.value';
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}${this.#rootPath}`;
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  async listen(): Promise<void> {
    await new Promise<void>(resolve =>
      this.#server.listen(this.#port, '127.0.0.1', resolve),
    );
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Stops listening and resets every connection. */
  async stop(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Makes or changes an application, and tells the streams. */
  put(application: Json, resources?: Json[]): void {
    const key = keyOf(application);
    const type = this.applications.has(key) ? 'MODIFIED' : 'ADDED';
    this.applications.set(key, application);
    if (resources) {
      this.resources.set(key, resources);
    }
    this.#broadcast(type, application);
  }

  /** Deletes an application, and tells the streams. */
  delete(application: Json): void {
    this.applications.delete(keyOf(application));
    this.#broadcast('DELETED', application);
  }

  /** Ends every stream as a gateway does: in the middle of nothing. */
  cutStreams(): void {
    for (const response of this.#streams.keys()) {
      response.destroy();
    }
  }

  /** Ends every stream in an orderly way. */
  endStreams(): void {
    for (const response of this.#streams.keys()) {
      response.end();
    }
  }

  /** Writes anything into every stream. */
  writeToStreams(text: string | Uint8Array): void {
    for (const response of this.#streams.keys()) {
      response.write(text);
    }
  }

  /** How many requests arrived whose path matches. */
  count(pattern: RegExp): number {
    return this.requests.filter(request => pattern.test(request.path)).length;
  }

  async #answer(
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://fake');
    const chunks: Buffer[] = [];
    for await (const chunk of message) {
      chunks.push(chunk);
    }
    const request: SeenRequest = {
      method: message.method ?? '',
      path: (message.url ?? '').split('?')[0],
      query: url.searchParams,
      headers: message.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    this.requests.push(request);
    if (await this.intercept?.(request, response)) {
      return;
    }
    if (!request.path.startsWith(`${this.#rootPath}/api/`)) {
      html(response);
      return;
    }
    this.#route(request, response, request.path.slice(this.#rootPath.length));
  }

  #route(request: SeenRequest, response: ServerResponse, path: string): void {
    if (path === '/api/version') {
      json(response, 200, { Version: `v3.${this.#minorVersion}.1` });
      return;
    }
    if (path === '/api/v1/session/userinfo') {
      json(response, 200, { loggedIn: this.#isKnown(request) });
      return;
    }
    if (!this.#isKnown(request)) {
      error(response, 401, 16, 'no session information');
      return;
    }
    if (request.method !== 'GET' || request.query.has('refresh')) {
      answerAct({ fake: this, request, response, path });
      return;
    }
    if (path.startsWith('/api/v1/account/can-i/')) {
      json(response, 200, { value: this.mayAct(request) ? 'yes' : 'no' });
      return;
    }
    if (path.startsWith('/api/v1/projects/')) {
      if (this.projectSpec) {
        json(response, 200, { spec: this.projectSpec });
      } else {
        error(response, 403, 7, 'permission denied: projects, get');
      }
      return;
    }
    if (path === '/api/v1/applications') {
      this.#list(request, response);
      return;
    }
    if (path === '/api/v1/stream/applications') {
      this.#stream(request, response);
      return;
    }
    this.#one(request, response, path);
  }

  #isKnown(request: SeenRequest): boolean {
    const { authorization } = request.headers;
    return authorization === `Bearer ${this.token}` || this.mayAct(request);
  }

  /** The request carries the token for acting. */
  mayAct(request: SeenRequest): boolean {
    return request.headers.authorization === `Bearer ${this.actToken}`;
  }

  /** The application that a request is about, as the real one finds it. */
  find(options: {
    name: string;
    namespace: string | undefined;
    project: string | undefined;
  }): Json | undefined {
    const { name, namespace, project: wanted } = options;
    const found = this.applications.get(`${namespace || 'argocd'}/${name}`);
    return wanted && found?.spec.project !== wanted ? undefined : found;
  }

  #list(request: SeenRequest, response: ServerResponse): void {
    const fields = request.query.get('fields');
    const items = [...this.applications.values()].map(application =>
      projectListed(application, { fields, minorVersion: this.#minorVersion }),
    );
    json(response, 200, {
      metadata: { resourceVersion: '1' },
      items: items.length > 0 ? items : null,
    });
  }

  #stream(request: SeenRequest, response: ServerResponse): void {
    const stream = {
      fields: request.query.get('fields'),
      last: new Map<string, string>(),
    };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.#streams.set(response, stream);
    response.on('close', () => this.#streams.delete(response));
    response.write(':\n');
    for (const application of this.applications.values()) {
      this.#send(response, stream, 'ADDED', application);
    }
  }

  #broadcast(type: string, application: Json): void {
    if (this.dropEvents) {
      return;
    }
    for (const [response, stream] of this.#streams) {
      this.#send(response, stream, type, application);
    }
  }

  #send(
    response: ServerResponse,
    stream: { fields: string | null; last: Map<string, string> },
    type: string,
    application: Json,
  ): void {
    const data = JSON.stringify(
      project({ result: { type, application } }, stream.fields),
    );
    // By name only, as the real one does.
    if (stream.last.get(application.metadata.name) === data) {
      return;
    }
    stream.last.set(application.metadata.name, data);
    response.write(`data: ${data} \n\n\n`);
  }

  #one(request: SeenRequest, response: ServerResponse, path: string): void {
    const [name, ...rest] = path
      .replace('/api/v1/applications/', '')
      .split('/')
      .map(decodeURIComponent);
    const key = `${request.query.get('appNamespace') ?? 'argocd'}/${name}`;
    const application = this.find({
      name,
      namespace: request.query.get('appNamespace') ?? undefined,
      project: request.query.get('project') ?? undefined,
    });
    if (!application) {
      notFound(response, request.query.get('project'));
      return;
    }
    if (rest.length === 0) {
      json(response, 200, application);
    } else if (rest[0] === 'syncwindows') {
      json(response, 200, this.windows);
    } else if (rest[0] === 'managed-resources') {
      const kind = request.query.get('kind');
      const items = (this.resources.get(key) ?? []).filter(
        resource => !kind || resource.kind === kind,
      );
      json(
        response,
        200,
        project(
          { items: items.length > 0 ? items : null },
          request.query.get('fields'),
        ),
      );
    } else if (rest[0] === 'revisions' && rest[2] === 'metadata') {
      json(response, 200, {
        author: 'Ada <ada@example.com>',
        date: '2026-11-20T09:59:00Z',
        message: `commit ${rest[1]}`,
      });
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('Not Found');
    }
  }
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Answers with an error as Argo CD writes it. */
export function error(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
): void {
  json(response, status, { error: message, code, message });
}

/** Without a project, what is missing is forbidden (A2). */
export function notFound(
  response: ServerResponse,
  wanted: string | null | undefined,
): void {
  if (wanted) {
    error(response, 404, 5, 'applications.argoproj.io not found');
  } else {
    error(response, 403, 7, 'permission denied');
  }
}

/** Answers with the page that Argo CD shows for every path it does not know. */
export function html(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end('<!doctype html><title>Argo CD</title>');
}

function keyOf(application: Json): string {
  return `${application.metadata.namespace}/${application.metadata.name}`;
}
