import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Resource type of a service's deployments in one environment.
 *
 * @public
 */
export const RESOURCE_TYPE_DELIVERY_DEPLOYMENT = 'delivery-deployment';

/**
 * See where a service runs: releases, health, history. Checked for each service
 * and environment; on lists a conditional decision filters.
 *
 * @public
 */
export const deliveryDeploymentReadPermission = createPermission({
  name: 'delivery.deployment.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_DELIVERY_DEPLOYMENT,
});

/**
 * Every permission of the delivery plugins.
 *
 * @public
 */
export const deliveryPermissions = [deliveryDeploymentReadPermission];

/**
 * What a delivery permission is asked about: one service in one environment.
 *
 * @public
 */
export type DeploymentResource = {
  /** Full entity ref of the service, such as `component:default/checkout`. */
  entityRef: string;
  /** Id of the environment, such as `production`. */
  environment: string;
};

/**
 * The resource ref of a service in an environment, as permission policies see
 * it: `component:default/checkout#production`.
 *
 * @public
 */
export function stringifyDeploymentResourceRef(
  resource: DeploymentResource,
): string {
  return `${resource.entityRef}#${resource.environment}`;
}

/**
 * Reads what {@link stringifyDeploymentResourceRef} wrote; `undefined` when the
 * text is not such a ref.
 *
 * @public
 */
export function parseDeploymentResourceRef(
  ref: string,
): DeploymentResource | undefined {
  // Entity names cannot hold '#', so the last one is the separator.
  const at = ref.lastIndexOf('#');
  if (at <= 0 || at === ref.length - 1) {
    return undefined;
  }
  return { entityRef: ref.slice(0, at), environment: ref.slice(at + 1) };
}
