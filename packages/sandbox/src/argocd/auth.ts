import { randomUUID, timingSafeEqual } from 'node:crypto';
import { NotFoundError } from '@backstage/errors';
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import { ArgoCdError, GRPC } from './errors';
import { AccessRequest, projectRoleOf } from './rbac';
import { ArgoCdSecrets } from './state/secrets';
import { ProjectToken } from './wire';

/** Local accounts; the policy says what each one may do. */
const ACCOUNTS: readonly string[] = ['portal-read', 'portal-act', 'admin'];

/** Who a request comes from. */
export interface Session {
  /** Name of an account, or `proj:<project>:<role>`. */
  readonly username: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
}

/** A header or cookie as a request carries it. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/** What {@link TokenService} needs. */
export interface TokenServiceOptions {
  readonly secrets: ArgoCdSecrets;
  readonly tokenSeconds: number;
  /** Whether a role of a project still has a token of this id. */
  readonly hasRoleToken: (token: {
    project: string;
    role: string;
    id: string;
  }) => boolean;
}

/** Issues and checks the tokens of one Argo CD. */
export class TokenService {
  static create(options: TokenServiceOptions): TokenService {
    return new TokenService(options);
  }

  readonly #key: Uint8Array;
  readonly #password: string;
  readonly #tokenSeconds: number;
  readonly #hasRoleToken: TokenServiceOptions['hasRoleToken'];
  /** While set, tokens that are not in it count as expired. */
  #stillGood: Set<string> | undefined;

  private constructor(options: TokenServiceOptions) {
    this.#key = new TextEncoder().encode(options.secrets.signingKey);
    this.#password = options.secrets.adminPassword;
    this.#tokenSeconds = options.tokenSeconds;
    this.#hasRoleToken = options.hasRoleToken;
  }

  get expired(): boolean {
    return this.#stillGood !== undefined;
  }

  /** Names of the local accounts. */
  readonly accounts = ACCOUNTS;

  /** Every token issued until now counts as expired. */
  expireAll(): void {
    this.#stillGood = new Set();
  }

  /** Undoes {@link TokenService.expireAll}. */
  renewAll(): void {
    this.#stillGood = undefined;
  }

  /**
   * A token of an account. `expiresIn` is in seconds; 0: it never expires.
   *
   * @throws NotFoundError for an account that is not there.
   */
  async issue(account: string, expiresIn?: number): Promise<string> {
    if (!ACCOUNTS.includes(account)) {
      throw new NotFoundError(
        `There is no account "${account}"; there are ${ACCOUNTS.join(', ')}`,
      );
    }
    const { token } = await this.#sign({
      subject: `${account}:apiKey`,
      expiresIn: expiresIn ?? this.#tokenSeconds,
    });
    return token;
  }

  /** A token of a role of a project, and what the project keeps of it. */
  issueForRole(options: {
    project: string;
    role: string;
    /** Seconds; 0: never. */
    expiresIn: number;
    id?: string;
  }): Promise<{ token: string; kept: ProjectToken }> {
    const { project, role, expiresIn, id } = options;
    return this.#sign({ subject: `proj:${project}:${role}`, expiresIn, id });
  }

  async #sign(options: {
    subject: string;
    expiresIn: number;
    id?: string;
  }): Promise<{ token: string; kept: ProjectToken }> {
    const { subject, expiresIn, id = randomUUID() } = options;
    const iat = Math.floor(Date.now() / 1000);
    const exp = expiresIn > 0 ? iat + expiresIn : undefined;
    this.#stillGood?.add(id);
    const jwt = new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('argocd')
      .setSubject(subject)
      .setJti(id)
      .setIssuedAt(iat)
      .setNotBefore(iat);
    if (exp !== undefined) jwt.setExpirationTime(exp);
    return {
      token: await jwt.sign(this.#key),
      kept: { id, iat, ...(exp === undefined ? {} : { exp }) },
    };
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
      const { sub = '', jti: id = '', iat: issuedAt = 0 } = payload;
      const username = sub.replace(/:apiKey$/, '');
      const role = projectRoleOf(username);
      if (role && !this.#hasRoleToken({ ...role, id })) {
        throw invalid(
          `token of role ${role.role} does not exist in project ${role.project}`,
        );
      }
      if (!role && !ACCOUNTS.includes(username)) {
        throw invalid(`account ${username} does not exist`);
      }
      if (this.#stillGood && !this.#stillGood.has(id)) {
        throw invalid('token has invalid claims: token is expired');
      }
      return { username, issuedAt };
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

/** The refusal that tells a session everything, as Argo CD words it. */
export function denied(session: Session, request: AccessRequest): ArgoCdError {
  const { resource, action, object } = request;
  const issued = new Date(session.issuedAt * 1000).toISOString().slice(0, 19);
  return new ArgoCdError(
    GRPC.permissionDenied,
    `permission denied: ${resource}, ${action}, ${object}, sub: ${session.username}, iat: ${issued}Z`,
  );
}
