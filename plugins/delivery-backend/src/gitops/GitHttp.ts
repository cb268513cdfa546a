import { isError } from '@backstage/errors';
import type {
  GitHttpRequest,
  GitHttpResponse,
  HttpClient,
} from 'isomorphic-git';
import { GitCredential, isBelow, KnownRepository } from './credentials';
import { GitOpsError } from './GitOpsError';

/** How often a server may send a request somewhere else. */
const MOST_REDIRECTS = 3;

/**
 * The HTTP side of Git for one repository. The credential stays in here: the
 * library above knows no token that it could put into an error.
 *
 * A redirect is followed only to what the same credential is for: forges send
 * `/team/repo` on to `/team/repo.git`, and no token must ever follow to another
 * host. What comes back is limited, because it is kept in memory.
 */
export class GitHttp implements HttpClient {
  readonly #repository: KnownRepository;
  readonly #signal: AbortSignal;
  readonly #mostBytes: number;
  /** Where the repository really is, once the server has said so. */
  #base: string;
  #bytes = 0;

  constructor(options: {
    repository: KnownRepository;
    signal: AbortSignal;
    /** How much may be received in all, in bytes. */
    mostBytes: number;
  }) {
    this.#repository = options.repository;
    this.#signal = options.signal;
    this.#mostBytes = options.mostBytes;
    this.#base = options.repository.url;
  }

  // The library calls it as a function of its own.
  request = async (request: GitHttpRequest): Promise<GitHttpResponse> => {
    const { url: from } = this.#repository;
    const body = request.body && (await readAll(request.body));
    let url = request.url.startsWith(from)
      ? `${this.#base}${request.url.slice(from.length)}`
      : request.url;
    for (let redirects = 0; ; redirects++) {
      const response = await this.#fetch({ ...request, url, body });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || !location) {
        return this.#toAnswer({ response, request, url });
      }
      await response.body?.cancel();
      url = this.#follow({ from: url, location, redirects });
    }
  };

  async #fetch(request: {
    url: string;
    method?: string;
    headers?: { [name: string]: string };
    body: Buffer | undefined;
  }): Promise<Response> {
    const { url, method, headers, body } = request;
    const { username, token } = this.#repository.credential;
    try {
      return await fetch(url, {
        method,
        headers: {
          ...headers,
          authorization: `Basic ${Buffer.from(`${username}:${token}`).toString(
            'base64',
          )}`,
        },
        body: body && new Uint8Array(body),
        redirect: 'manual',
        signal: this.#signal,
      });
    } catch (error) {
      this.#signal.throwIfAborted();
      throw this.#unavailable(`could not be reached${codeOf(error)}`);
    }
  }

  #follow(options: {
    from: string;
    location: string;
    redirects: number;
  }): string {
    const { from, location, redirects } = options;
    const target = URL.canParse(location, from)
      ? new URL(location, from)
      : undefined;
    if (
      !target ||
      redirects >= MOST_REDIRECTS ||
      !isBelow(target.href, this.#repository.credential.url)
    ) {
      throw this.#unavailable(
        'sends the portal on to another address, where it does not follow. Let the Argo CD application name the address itself',
      );
    }
    const base = /^(.*)\/(info\/refs|git-(?:upload|receive)-pack)$/.exec(
      `${target.origin}${target.pathname}`,
    );
    if (base) {
      this.#base = base[1];
    }
    return `${target.origin}${target.pathname}${target.search}`;
  }

  async #toAnswer(options: {
    response: Response;
    request: GitHttpRequest;
    url: string;
  }): Promise<GitHttpResponse> {
    const { response, request, url } = options;
    const { status } = response;
    if (status !== 200) {
      response.body?.cancel().catch(() => undefined);
      throw this.#refusal({ status, isPush: isPush(url) });
    }
    return {
      url: request.url,
      method: request.method,
      statusCode: status,
      statusMessage: response.statusText,
      headers: Object.fromEntries(response.headers),
      body: inOnePart(await this.#read(response)),
    };
  }

  /**
   * Reads the whole answer before the library sees any of it: of a stream that
   * breaks off in the middle it takes what there was for all there is.
   */
  async #read(response: Response): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of response.body ?? []) {
        this.#bytes += chunk.length;
        if (this.#bytes > this.#mostBytes) {
          throw this.#unavailable(
            `is larger than the ${Math.floor(
              this.#mostBytes / 1024 / 1024,
            )} MiB that the portal reads`,
          );
        }
        chunks.push(chunk);
      }
    } catch (error) {
      this.#signal.throwIfAborted();
      throw error instanceof GitOpsError
        ? error
        : this.#unavailable(`broke off its answer${codeOf(error)}`);
    }
    return Buffer.concat(chunks);
  }

  #refusal(options: { status: number; isPush: boolean }): GitOpsError {
    const { status, isPush: push } = options;
    const { url } = this.#repository;
    switch (status) {
      case 203: // How Azure DevOps shows a page to sign in
      case 401:
        return new GitOpsError({
          kind: 'forbidden',
          message: `The repository ${url} does not accept the portal's credential. Whoever runs the portal can renew it in delivery.gitops.credentials.`,
        });
      case 403:
        return new GitOpsError({
          kind: 'forbidden',
          message: `The portal's account may not ${
            push ? 'write to' : 'read'
          } the repository ${url}.`,
        });
      case 404:
      case 410:
        return new GitOpsError({
          kind: 'not-found',
          message: `There is no repository ${url}, or the portal's account may not see it.`,
        });
      default:
        return this.#unavailable(`answered with the status ${status}`);
    }
  }

  #unavailable(what: string): GitOpsError {
    return new GitOpsError({
      kind: 'unavailable',
      message: `The repository ${this.#repository.url} ${what}.`,
    });
  }
}

/** Takes a credential out of a text that a server wrote, should it echo one. */
export function withoutSecrets(
  text: string,
  credential: GitCredential,
): string {
  const { username, token } = credential;
  return [
    token,
    encodeURIComponent(token),
    Buffer.from(`${username}:${token}`).toString('base64'),
  ].reduce((cleaned, secret) => cleaned.replaceAll(secret, '***'), text);
}

function isPush(url: string): boolean {
  return url.includes('git-receive-pack');
}

async function readAll(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* inOnePart(body: Buffer): AsyncIterableIterator<Uint8Array> {
  yield body;
}

/** Node's own code of a failed connection, such as `ECONNREFUSED`. */
function codeOf(error: unknown): string {
  const cause: unknown = isError(error) ? error.cause : undefined;
  const code: unknown =
    typeof cause === 'object' && cause !== null && 'code' in cause
      ? cause.code
      : undefined;
  return typeof code === 'string' && /^[A-Z_0-9]{3,50}$/.test(code)
    ? ` (${code})`
    : '';
}
