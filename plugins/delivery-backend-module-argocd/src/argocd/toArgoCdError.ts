import { ArgoCdError, ArgoCdErrorKind } from './ArgoCdError';

/** An answer that is not a success, with as much of its body as matters. */
export type FailedAnswer = {
  httpStatus: number;
  /** gRPC code, from the body of the answer or the error frame of a stream. */
  code?: number;
  /** Argo CD's own words. Never shown for 401 and 403: they name the account. */
  message?: string;
  /** The request named the application's project. */
  projectGiven?: boolean;
  /** Text that must not appear in a message, such as the token. */
  secrets?: readonly string[];
};

/** How much of Argo CD's own words goes into a message, in characters. */
const LONGEST_DETAIL = 200;

/**
 * Turns an answer into an error. The gRPC code decides where there is one,
 * because one HTTP status stands for several of them: 400 is a wrong request
 * (3) as well as a state that does not allow it now (9).
 */
export function toArgoCdError(answer: FailedAnswer): ArgoCdError {
  const kind = kindOf(answer);
  return new ArgoCdError({
    kind,
    message: messageOf(kind, answer),
    httpStatus: answer.httpStatus,
    code: answer.code,
    // Somebody else wrote the object between Argo CD's read and write.
    retryable: answer.code === 10 ? true : undefined,
  });
}

function kindOf(answer: FailedAnswer): ArgoCdErrorKind {
  switch (answer.code) {
    case 3:
      return 'invalid-request';
    case 5:
      return 'not-found';
    case 7:
      return kindOfDenial(answer);
    case 9:
      return /another operation is already in progress/i.test(
        answer.message ?? '',
      )
        ? 'operation-in-progress'
        : 'conflict';
    case 6:
    case 10:
      return 'conflict';
    case 1:
    case 4:
      return 'timeout';
    case 8:
      return 'rate-limited';
    case 12:
      return 'unsupported';
    case 14:
      return 'unavailable';
    case 16:
      return 'unauthenticated';
    case 2:
      // A plain error of Go, which has no code of its own: a wait that ended is
      // told by its words only.
      return /deadline exceeded|context canceled/i.test(answer.message ?? '')
        ? 'timeout'
        : 'server-error';
    case 13:
      return 'server-error';
    default:
      return kindOfStatus(answer);
  }
}

function kindOfDenial(answer: FailedAnswer): ArgoCdErrorKind {
  if (/blocked by sync window/i.test(answer.message ?? '')) {
    return 'blocked-by-sync-window';
  }
  return answer.projectGiven === false ? 'not-found-or-forbidden' : 'forbidden';
}

function kindOfStatus(answer: FailedAnswer): ArgoCdErrorKind {
  const { httpStatus } = answer;
  if (httpStatus >= 300 && httpStatus < 400) {
    return 'unexpected-answer';
  }
  switch (httpStatus) {
    case 400:
    case 405:
    case 415:
      return 'invalid-request';
    case 401:
      return 'unauthenticated';
    case 403:
      return kindOfDenial(answer);
    case 404:
      // A missing application comes with code 5. Without one, it is a gateway
      // or a server that does not know the path.
      return 'unexpected-answer';
    case 408:
    case 504:
      return 'timeout';
    case 409:
      return 'conflict';
    case 429:
      return 'rate-limited';
    case 501:
      return 'unsupported';
    case 502:
    case 503:
      return 'unavailable';
    default:
      return httpStatus >= 500 ? 'server-error' : 'unexpected-answer';
  }
}

function messageOf(kind: ArgoCdErrorKind, answer: FailedAnswer): string {
  const status = `HTTP ${answer.httpStatus}`;
  const detail = detailOf(answer);
  switch (kind) {
    case 'unauthenticated':
      return `Argo CD does not accept the credential (${status}): it may be expired, revoked or not a token of this server`;
    case 'login-refused':
      return `Argo CD refused the login (${status})`;
    case 'forbidden':
      return `Argo CD does not allow this to the configured account (${status})`;
    case 'not-found':
      return `Argo CD does not have it (${status})`;
    case 'not-found-or-forbidden':
      return `Not found, or no access: Argo CD does not say which (${status})`;
    case 'blocked-by-sync-window':
      return `A sync window of Argo CD forbids this now (${status})`;
    case 'operation-in-progress':
      return `Another operation is already in progress (${status})`;
    case 'conflict':
      return `The state of the application does not allow this now (${status})${detail}`;
    case 'invalid-request':
      return `Argo CD did not understand the request (${status})${detail}`;
    case 'unsupported':
      return `This version of Argo CD does not have that function (${status})`;
    case 'rate-limited':
      return `Argo CD asks for fewer requests (${status})`;
    case 'unavailable':
      return `Argo CD is not available (${status})${detail}`;
    case 'server-error':
      return `Argo CD failed (${status})${detail}`;
    case 'timeout':
      return `Argo CD did not finish in time (${status})`;
    case 'unexpected-answer':
      return `What answers is not the API of Argo CD (${status}): check the URL, with the path of its --rootpath if it has one`;
    case 'unreachable':
      return 'Argo CD cannot be reached';
    default:
      return kind satisfies never;
  }
}

function detailOf(answer: FailedAnswer): string {
  let text = (answer.message ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim();
  for (const secret of answer.secrets ?? []) {
    if (secret) {
      text = text.split(secret).join('[redacted]');
    }
  }
  if (!text) {
    return '';
  }
  return text.length > LONGEST_DETAIL
    ? `: ${text.slice(0, LONGEST_DETAIL)}…`
    : `: ${text}`;
}
