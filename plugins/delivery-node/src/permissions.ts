import {
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import {
  DeploymentResource,
  RESOURCE_TYPE_DELIVERY_DEPLOYMENT,
} from '@slipway/plugin-delivery-common';
import { z } from 'zod';

/**
 * What permission rules are applied to: a service in an environment, with the
 * owner that the catalog names.
 *
 * @public
 */
export type AuthorizedDeployment = DeploymentResource & {
  /** Refs of the entities that own the service. */
  owners: string[];
};

/**
 * A rule's condition on deployments as plain data: any of `values` must be
 * among the deployment's values for `key`.
 *
 * @public
 */
export type DeploymentFilter = {
  key: 'owner' | 'environment';
  values: string[];
};

/**
 * The resource that delivery permissions are about.
 *
 * @public
 */
export const deliveryDeploymentResourceRef = createPermissionResourceRef<
  AuthorizedDeployment,
  DeploymentFilter
>().with({
  pluginId: 'delivery',
  resourceType: RESOURCE_TYPE_DELIVERY_DEPLOYMENT,
});

/**
 * Allows services that one of the given entities owns. Policies pass the user's
 * own ownership refs.
 *
 * @public
 */
export const isServiceOwnerRule = createPermissionRule({
  name: 'IS_SERVICE_OWNER',
  description: 'Allow services owned by one of the given users or groups',
  resourceRef: deliveryDeploymentResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe('Refs of users and groups, one of which must own the service'),
  }),
  apply: (deployment, { claims }) =>
    deployment.owners.some(owner => claims.includes(owner)),
  toQuery: ({ claims }) => ({ key: 'owner', values: claims }),
});

/**
 * Allows the given environments.
 *
 * @public
 */
export const isInEnvironmentRule = createPermissionRule({
  name: 'IS_IN_ENVIRONMENT',
  description: 'Allow deployments in one of the given environments',
  resourceRef: deliveryDeploymentResourceRef,
  paramsSchema: z.object({
    environments: z
      .array(z.string())
      .describe('Ids of environments, such as "staging"'),
  }),
  apply: (deployment, { environments }) =>
    environments.includes(deployment.environment),
  toQuery: ({ environments }) => ({ key: 'environment', values: environments }),
});

/**
 * Every rule for delivery permissions.
 *
 * @public
 */
export const deliveryPermissionRules = [
  isServiceOwnerRule,
  isInEnvironmentRule,
];
