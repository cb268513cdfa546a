import { deliveryErrorCode } from './deliveryErrorCode';

/**
 * Whether the backend no longer knows who asks: the session has ended. Asking
 * again does not help; signing in again does.
 *
 * @public
 */
export function isSessionEnded(error: unknown): boolean {
  return statusOf(error) === 401 && deliveryErrorCode(error) === undefined;
}

/**
 * What the delivery backend says of a refusal, as sentences for people.
 * `undefined` for errors that are not its own: their messages are for logs.
 *
 * @public
 */
export function deliveryErrorMessage(error: unknown): string | undefined {
  if (deliveryErrorCode(error) === undefined) {
    return undefined;
  }
  const message = property(
    property(property(error, 'body'), 'error'),
    'message',
  );
  return typeof message === 'string' && message !== '' ? message : undefined;
}

/**
 * Whether nobody can say if a request arrived: no answer came, or one that the
 * delivery backend did not make (a proxy's, or that of a crash). Every other
 * error is an answer, and means that nothing was done.
 */
export function isLost(error: unknown): boolean {
  const status = statusOf(error);
  return (
    status === undefined ||
    (status >= 500 && deliveryErrorCode(error) === undefined)
  );
}

// Read by shape, not by class, as deliveryErrorCode does.
function statusOf(error: unknown): number | undefined {
  const status = property(error, 'statusCode');
  return typeof status === 'number' ? status : undefined;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Reflect.get(value, key)
    : undefined;
}
