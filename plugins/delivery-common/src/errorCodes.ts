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
  /** The caller may not do this to this service in this environment. */
  actionNotAllowed: 'delivery.action-not-allowed',
  /** The caller may not read this activity. */
  activityNotAllowed: 'delivery.activity-not-allowed',
  /** The service has no deployment in that environment, or none of that target. */
  deploymentNotFound: 'delivery.deployment-not-found',
  /** There are several targets in the environment: the request must name one. */
  targetRequired: 'delivery.target-required',
  /** There is no such action of this service. */
  actionNotFound: 'delivery.action-not-found',
  /** The platform does not say that the application belongs to the service. */
  unbound: 'delivery.unbound',
  /** The portal has no credential with which it could act there. */
  readOnly: 'delivery.read-only',
  /** The world is no longer as the person saw it. */
  stateChanged: 'delivery.state-changed',
  /** Another operation is under way on the deployment. */
  operationInProgress: 'delivery.operation-in-progress',
  /** No operation is under way, so there is nothing to end. */
  noOperation: 'delivery.no-operation',
  /** A sync window forbids it now. */
  syncWindowClosed: 'delivery.sync-window-closed',
  /** There is no earlier release to put back, or it cannot be done in git. */
  nothingToRevert: 'delivery.nothing-to-revert',
  /** Git has moved on in the same lines: a person must decide. */
  revertConflict: 'delivery.revert-conflict',
  /** The same idempotency key was used for another request. */
  idempotencyKeyReused: 'delivery.idempotency-key-reused',
  /** The upstream does not allow it to the portal's own account. */
  upstreamRefused: 'delivery.upstream-refused',
  /** The upstream cannot be asked now. */
  upstreamUnavailable: 'delivery.upstream-unavailable',
} as const;

/**
 * One of {@link DELIVERY_ERROR_CODES}.
 *
 * @public
 */
export type DeliveryErrorCode =
  (typeof DELIVERY_ERROR_CODES)[keyof typeof DELIVERY_ERROR_CODES];
