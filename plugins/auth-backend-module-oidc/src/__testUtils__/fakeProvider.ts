import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, KeyLike, SignJWT } from 'jose';

/** Claims of the person who signs in. */
export type Claims = { sub: string } & Record<string, unknown>;

/**
 * An OpenID provider as small as one can be: metadata, keys, tokens, userinfo,
 * revocation. The test plays the person's browser and the sign-in page.
 */
export class FakeProvider {
  static async start(): Promise<FakeProvider> {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const provider = new FakeProvider(privateKey, {
      ...(await exportJWK(publicKey)),
      kid: 'key',
      alg: 'RS256',
      use: 'sig',
    });
    await provider.listen();
    return provider;
  }

  claims: Claims = { sub: 'ada' };
  /** Whether refresh tokens are honoured. */
  sessionIsAlive = true;
  /** What every path answers instead, if anything. */
  brokenWith: number | undefined;
  readonly revoked: string[] = [];

  readonly #privateKey: KeyLike;
  readonly #publicJwk: object;
  #server: Server | undefined;
  #port = 0;
  #nonce: string | undefined;

  private constructor(privateKey: KeyLike, publicJwk: object) {
    this.#privateKey = privateKey;
    this.#publicJwk = publicJwk;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** The nonce of the sign-in that the test is about to finish. */
  willBeAskedWith(nonce: string): void {
    this.#nonce = nonce;
  }

  /** Listens, on the same port as before if it did so already. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request).then(
        ({ status, body }) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(JSON.stringify(body));
        },
        error => response.writeHead(500).end(String(error)),
      );
    });
    await new Promise<void>(done =>
      server.listen(this.#port, 'localhost', done),
    );
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise(done => (server ? server.close(done) : done(undefined)));
  }

  async #answer(
    request: IncomingMessage,
  ): Promise<{ status: number; body: unknown }> {
    const { pathname } = new URL(request.url ?? '/', this.url);
    const form = new URLSearchParams(await bodyOf(request));
    if (this.brokenWith) {
      return { status: this.brokenWith, body: { error: 'broken' } };
    }
    switch (pathname) {
      case '/.well-known/openid-configuration':
        return {
          status: 200,
          body: {
            issuer: this.url,
            authorization_endpoint: `${this.url}/authorize`,
            token_endpoint: `${this.url}/token`,
            userinfo_endpoint: `${this.url}/userinfo`,
            jwks_uri: `${this.url}/keys`,
            revocation_endpoint: `${this.url}/revoke`,
            end_session_endpoint: `${this.url}/end`,
          },
        };
      case '/keys':
        return { status: 200, body: { keys: [this.#publicJwk] } };
      case '/token':
        if (
          form.get('grant_type') === 'refresh_token' &&
          !this.sessionIsAlive
        ) {
          return { status: 400, body: { error: 'invalid_grant' } };
        }
        return {
          status: 200,
          body: {
            access_token: 'access',
            refresh_token: 'refresh-token-of-ada',
            token_type: 'Bearer',
            expires_in: 3600,
            scope: 'openid profile email',
            id_token: await this.#idToken(),
          },
        };
      case '/userinfo':
        return { status: 200, body: this.claims };
      case '/revoke':
        this.revoked.push(form.get('token') ?? '');
        return { status: 200, body: {} };
      default:
        return { status: 404, body: {} };
    }
  }

  #idToken(): Promise<string> {
    return new SignJWT({ ...this.claims, nonce: this.#nonce })
      .setProtectedHeader({ alg: 'RS256', kid: 'key' })
      .setIssuer(this.url)
      .setAudience('portal')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(this.#privateKey);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
