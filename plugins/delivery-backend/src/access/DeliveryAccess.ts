import {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { createConditionAuthorizer } from '@backstage/plugin-permission-node';
import {
  deliveryActivityReadPermission,
  deliveryDeploymentReadPermission,
  deliveryPermissions,
  DeploymentActionKind,
  permissionOfAction,
  stringifyDeploymentResourceRef,
} from '@slipway/plugin-delivery-common';
import {
  AuthorizedDeployment,
  deliveryDeploymentResourceRef,
} from '@slipway/plugin-delivery-node';
import { LRUCache } from 'lru-cache';
import {
  CatalogVisibility,
  VisibleServices,
} from '../catalog/CatalogVisibility';
import { canonicalJson } from '../domain/canonicalJson';
import { digestOf, ServiceState, waveOf } from '../domain/fleet/serviceState';
import { DeliveryIndex } from '../readModel/DeliveryIndex';

/** What a caller may see of the fleet, whatever the fleet is. */
export type FleetScope = {
  decision: PolicyDecision;
  /** Services that the catalog shows to the caller; absent when all of them. */
  visible: VisibleServices | undefined;
};

/** The part of the fleet that a caller may see. */
export type FleetView = {
  /** Equal for callers, and times, with the same view. */
  key: string;
  services: ServiceState[];
  /**
   * It is all there is, so that how many applications belong to no service is no
   * secret either.
   */
  whole: boolean;
};

/** What a caller may do with a service, by environment. */
export type DeploymentRights = {
  mayRead: (environment: string) => boolean;
  mayReadActivity: (environment: string) => boolean;
  mayAct: (environment: string, action: DeploymentActionKind) => boolean;
};

/** Who may see what of where services run, and who may act on it. */
export class DeliveryAccess {
  readonly #permissions: PermissionsService;
  readonly #visibility: CatalogVisibility;
  readonly #index: DeliveryIndex;
  readonly #isAllowed: (
    decision: PolicyDecision,
    resource: AuthorizedDeployment | undefined,
  ) => boolean;
  /** Views of callers with conditions; a page asks with every change. */
  readonly #views = new LRUCache<string, FleetView>({ max: 50 });

  static create(options: {
    permissions: PermissionsService;
    permissionsRegistry: PermissionsRegistryService;
    visibility: CatalogVisibility;
    index: DeliveryIndex;
  }): DeliveryAccess {
    return new DeliveryAccess(options);
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
    this.#isAllowed = createConditionAuthorizer(
      options.permissionsRegistry.getPermissionRuleset(
        deliveryDeploymentResourceRef,
      ),
    );
  }

  /** What a caller may see of the fleet. */
  async fleetScope(credentials: BackstageCredentials): Promise<FleetScope> {
    const [catalogDecision, decision] =
      await this.#permissions.authorizeConditional(
        [
          { permission: catalogEntityReadPermission },
          { permission: deliveryDeploymentReadPermission },
        ],
        { credentials },
      );
    return {
      decision:
        catalogDecision.result === AuthorizeResult.DENY
          ? { result: AuthorizeResult.DENY }
          : decision,
      visible:
        catalogDecision.result === AuthorizeResult.CONDITIONAL
          ? await this.#visibility.servicesFor(credentials)
          : undefined,
    };
  }

  /**
   * The part of the fleet, as it is now, that a caller may see: services that
   * the catalog shows to them, with the cells that they may read. A service
   * without one such cell is not there; one that runs nowhere is, as it is in
   * the catalog.
   */
  viewOf({ decision, visible }: FleetScope): FleetView {
    if (decision.result === AuthorizeResult.DENY) {
      return { key: 'nothing', services: [], whole: false };
    }
    if (!visible && decision.result === AuthorizeResult.ALLOW) {
      return {
        key: 'everything',
        services: this.#index.services(),
        whole: true,
      };
    }
    const key = `${visible?.key ?? 'all'} ${canonicalJson(decision)}`;
    const cacheKey = `${this.#index.generation} ${key}`;
    const cached = this.#views.get(cacheKey);
    if (cached) {
      return cached;
    }
    const view = {
      key,
      services: this.#index
        .services()
        .filter(
          ({ service }) => !visible || visible.refs.has(service.entityRef),
        )
        .flatMap(state => this.#readablePart(state, decision) ?? []),
      whole: false,
    };
    this.#views.set(cacheKey, view);
    return view;
  }

  /** Whether a caller may do something with a service in an environment. */
  async mayAct(options: {
    credentials: BackstageCredentials;
    entityRef: string;
    environment: string;
    action: DeploymentActionKind;
  }): Promise<boolean> {
    const { credentials, entityRef, environment, action } = options;
    const [decision] = await this.#permissions.authorize(
      [
        {
          permission: permissionOfAction(action),
          resourceRef: stringifyDeploymentResourceRef({
            entityRef,
            environment,
          }),
        },
      ],
      { credentials },
    );
    return decision.result === AuthorizeResult.ALLOW;
  }

  /** All that a caller may do with a service, asked for at once. */
  async rightsOf(options: {
    credentials: BackstageCredentials;
    entityRef: string;
    environments: string[];
  }): Promise<DeploymentRights> {
    const { credentials, entityRef, environments } = options;
    const questions = environments.flatMap(environment =>
      deliveryPermissions.map(permission => ({
        permission,
        resourceRef: stringifyDeploymentResourceRef({ entityRef, environment }),
      })),
    );
    const decisions = await this.#permissions.authorize(questions, {
      credentials,
    });
    const allowed = new Set(
      questions
        .filter(
          (_question, position) =>
            decisions[position].result === AuthorizeResult.ALLOW,
        )
        .map(
          ({ permission, resourceRef }) => `${permission.name} ${resourceRef}`,
        ),
    );
    const isAllowed = (permission: string, environment: string) =>
      allowed.has(
        `${permission} ${stringifyDeploymentResourceRef({
          entityRef,
          environment,
        })}`,
      );
    return {
      mayRead: environment =>
        isAllowed(deliveryDeploymentReadPermission.name, environment),
      mayReadActivity: environment =>
        isAllowed(deliveryActivityReadPermission.name, environment),
      mayAct: (environment, action) =>
        isAllowed(permissionOfAction(action).name, environment),
    };
  }

  #readablePart(
    state: ServiceState,
    decision: PolicyDecision,
  ): ServiceState | undefined {
    if (decision.result === AuthorizeResult.ALLOW) {
      return state;
    }
    const { entityRef, owners } = state.service;
    const cells = new Map(
      [...state.cells].filter(([environment]) =>
        this.#isAllowed(decision, { entityRef, owners, environment }),
      ),
    );
    if (cells.size === state.cells.size && cells.size > 0) {
      return state;
    }
    if (cells.size === 0) {
      // Nothing of it may be read, or it runs nowhere: then what would be
      // there in an environment of its chain decides.
      const couldRead =
        state.cells.size === 0 &&
        state.environments.some(({ environment }) =>
          this.#isAllowed(decision, {
            entityRef,
            owners,
            environment: environment.id,
          }),
        );
      return couldRead ? state : undefined;
    }
    // Not to be found by a release, nor compared with one, in a cell that may
    // not be read.
    const readable = new Map(
      [...cells].map(([id, cell]) => {
        const { difference, ...others } = cell;
        const from = state.environments.find(
          ({ environment }) => environment.id === id,
        )?.difference?.from;
        return [id, from !== undefined && !cells.has(from) ? others : cell];
      }),
    );
    const { wave: _, ...others } = state;
    const wave = waveOf({
      service: state.service,
      environments: state.environments.filter(({ environment }) =>
        cells.has(environment.id),
      ),
    });
    return {
      ...others,
      ...(wave !== undefined && { wave }),
      cells: readable,
      namespace: readableNamespace(state, cells),
      digest: digestOf({
        service: state.service,
        cells: readable,
        systemTitle: state.systemTitle,
      }),
    };
  }
}

/**
 * The namespace that a service is grouped by, unless it is known only from
 * where it runs in environments that may not be read.
 */
function readableNamespace(
  state: ServiceState,
  cells: ServiceState['cells'],
): string {
  const isReadable = state.environments
    .filter(({ environment }) => cells.has(environment.id))
    .flatMap(({ deployments }) => deployments)
    .some(({ target }) => target.namespace?.startsWith(state.namespace));
  return isReadable ? state.namespace : state.service.namespace;
}
