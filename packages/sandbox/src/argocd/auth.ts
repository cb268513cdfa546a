import { randomUUID, timingSafeEqual } from 'node:crypto';
import { NotFoundError } from '@backstage/errors';
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import { ArgoCdError, GRPC } from './errors';
import { ArgoCdSecrets } from './state/secrets';

/** What an account may do. */
export type Role = 'readonly' | 'operator' | 'admin';

/** Local accounts and their roles. */
const ACCOUNTS: Readonly<Record<string, Role>> = {
  'portal-read': 'readonly',
  'portal-act': 'operator',
  admin: 'admin',
};

/** Who a request comes from. */
export interface Session {
  readonly username: string;
  readonly role: Role;
  /** Seconds since 1970. */
  readonly issuedAt: number;
}

/** A header or cookie as a request carries it. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/** Issues and checks the tokens of one Argo CD. */
export class TokenService {
  static create(options: {
    secrets: ArgoCdSecrets;
    tokenSeconds: number;
  }): TokenService {
    return new TokenService(options);
  }

  readonly #key: Uint8Array;
  readonly #password: string;
  readonly #tokenSeconds: number;
  /** While set, tokens that are not in it count as expired. */
  #stillGood: Set<string> | undefined;

  private constructor(options: {
    secrets: ArgoCdSecrets;
    tokenSeconds: number;
  }) {
    this.#key = new TextEncoder().encode(options.secrets.signingKey);
    this.#password = options.secrets.adminPassword;
    this.#tokenSeconds = options.tokenSeconds;
  }

  get expired(): boolean {
    return this.#stillGood !== undefined;
  }

  /** Every token issued until now counts as expired. */
  expireAll(): void {
    this.#stillGood = new Set();
  }

  /** Undoes {@link TokenService.expireAll}. */
  renewAll(): void {
    this.#stillGood = undefined;
  }

  /** @throws NotFoundError for an account that is not there. */
  async issue(account: string, expiresIn?: number): Promise<string> {
    if (!ACCOUNTS[account]) {
      throw new NotFoundError(
        `There is no account "${account}"; there are ${Object.keys(
          ACCOUNTS,
        ).join(' and ')}`,
      );
    }
    const id = randomUUID();
    const now = Math.floor(Date.now() / 1000);
    this.#stillGood?.add(id);
    return new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('argocd')
      .setSubject(`${account}:apiKey`)
      .setJti(id)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + (expiresIn ?? this.#tokenSeconds))
      .sign(this.#key);
  }

  /** A token for a name and password. */
  async login(username: string, password: string): Promise<string> {
    const given = Buffer.from(password);
    const wanted = Buffer.from(this.#password);
    const matches =
      username === 'admin' &&
      given.length === wanted.length &&
      timingSafeEqual(given, wanted);
    if (!matches) {
      throw new ArgoCdError(
        GRPC.unauthenticated,
        'Invalid username or password',
      );
    }
    return this.issue('admin', 24 * 3600);
  }

  /**
   * Who sends a request. A bearer value that is no JWT is ignored, as if it
   * were not there.
   *
   * @throws ArgoCdError 16
   */
  async authenticate(credentials: Credentials): Promise<Session> {
    const token = tokenOf(credentials);
    if (!token) {
      throw new ArgoCdError(GRPC.unauthenticated, 'no session information');
    }
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        issuer: 'argocd',
        algorithms: ['HS256'],
      });
      const [username = ''] = (payload.sub ?? '').split(':');
      const role = ACCOUNTS[username];
      if (!role) {
        throw invalid(`account ${username} does not exist`);
      }
      if (this.#stillGood && !this.#stillGood.has(payload.jti ?? '')) {
        throw invalid('token has invalid claims: token is expired');
      }
      return { username, role, issuedAt: payload.iat ?? 0 };
    } catch (error) {
      if (error instanceof ArgoCdError) throw error;
      throw invalid(
        error instanceof errors.JWTExpired
          ? 'token has invalid claims: token is expired'
          : 'token signature is invalid: signature is invalid',
      );
    }
  }
}

function invalid(reason: string): ArgoCdError {
  return new ArgoCdError(GRPC.unauthenticated, `invalid session: ${reason}`);
}

function tokenOf({ authorization, cookie }: Credentials): string | undefined {
  const [, bearer] = /^bearer\s+(.+)$/i.exec(authorization ?? '') ?? [];
  if (bearer && isJwt(bearer)) return bearer;
  // A long token is split over several cookies whose names are numbered.
  const parts = (cookie ?? '')
    .split(';')
    .map(part => part.trim())
    .filter(part => part.startsWith('argocd.token'))
    .map(part => part.slice(part.indexOf('=') + 1));
  const joined = parts.join('');
  return joined && isJwt(joined) ? joined : undefined;
}

function isJwt(text: string): boolean {
  try {
    decodeJwt(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a session may do something; readers may `get`. */
export function may(session: Session, action: string): boolean {
  switch (session.role) {
    case 'admin':
      return true;
    case 'readonly':
      return action === 'get';
    case 'operator':
      return action === 'get' || action === 'sync';
    default:
      throw new Error(`unknown role ${session.role satisfies never}`);
  }
}

/** The detailed refusal that a session gets for an object it may see. */
export function denied(
  session: Session,
  resource: string,
  action: string,
  object: string,
): ArgoCdError {
  const issued = new Date(session.issuedAt * 1000).toISOString().slice(0, 19);
  return new ArgoCdError(
    GRPC.permissionDenied,
    `permission denied: ${resource}, ${action}, ${object}, sub: ${session.username}, iat: ${issued}Z`,
  );
}
