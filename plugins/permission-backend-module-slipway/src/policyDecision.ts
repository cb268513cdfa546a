import {
  AuthorizeResult,
  isResourcePermission,
  Permission,
  PermissionCondition,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { createConditionExports } from '@backstage/plugin-permission-node';
import { RESOURCE_TYPE_DELIVERY_DEPLOYMENT } from '@slipway/plugin-delivery-common';
import {
  deliveryDeploymentResourceRef,
  isInEnvironmentRule,
  isServiceOwnerRule,
} from '@slipway/plugin-delivery-node';
import { DeliveryDecision, DeploymentCriteria } from './domain/decideDelivery';
import { PlatformDecision } from './domain/decidePlatform';

const ALLOW = { result: AuthorizeResult.ALLOW } as const;
const DENY = { result: AuthorizeResult.DENY } as const;

const { conditions, createConditionalDecision } = createConditionExports({
  resourceRef: deliveryDeploymentResourceRef,
  rules: {
    isServiceOwner: isServiceOwnerRule,
    isInEnvironment: isInEnvironmentRule,
  },
});

/** A decision on a permission of deliveries, as Backstage takes it. */
export function toPolicyDecision(
  permission: Permission,
  decision: DeliveryDecision,
): PolicyDecision {
  switch (decision.result) {
    case 'allow':
      return ALLOW;
    case 'deny':
      return DENY;
    case 'conditional':
      // Callers say themselves of what type their permission is. With another
      // one than ours there is nothing that the conditions could be asked of.
      return isResourcePermission(permission, RESOURCE_TYPE_DELIVERY_DEPLOYMENT)
        ? createConditionalDecision(permission, toConditions(decision.criteria))
        : DENY;
    default:
      return decision satisfies never;
  }
}

type DeploymentCondition = PermissionCondition<
  typeof RESOURCE_TYPE_DELIVERY_DEPLOYMENT
>;

function toConditions(
  criteria: DeploymentCriteria,
): PermissionCriteria<DeploymentCondition> {
  if ('ownedBy' in criteria) {
    return conditions.isServiceOwner({ claims: criteria.ownedBy });
  }
  if ('inEnvironment' in criteria) {
    return conditions.isInEnvironment({ environments: criteria.inEnvironment });
  }
  if ('not' in criteria) {
    return { not: toConditions(criteria.not) };
  }
  if ('allOf' in criteria) {
    const [first, ...others] = criteria.allOf;
    return { allOf: [toConditions(first), ...others.map(toConditions)] };
  }
  const [first, ...others] = criteria.anyOf;
  return { anyOf: [toConditions(first), ...others.map(toConditions)] };
}

/** A decision on any other permission, as Backstage takes it. */
export function toPlatformPolicyDecision(
  permission: Permission,
  decision: PlatformDecision,
): PolicyDecision {
  switch (decision.result) {
    case 'allow':
      return ALLOW;
    case 'deny':
      return DENY;
    // The conditions of these two are written out: the helpers for them are in
    // the backends of the plugins, which a policy must not need.
    case 'owned-entities':
      return isResourcePermission(permission, 'catalog-entity')
        ? {
            result: AuthorizeResult.CONDITIONAL,
            pluginId: 'catalog',
            resourceType: 'catalog-entity',
            conditions: {
              rule: 'IS_ENTITY_OWNER',
              resourceType: 'catalog-entity',
              params: { claims: decision.claims },
            },
          }
        : DENY;
    case 'own-tasks':
      return isResourcePermission(permission, 'scaffolder-task')
        ? {
            result: AuthorizeResult.CONDITIONAL,
            pluginId: 'scaffolder',
            resourceType: 'scaffolder-task',
            conditions: {
              rule: 'IS_TASK_OWNER',
              resourceType: 'scaffolder-task',
              params: { createdBy: decision.createdBy },
            },
          }
        : DENY;
    default:
      return decision satisfies never;
  }
}
