import { createPermission } from '@backstage/plugin-permission-common';
import { DeploymentActionKind } from './model';

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
 * Have Argo CD look again at git and the cluster. Changes nothing by itself; where
 * Argo CD syncs on its own, it may find something to sync.
 *
 * @public
 */
export const deliveryDeploymentRefreshPermission = createPermission({
  name: 'delivery.deployment.refresh',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_DELIVERY_DEPLOYMENT,
});

/**
 * Apply what git asks for, dry runs included.
 *
 * @public
 */
export const deliveryDeploymentSyncPermission = createPermission({
  name: 'delivery.deployment.sync',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_DELIVERY_DEPLOYMENT,
});

/**
 * End a sync that is under way.
 *
 * @public
 */
export const deliveryDeploymentTerminatePermission = createPermission({
  name: 'delivery.deployment.terminate',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_DELIVERY_DEPLOYMENT,
});

/**
 * Put the previous release back by a commit to the GitOps repository.
 *
 * @public
 */
export const deliveryDeploymentRevertPermission = createPermission({
  name: 'delivery.deployment.revert',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_DELIVERY_DEPLOYMENT,
});

/**
 * Read the audit of a service in an environment: who asked for what, why, and
 * what came of it. On lists a conditional decision filters.
 *
 * @public
 */
export const deliveryActivityReadPermission = createPermission({
  name: 'delivery.activity.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_DELIVERY_DEPLOYMENT,
});

/**
 * Every permission of the delivery plugins.
 *
 * @public
 */
export const deliveryPermissions = [
  deliveryDeploymentReadPermission,
  deliveryDeploymentRefreshPermission,
  deliveryDeploymentSyncPermission,
  deliveryDeploymentTerminatePermission,
  deliveryDeploymentRevertPermission,
  deliveryActivityReadPermission,
];

/**
 * The permission that an action asks for.
 *
 * @public
 */
export function permissionOfAction(action: DeploymentActionKind) {
  switch (action) {
    case 'refresh':
    case 'hard-refresh':
      return deliveryDeploymentRefreshPermission;
    case 'sync':
      return deliveryDeploymentSyncPermission;
    case 'terminate':
      return deliveryDeploymentTerminatePermission;
    case 'revert':
      return deliveryDeploymentRevertPermission;
    default:
      return action satisfies never;
  }
}

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
