import { CustomErrorBase } from '@backstage/errors';

/** The codes of gRPC that Argo CD answers with. */
export const GRPC = {
  canceled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** HTTP statuses by gRPC code, as Argo CD's gateway maps them. */
const HTTP_STATUS: Readonly<Record<number, number>> = {
  1: 408,
  2: 500,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  12: 501,
  13: 500,
  14: 503,
  16: 401,
};

/** Names of the HTTP statuses above, for errors inside a stream. */
const HTTP_NAME: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** An answer that is not 200. */
export class ArgoCdError extends CustomErrorBase {
  name = 'ArgoCdError' as const;
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }

  get httpStatus(): number {
    return HTTP_STATUS[this.code] ?? 500;
  }

  /** Body of an ordinary answer. */
  toBody(): { error: string; code: number; message: string } {
    return { error: this.message, code: this.code, message: this.message };
  }

  /** What a stream that is already open sends before it ends. */
  toStreamBody() {
    return {
      error: {
        grpc_code: this.code,
        http_code: this.httpStatus,
        message: this.message,
        http_status: HTTP_NAME[this.httpStatus] ?? '',
      },
    };
  }
}

/** Any thrown value as an answer; plain errors are code 2, as in Go. */
export function toArgoCdError(error: unknown): ArgoCdError {
  if (error instanceof ArgoCdError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ArgoCdError(GRPC.unknown, message);
}
