import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  DELIVERY_ERROR_CODES,
  DeliveryErrorCode,
} from '@slipway/plugin-delivery-common';
import { Refusal } from '../domain/actions/upstreamErrors';

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

/** The caller may not read this part of the audit, or none of it. */
export function activityNotAllowed(entityRef: string | undefined) {
  return withCode(
    new NotAllowedError(
      entityRef === undefined
        ? 'You may not read the activity'
        : `You may not read the activity of ${entityRef}`,
    ),
    DELIVERY_ERROR_CODES.activityNotAllowed,
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

/** An action, or a plan, is refused; see {@link Refusal}. */
export function refused({ code, reason }: Refusal) {
  return withCode(errorOf(code, reason), code);
}

/** The service has no such deployment. */
export function deploymentNotFound(entityRef: string, environment: string) {
  return withCode(
    new NotFoundError(
      `${entityRef} has no such deployment in the environment '${environment}'`,
    ),
    DELIVERY_ERROR_CODES.deploymentNotFound,
  );
}

/** There are several, and none was named. */
export function targetRequired(environment: string) {
  return withCode(
    new InputError(
      `There are several targets in the environment '${environment}'; say which one with 'target'`,
    ),
    DELIVERY_ERROR_CODES.targetRequired,
  );
}

/** There is no such action, or the caller may not know that there is. */
export function actionNotFound(id: string) {
  return withCode(
    new NotFoundError(`No action ${id} of this service`),
    DELIVERY_ERROR_CODES.actionNotFound,
  );
}

/** The kind of error, and so the status of the answer, that a code stands for. */
function errorOf(code: DeliveryErrorCode, reason: string): Error {
  switch (code) {
    case DELIVERY_ERROR_CODES.actionNotAllowed:
    case DELIVERY_ERROR_CODES.activityNotAllowed:
    case DELIVERY_ERROR_CODES.readNotAllowed:
    case DELIVERY_ERROR_CODES.unbound:
      return new NotAllowedError(reason);
    case DELIVERY_ERROR_CODES.readOnly:
    case DELIVERY_ERROR_CODES.stateChanged:
    case DELIVERY_ERROR_CODES.operationInProgress:
    case DELIVERY_ERROR_CODES.noOperation:
    case DELIVERY_ERROR_CODES.syncWindowClosed:
    case DELIVERY_ERROR_CODES.nothingToRevert:
    case DELIVERY_ERROR_CODES.revertConflict:
    case DELIVERY_ERROR_CODES.idempotencyKeyReused:
    case DELIVERY_ERROR_CODES.upstreamRefused:
      // Refused by the upstream is no 403: the person is allowed to, and it is the
      // portal's account that is not.
      return new ConflictError(reason);
    case DELIVERY_ERROR_CODES.upstreamUnavailable:
    case DELIVERY_ERROR_CODES.notReady:
      return new ServiceUnavailableError(reason);
    case DELIVERY_ERROR_CODES.entityNotFound:
    case DELIVERY_ERROR_CODES.deploymentNotFound:
    case DELIVERY_ERROR_CODES.actionNotFound:
      return new NotFoundError(reason);
    case DELIVERY_ERROR_CODES.invalidParameter:
    case DELIVERY_ERROR_CODES.invalidCursor:
    case DELIVERY_ERROR_CODES.targetRequired:
      return new InputError(reason);
    default:
      return code satisfies never;
  }
}
