import {
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  DELIVERY_ERROR_CODES,
  DeliveryErrorCode,
} from '@slipway/plugin-delivery-common';

/** Puts a stable code on an error, which Backstage's error body then holds. */
function withCode<TError extends Error>(
  error: TError,
  code: DeliveryErrorCode,
): TError & { code: DeliveryErrorCode } {
  return Object.assign(error, { code });
}

/** There is no such entity, or the caller may not know that there is. */
export function entityNotFound(entityRef: string) {
  return withCode(
    new NotFoundError(`No entity ${entityRef} in the catalog`),
    DELIVERY_ERROR_CODES.entityNotFound,
  );
}

/** The caller may see the entity, but not where it runs. */
export function readNotAllowed(entityRef: string) {
  return withCode(
    new NotAllowedError(`You may not see the deployments of ${entityRef}`),
    DELIVERY_ERROR_CODES.readNotAllowed,
  );
}

/** The cursor is not from here, or for another query. */
export function invalidCursor() {
  return withCode(
    new InputError(
      'The cursor was not made for this query; begin again without one',
    ),
    DELIVERY_ERROR_CODES.invalidCursor,
  );
}

/** A parameter is not of its documented form. */
export function invalidParameter(message: string) {
  return withCode(
    new InputError(message),
    DELIVERY_ERROR_CODES.invalidParameter,
  );
}

/** Nothing has been loaded yet, so "no deployments" would be a lie. */
export function notReady() {
  return withCode(
    new ServiceUnavailableError(
      'Deployments are still being loaded; try again in a few seconds',
    ),
    DELIVERY_ERROR_CODES.notReady,
  );
}
