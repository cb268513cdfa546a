import {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  PermissionCondition,
  PermissionCriteria,
} from '@backstage/plugin-permission-common';
import { createConditionTransformer } from '@backstage/plugin-permission-node';
import { deliveryActivityReadPermission } from '@slipway/plugin-delivery-common';
import {
  DeploymentFilter,
  deliveryDeploymentResourceRef,
} from '@slipway/plugin-delivery-node';
import { CatalogVisibility } from '../catalog/CatalogVisibility';
import {
  EnvironmentSet,
  EVERY_ENVIRONMENT,
  isEmpty,
} from '../domain/activity/environmentSet';
import { readableEnvironments } from '../domain/activity/readableEnvironments';
import { DeliveryIndex } from '../readModel/DeliveryIndex';

/** Which part of the audit a caller may read. */
export type ActivityScope =
  | { kind: 'nothing' }
  /** Every line, those about what is in no catalog included. */
  | { kind: 'everything' }
  /** The lines of these services, each in some environments. */
  | { kind: 'services'; services: ReadonlyMap<string, EnvironmentSet> };

/** Who may read what of the audit. */
export class ActivityAccess {
  readonly #permissions: PermissionsService;
  readonly #visibility: CatalogVisibility;
  readonly #index: DeliveryIndex;
  readonly #toFilters: (
    conditions: PermissionCriteria<PermissionCondition>,
  ) => PermissionCriteria<DeploymentFilter>;

  static create(options: {
    permissions: PermissionsService;
    permissionsRegistry: PermissionsRegistryService;
    visibility: CatalogVisibility;
    index: DeliveryIndex;
  }): ActivityAccess {
    return new ActivityAccess(options);
  }

  private constructor(options: {
    permissions: PermissionsService;
    permissionsRegistry: PermissionsRegistryService;
    visibility: CatalogVisibility;
    index: DeliveryIndex;
  }) {
    this.#permissions = options.permissions;
    this.#visibility = options.visibility;
    this.#index = options.index;
    this.#toFilters = createConditionTransformer(
      options.permissionsRegistry.getPermissionRuleset(
        deliveryDeploymentResourceRef,
      ),
    );
  }

  /**
   * What a caller may read. Where either the catalog or the policy has
   * conditions, only services of the catalog are in it: of anything else nobody
   * can say whether the caller could see it.
   */
  async scopeOf(credentials: BackstageCredentials): Promise<ActivityScope> {
    const [catalog, activity] = await this.#permissions.authorizeConditional(
      [
        { permission: catalogEntityReadPermission },
        { permission: deliveryActivityReadPermission },
      ],
      { credentials },
    );
    if (
      catalog.result === AuthorizeResult.DENY ||
      activity.result === AuthorizeResult.DENY
    ) {
      return { kind: 'nothing' };
    }
    const visible =
      catalog.result === AuthorizeResult.CONDITIONAL
        ? await this.#visibility.servicesFor(credentials)
        : undefined;
    if (!visible && activity.result === AuthorizeResult.ALLOW) {
      return { kind: 'everything' };
    }
    const filters =
      activity.result === AuthorizeResult.CONDITIONAL
        ? this.#toFilters(activity.conditions)
        : undefined;
    const services = new Map<string, EnvironmentSet>();
    for (const { service } of this.#index.services()) {
      const { entityRef, owners } = service;
      const environments = filters
        ? readableEnvironments(filters, owners)
        : EVERY_ENVIRONMENT;
      if (!isEmpty(environments) && (!visible || visible.refs.has(entityRef))) {
        services.set(entityRef, environments);
      }
    }
    return { kind: 'services', services };
  }
}
