import { ArgoCdError } from './ArgoCdError';

/**
 * Turns what the HTTP client throws into an error with a reason in words. The
 * original is not kept as its cause: clients put request headers, and so the
 * token, into some of theirs.
 */
export function describeNetworkError(options: {
  error: unknown;
  /** Host and port that was tried. */
  host: string;
}): ArgoCdError {
  const { error, host } = options;
  const code = codeOf(error);
  const timedOut = timeoutText(error, code, host);
  if (timedOut) {
    return new ArgoCdError({ kind: 'timeout', message: timedOut });
  }
  return new ArgoCdError({
    kind: 'unreachable',
    message: connectionText(code, host),
  });
}

/**
 * The first code among an error and its causes. By shape and not by class,
 * because errors of Node's own core may come from another realm.
 */
function codeOf(error: unknown): string | undefined {
  let current = error;
  for (let depth = 0; isObject(current) && depth < 5; depth += 1) {
    if (typeof current.code === 'string') {
      return current.code;
    }
    current = current.cause;
  }
  return undefined;
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

function timeoutText(
  error: unknown,
  code: string | undefined,
  host: string,
): string | undefined {
  if (isObject(error) && error.name === 'TimeoutError') {
    return `No answer from ${host} in time`;
  }
  switch (code) {
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `No connection to ${host} in time`;
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return `No answer from ${host} in time`;
    default:
      return undefined;
  }
}

function connectionText(code: string | undefined, host: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing listens at ${host} (connection refused)`;
    case 'ENOTFOUND':
      return `The name of ${host} does not exist (DNS)`;
    case 'EAI_AGAIN':
      return `The name of ${host} cannot be looked up now (DNS)`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no route to ${host}`;
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return `The connection to ${host} was cut`;
    case 'CERT_HAS_EXPIRED':
      return `The TLS certificate of ${host}, or of its authority, has expired: renew it there`;
    case 'CERT_NOT_YET_VALID':
      return `The TLS certificate of ${host} is not valid yet: check the clocks of both machines`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The TLS certificate of ${host} is for another name: use the name that it is for in the url of the instance`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_SIGNATURE_FAILURE':
      return `The TLS certificate of ${host} is not signed by an authority that this backend trusts: give the certificate of its authority as caData or caFile of the instance`;
    case 'UND_ERR_ABORTED':
    case 'UND_ERR_PRX_TLS':
      return `The HTTP proxy lets no connection to ${host} through: check HTTPS_PROXY and NO_PROXY`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return `${host} does not speak TLS there: check whether the URL is http or https`;
    default:
      return code?.startsWith('HPE_')
        ? `What answers at ${host} does not speak HTTP as expected: check whether the URL is http or https`
        : `The connection to ${host} failed${code ? ` (${code})` : ''}`;
  }
}
