import { randomBytes } from 'node:crypto';
import type {
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import { InputError, isError, toError } from '@backstage/errors';
import type Provider from 'oidc-provider';
import { listenOnLoopback } from '../http/loopback';
import type { LoopbackServer } from '../http/loopback';
import type { Group, Person } from '../model';
import {
  interactionPath,
  oidcConfiguration,
  redirectUriOf,
} from './configuration';
import { loadOidcKeys } from './keys';
import { problemPage, signInPage } from './pages';
import type { Page } from './pages';
import { OidcStorage } from './storedAdapter';

/** The longest form that the sign-in page sends, in bytes. */
const LONGEST_FORM = 4096;

/** What an OpenID provider of the sandbox needs. */
export interface OidcServerOptions {
  /** Folder for keys and sessions; created when missing. */
  directory: string;
  /** Base URLs of the portals that may sign people in. */
  portalUrls: readonly string[];
  clientId: string;
  clientSecret: string;
  /** Everyone of the model; those with a persona can sign in. */
  people: readonly Person[];
  groups: readonly Group[];
}

/** A real OpenID provider with one persona a role and its own sign-in page. */
export class DefaultOidcServer {
  static async create(options: OidcServerOptions): Promise<DefaultOidcServer> {
    const storage = await OidcStorage.open({
      file: join(options.directory, 'sessions.json'),
    });
    return new DefaultOidcServer({ options, storage });
  }

  readonly #options: OidcServerOptions;
  readonly #personas: readonly Person[];
  readonly #storage: OidcStorage;
  #server: LoopbackServer | undefined;

  private constructor(options: {
    options: OidcServerOptions;
    storage: OidcStorage;
  }) {
    this.#options = options.options;
    this.#storage = options.storage;
    this.#personas = this.#options.people.filter(person => person.persona);
  }

  /** The issuer, `http://localhost:<port>`; throws before {@link start}. */
  get url(): string {
    if (!this.#server) {
      throw new Error('The OpenID provider has not been started');
    }
    return this.#server.url;
  }

  /**
   * Listens and answers its metadata; port 0 lets the system choose.
   *
   * @throws ConflictError when the port is in use.
   */
  async start(options: { port: number }): Promise<void> {
    // The issuer is the server's own URL, so the port has to be known before
    // there is a provider.
    let handler: RequestListener = (_request, response) => {
      response.writeHead(503, { 'retry-after': '1' }).end('Starting\n');
    };
    this.#server = await listenOnLoopback({
      port: options.port,
      purpose: 'the OpenID provider',
      handler: (request, response) => handler(request, response),
    });
    const provider = await this.#createProvider();
    const callback = provider.callback();
    handler = (request, response) => {
      if (request.url?.startsWith('/interaction/')) {
        this.#interact({ provider, request, response }).catch(error =>
          this.#sendProblem({ response, error }),
        );
        return;
      }
      callback(request, response);
    };
  }

  /**
   * Ends every session of a person, as an administrator of the provider does:
   * their refresh tokens are worth nothing from now on.
   */
  async endSessions(person: string): Promise<number> {
    return this.#storage.forgetAccount(person);
  }

  /** Stops listening and saves who is signed in. */
  async stop(): Promise<void> {
    await this.#server?.close();
    await this.#storage.save();
  }

  async #createProvider(): Promise<Provider> {
    // The package is for `import` only, and that takes a second: only those
    // who start a provider pay for it.
    const { default: OidcProvider } = await import('oidc-provider');
    const { directory, clientId, clientSecret, portalUrls } = this.#options;
    return new OidcProvider(
      this.url,
      oidcConfiguration({
        client: {
          clientId,
          clientSecret,
          redirectUris: portalUrls.map(redirectUriOf),
        },
        personas: this.#personas,
        keys: await loadOidcKeys({ file: join(directory, 'keys.json') }),
        storage: this.#storage,
        createNonce,
      }),
    );
  }

  async #interact(options: {
    provider: Provider;
    request: IncomingMessage;
    response: ServerResponse;
  }): Promise<void> {
    const { provider, request, response } = options;
    const { uid } = await provider.interactionDetails(request, response);
    if (request.method === 'POST') {
      const form = await readForm(request);
      await provider.interactionFinished(
        request,
        response,
        this.#resultOf(form),
        { mergeWithLastSubmission: false },
      );
      return;
    }
    send({
      response,
      status: 200,
      page: signInPage({
        personas: this.#personas,
        groups: this.#options.groups,
        action: interactionPath(uid),
        nonce: createNonce(),
      }),
    });
  }

  #resultOf(form: URLSearchParams) {
    if (form.has('cancel')) {
      return {
        error: 'access_denied',
        error_description: 'You went back without signing in',
      };
    }
    const accountId = form.get('account') ?? '';
    if (!this.#personas.some(person => person.name === accountId)) {
      throw new InputError(`Nobody called '${accountId}' can sign in`);
    }
    return { login: { accountId } };
  }

  #sendProblem(options: { response: ServerResponse; error: unknown }): void {
    const { response, error } = options;
    const isExpired = isError(error) && error.name === 'SessionNotFound';
    if (response.headersSent) {
      response.destroy();
      return;
    }
    send({
      response,
      status: 400,
      page: problemPage({
        title: 'This sign-in is over',
        message: isExpired
          ? 'The page was open too long, or it was used already. Go back to the portal and sign in again.'
          : `${
              toError(error).message
            }. Go back to the portal and sign in again.`,
        nonce: createNonce(),
      }),
    });
  }
}

function send(options: {
  response: ServerResponse;
  status: number;
  page: Page;
}): void {
  options.response
    .writeHead(options.status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': options.page.contentSecurityPolicy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .end(options.page.html);
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LONGEST_FORM) {
      throw new InputError('The form is too long');
    }
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function createNonce(): string {
  return randomBytes(16).toString('base64');
}
