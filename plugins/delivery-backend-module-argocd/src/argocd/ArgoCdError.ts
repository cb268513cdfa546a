import { CustomErrorBase } from '@backstage/errors';

/**
 * What went wrong with a request to Argo CD, as far as a caller may branch on
 * it.
 *
 * - `unauthenticated`: the credential is not accepted (401, or code 16).
 * - `login-refused`: Argo CD refused user name and password, or had too many
 *   logins: it gives the same answer for both.
 * - `forbidden`: the credential may not do this.
 * - `not-found`: it does not exist.
 * - `not-found-or-forbidden`: Argo CD answers 403 for an application that does
 *   not exist as well, unless its project was named.
 * - `blocked-by-sync-window`: a sync window forbids it now.
 * - `operation-in-progress`: the application has an operation already, running or
 *   queued (code 9).
 * - `conflict`: the state does not allow it now (code 9), or somebody else
 *   changed the object at the same moment (code 10).
 * - `invalid-request`: Argo CD does not understand the request.
 * - `unsupported`: this server does not have that function.
 * - `rate-limited`: too many requests.
 * - `unavailable`: the server, or a gateway before it, is not able to answer.
 * - `server-error`: the server failed.
 * - `timeout`: no answer in time.
 * - `unreachable`: no connection.
 * - `unexpected-answer`: something answered that is not an Argo CD API: a web
 *   page, a redirect, broken JSON.
 */
export type ArgoCdErrorKind =
  | 'unauthenticated'
  | 'login-refused'
  | 'forbidden'
  | 'not-found'
  | 'not-found-or-forbidden'
  | 'blocked-by-sync-window'
  | 'operation-in-progress'
  | 'conflict'
  | 'invalid-request'
  | 'unsupported'
  | 'rate-limited'
  | 'unavailable'
  | 'server-error'
  | 'timeout'
  | 'unreachable'
  | 'unexpected-answer';

/**
 * A request to Argo CD failed. The message is a sentence for people; it holds
 * neither the credential nor what Argo CD says of its owner.
 */
export class ArgoCdError extends CustomErrorBase {
  name = 'ArgoCdError' as const;

  readonly kind: ArgoCdErrorKind;

  /** HTTP status, or `undefined` when there was no answer. */
  readonly httpStatus?: number;

  /** gRPC code of the answer, where it carried one. */
  readonly code?: number;

  /** The same request may succeed later without anybody changing anything. */
  readonly retryable: boolean;

  constructor(options: {
    kind: ArgoCdErrorKind;
    message: string;
    httpStatus?: number;
    code?: number;
    retryable?: boolean;
    cause?: unknown;
  }) {
    super(options.message, options.cause);
    this.kind = options.kind;
    this.httpStatus = options.httpStatus;
    this.code = options.code;
    this.retryable = options.retryable ?? isRetryable(options.kind);
  }
}

/** Whether a value is an {@link ArgoCdError}, by name as errors are compared. */
export function isArgoCdError(error: unknown): error is ArgoCdError {
  return error instanceof Error && error.name === 'ArgoCdError';
}

/** Whether an error says that the credential itself is not accepted. */
export function isCredentialRefusal(error: unknown): error is ArgoCdError {
  return (
    isArgoCdError(error) &&
    (error.kind === 'unauthenticated' || error.kind === 'login-refused')
  );
}

function isRetryable(kind: ArgoCdErrorKind): boolean {
  switch (kind) {
    case 'rate-limited':
    case 'unavailable':
    case 'server-error':
    case 'timeout':
    case 'unreachable':
      return true;
    case 'unauthenticated':
    case 'login-refused':
    case 'forbidden':
    case 'not-found':
    case 'not-found-or-forbidden':
    case 'blocked-by-sync-window':
    case 'operation-in-progress':
    case 'conflict':
    case 'invalid-request':
    case 'unsupported':
    case 'unexpected-answer':
      return false;
    default:
      return exhausted(kind);
  }
}

function exhausted(kind: never): never {
  throw new TypeError(`Unknown kind of error '${kind}'`);
}
