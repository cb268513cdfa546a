import { Dispatcher, EnvHttpProxyAgent } from 'undici';
import { apiUrl, Query } from './apiUrl';
import { recordsSending } from './recordsSending';

/** How a server is connected to. */
export type HttpConnectionOptions = {
  /** Base URL, with the path of `--rootpath` if the server has one. */
  url: string;
  /**
   * Certificates (PEM) of the only authorities that may have signed the server's
   * own; those that Node.js trusts when absent.
   */
  ca?: string;
  /** Milliseconds that making a connection may take. */
  connectTimeout: number;
  /** Connections open at once. */
  connections: number;
  /**
   * Keep connections open for further requests. Without, every request has one
   * of its own: a server that closes an idle connection at the wrong moment
   * leaves nobody in doubt then whether the request arrived.
   */
  keepAlive: boolean;
};

/** One request, below the base URL. */
export type HttpRequest = {
  method: 'GET' | 'POST' | 'DELETE';
  /** Unencoded path parts. */
  parts: readonly string[];
  query?: Query;
  accept?: string;
  /** Bearer token; none when absent. */
  token?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Called when the request begins to leave this machine. */
  onSent?(): void;
  signal: AbortSignal;
};

/** Never sent through a proxy, as in Go's own clients. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The connections to one server: the only place where requests to Argo CD are
 * made. It goes to no other host, because it follows no redirect and because
 * `apiUrl` lets no name leave the path.
 *
 * The server's certificate is always checked, `NODE_TLS_REJECT_UNAUTHORIZED`
 * or not. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are obeyed; the check is
 * between this machine and the server then too, through the proxy's tunnel.
 *
 * A client of its own beside `fetch`: that has no way to limit connections or
 * to tell whether a request has left.
 */
export class HttpConnection {
  static create(options: HttpConnectionOptions): HttpConnection {
    return new HttpConnection(options);
  }

  readonly #base: URL;
  readonly #agent: Dispatcher;

  private constructor(options: HttpConnectionOptions) {
    const { ca, connections, connectTimeout, keepAlive } = options;
    this.#base = new URL(options.url);
    const tls = { timeout: connectTimeout, rejectUnauthorized: true, ca };
    this.#agent = new EnvHttpProxyAgent({
      connections,
      connect: tls,
      requestTls: tls,
      noProxy: withLoopback(process.env.no_proxy ?? process.env.NO_PROXY ?? ''),
      pipelining: keepAlive ? 1 : 0,
      // Deadlines are kept by signals, the stream's by its liveness.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Host and port of the server. */
  get host(): string {
    return this.#base.host;
  }

  /** Closes every connection at once. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /**
   * Sends a request. Redirects are answers like any other.
   *
   * @throws ArgoCdError for a name that would leave the path, and whatever the
   * HTTP client throws: see `describeNetworkError`.
   */
  async send(request: HttpRequest): Promise<Dispatcher.ResponseData> {
    const { method, parts, query, token, body, onSent, signal } = request;
    const url = apiUrl({ base: this.#base, parts, query });
    const agent = onSent
      ? this.#agent.compose(recordsSending(onSent))
      : this.#agent;
    return agent.request({
      method,
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      headers: {
        accept: request.accept ?? 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        // Wanted with everything but GET, bodies or not, and compared literally:
        // with a charset it would be a 415.
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  }
}

/** A lone `*` means that there is no proxy at all. */
function withLoopback(noProxy: string): string {
  return noProxy.trim() === '*' ? '*' : [noProxy, ...LOOPBACK].join(',');
}
