/**
 * Signal channel on which the delivery backend says that deployments changed.
 *
 * @public
 */
export const DELIVERY_SIGNAL_CHANNEL = 'delivery:deployments';

/**
 * A hint that something changed upstream. It carries ids only, because every
 * connected browser receives it whatever its user may see; who is interested
 * refetches through the API, which checks.
 *
 * @public
 */
export type DeliverySignal = {
  /**
   * Version of the read model that holds the change. Pass it as `atLeast` when
   * refetching, so that a replica that lags behind catches up first.
   */
  version: number;
  /**
   * Refs of the entities whose deployments changed, or `'many'` when there are
   * more than fit into a hint: refetch whatever is shown.
   */
  entityRefs: string[] | 'many';
  /** Ids of the upstreams whose connection state changed. */
  upstreams: string[];
};
