import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { startProgram } from '../__testUtils__/childProcess';
import type { RunningProgram } from '../__testUtils__/childProcess';
import { CookieJar } from '../__testUtils__/cookieJar';
import { temporaryFolder } from '../__testUtils__/temporaryFolder';
import { createModel } from '../model';

jest.setTimeout(60_000);

const redirectUri = 'http://localhost:7007/api/auth/oidc/handler/frame';
const basic = `Basic ${Buffer.from('portal:secret-of-the-portal').toString(
  'base64',
)}`;

describe('DefaultOidcServer', () => {
  const folder = temporaryFolder();
  let program: RunningProgram<{ url: string }>;
  let url: string;

  async function start(port = 0): Promise<void> {
    program = await startProgram({
      file: require.resolve('./__testUtils__/serve.ts'),
      args: [folder.path('oidc'), String(port)],
    });
    url = program.ready.url;
  }

  beforeAll(() => start());
  afterAll(async () => {
    await program.stop();
  });

  function authorizationUrl(options?: {
    challenge?: string;
    redirect?: string;
  }): string {
    const query = new URLSearchParams({
      client_id: 'portal',
      redirect_uri: options?.redirect ?? redirectUri,
      response_type: 'code',
      scope: 'openid profile email',
      state: 'some-state',
      prompt: 'login',
      code_challenge: options?.challenge ?? 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    return `${url}/auth?${query}`;
  }

  async function openSignInPage(jar: CookieJar, challenge?: string) {
    const redirected = await jar.fetch(authorizationUrl({ challenge }));
    expect(redirected.status).toBe(303);
    const page = new URL(redirected.headers.get('location') ?? '', url);
    return { page: page.href, response: await jar.fetch(page.href) };
  }

  /** What the browser and then Backstage do, from the button to the tokens. */
  async function signIn(options: { account: string; jar?: CookieJar }) {
    const jar = options.jar ?? new CookieJar();
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const { page } = await openSignInPage(jar, challenge);
    const chosen = await jar.fetch(page, {
      method: 'POST',
      body: new URLSearchParams({ account: options.account }),
    });
    const resumed = await followForms(
      jar,
      await jar.fetch(new URL(chosen.headers.get('location') ?? '', url).href),
    );
    const answer = new URL(resumed.headers.get('location') ?? '', url);
    const code = answer.searchParams.get('code') ?? '';
    const tokens = await requestTokens({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
    return { answer, tokens };
  }

  /** Sends forms that a page sends by itself, and follows where they lead. */
  async function followForms(
    jar: CookieJar,
    response: Response,
  ): Promise<Response> {
    if (response.status !== 200) {
      return response;
    }
    const html = await response.text();
    const action = /action="([^"]+)"/.exec(html)?.[1] ?? '';
    const inputs = [...html.matchAll(/name="([^"]+)" value="([^"]+)"/g)];
    const sent = await jar.fetch(action, {
      method: 'POST',
      body: new URLSearchParams(inputs.map(([, name, value]) => [name, value])),
    });
    return jar.fetch(new URL(sent.headers.get('location') ?? '', url).href);
  }

  async function requestTokens(body: Record<string, string>) {
    const response = await fetch(`${url}/token`, {
      method: 'POST',
      headers: { authorization: basic },
      body: new URLSearchParams(body),
    });
    return { status: response.status, ...(await response.json()) };
  }

  it('publishes its metadata under its own URL', async () => {
    const response = await fetch(`${url}/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      issuer: url,
      authorization_endpoint: `${url}/auth`,
      token_endpoint: `${url}/token`,
    });
  });

  it('signs a person in whose verified address the portal can resolve', async () => {
    const { answer, tokens } = await signIn({ account: 'tomas.okafor' });
    expect(`${answer.origin}${answer.pathname}`).toBe(redirectUri);
    expect(answer.searchParams.get('state')).toBe('some-state');
    const verified = await jwtVerify(
      tokens.id_token,
      createRemoteJWKSet(new URL(`${url}/jwks`)),
      { issuer: url, audience: 'portal' },
    );
    expect(verified.payload).toMatchObject({
      sub: 'tomas.okafor',
      name: 'Tomas Okafor',
      email: 'tomas.okafor@slipway.example',
      email_verified: true,
    });
    const userinfo = await fetch(`${url}/me`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(await userinfo.json()).toMatchObject({
      email: 'tomas.okafor@slipway.example',
      email_verified: true,
      groups: ['checkout-team'],
    });
  });

  it('lets four tabs use the same refresh token again and again', async () => {
    const { tokens } = await signIn({ account: 'priya.raman' });
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () =>
          requestTokens({
            grant_type: 'refresh_token',
            refresh_token: tokens.refresh_token,
          }),
        ),
      );
      expect(answers.map(answer => answer.status)).toEqual([
        200, 200, 200, 200,
      ]);
    }
  });

  it('signs another person in with the same browser', async () => {
    const jar = new CookieJar();
    const first = await signIn({ account: 'vera.lindqvist', jar });
    const second = await signIn({ account: 'helena.brandt', jar });
    expect(decodeJwt(first.tokens.id_token).sub).toBe('vera.lindqvist');
    expect(decodeJwt(second.tokens.id_token).sub).toBe('helena.brandt');
  });

  it('shows every persona with role and address on an accessible page', async () => {
    const { response } = await openSignInPage(new CookieJar());
    const html = await response.text();
    const { people } = createModel();
    const personas = people.filter(person => person.persona);
    expect(
      people.filter(person => html.includes(`value="${person.name}"`)),
    ).toEqual(personas);
    for (const person of personas) {
      expect(html).toContain(person.email);
      expect(html).toContain(person.persona?.title);
    }
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('<main>');
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain('width=device-width');
    expect(html).not.toMatch(/<script|https?:\/\/(?!localhost)/);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'nonce-/,
    );
  });

  it('tells the portal when somebody goes back without signing in', async () => {
    const jar = new CookieJar();
    const { page } = await openSignInPage(jar);
    const chosen = await jar.fetch(page, {
      method: 'POST',
      body: new URLSearchParams({ cancel: 'yes' }),
    });
    const resumed = await jar.fetch(
      new URL(chosen.headers.get('location') ?? '', url).href,
    );
    const answer = new URL(resumed.headers.get('location') ?? '', url);
    expect(answer.searchParams.get('error')).toBe('access_denied');
  });

  it.each(['jonas.weber', 'nobody', ''])(
    'signs nobody in as %p, who is no persona',
    async account => {
      const jar = new CookieJar();
      const { page } = await openSignInPage(jar);
      const response = await jar.fetch(page, {
        method: 'POST',
        body: new URLSearchParams({ account }),
      });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('Go back to the portal');
    },
  );

  it('says what to do when the page of another browser is opened', async () => {
    const { page } = await openSignInPage(new CookieJar());
    const response = await new CookieJar().fetch(page);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('sign in again');
  });

  it('sends nobody to another site', async () => {
    const response = await new CookieJar().fetch(
      authorizationUrl({ redirect: 'https://evil.example/frame' }),
    );
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('redirect_uri');
  });

  it('refuses a client with a wrong secret', async () => {
    const response = await fetch(`${url}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('portal:wrong').toString(
          'base64',
        )}`,
      },
      body: new URLSearchParams({ grant_type: 'refresh_token' }),
    });
    expect(response.status).toBe(401);
  });

  it('forgets a person with all of their tokens, and nobody else', async () => {
    const gone = await signIn({ account: 'tomas.okafor' });
    const other = await signIn({ account: 'priya.raman' });
    const ended = once(program.child, 'message');
    program.child.send({ type: 'end', person: 'tomas.okafor' });
    const [{ count }] = await ended;
    expect(count).toBeGreaterThan(2);
    const renew = (tokens: { refresh_token: string }) =>
      requestTokens({
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token,
      });
    expect(await renew(gone.tokens)).toMatchObject({
      status: 400,
      error: 'invalid_grant',
    });
    expect(await renew(other.tokens)).toMatchObject({ status: 200 });
    const userinfo = await fetch(`${url}/me`, {
      headers: { authorization: `Bearer ${gone.tokens.access_token}` },
    });
    expect(userinfo.status).toBe(401);
    const again = await signIn({ account: 'tomas.okafor' });
    expect(again.tokens.status).toBe(200);
  });

  it('signs in somebody whom the catalog does not know', async () => {
    const { tokens } = await signIn({ account: 'casey.quinn' });
    expect(decodeJwt(tokens.id_token)).toMatchObject({
      email: 'casey.quinn@slipway.example',
      groups: [],
    });
  });

  it('keeps people signed in when it is started again', async () => {
    const { tokens } = await signIn({ account: 'marco.silva' });
    const port = Number(new URL(url).port);
    expect(await program.stop()).toBe(0);
    await start(port);
    const again = await requestTokens({
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    });
    expect(again.status).toBe(200);
    expect(decodeJwt(again.id_token).sub).toBe('marco.silva');
  });
});
