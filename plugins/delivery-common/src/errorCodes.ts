/**
 * Stable codes of the errors that the delivery API answers with, in
 * `error.code` of the response body. A code names one meaning for the user; the
 * message beside it may change, the code does not.
 *
 * @public
 */
export const DELIVERY_ERROR_CODES = {
  /** The entity is not in the catalog, or the caller may not see it. */
  entityNotFound: 'delivery.entity-not-found',
  /** The caller may not read the deployments of this entity. */
  readNotAllowed: 'delivery.read-not-allowed',
  /** A path or query parameter is not of its documented form. */
  invalidParameter: 'delivery.invalid-parameter',
  /** A paging cursor was not made by this API, or is for another query. */
  invalidCursor: 'delivery.invalid-cursor',
  /** The read model has not been loaded from the database yet. */
  notReady: 'delivery.not-ready',
} as const;

/**
 * One of {@link DELIVERY_ERROR_CODES}.
 *
 * @public
 */
export type DeliveryErrorCode =
  (typeof DELIVERY_ERROR_CODES)[keyof typeof DELIVERY_ERROR_CODES];
