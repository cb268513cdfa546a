import { LoggerService, UserInfoService } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { PolicyConfig } from './config/readPolicyConfig';
import { decideDelivery } from './domain/decideDelivery';
import { decidePlatform } from './domain/decidePlatform';
import {
  DELIVERY_GRANTS,
  DeliveryGrants,
  withMembersAsReaders,
} from './domain/deliveryGrants';
import { PLATFORM_GRANTS, PlatformGrants } from './domain/platformGrants';
import { toPlatformPolicyDecision, toPolicyDecision } from './policyDecision';
import { UnknownPermissions } from './UnknownPermissions';

/**
 * Asks the rules, and denies what none of them allows. It goes by the name of a
 * permission alone: the rest of it is what the caller says it is.
 */
export class SlipwayPolicy implements PermissionPolicy {
  readonly #config: PolicyConfig;
  readonly #userInfo: UserInfoService;
  readonly #unknown: UnknownPermissions;
  readonly #deliveryGrants: DeliveryGrants;
  readonly #platformGrants: PlatformGrants;

  static create(options: {
    config: PolicyConfig;
    userInfo: UserInfoService;
    logger: LoggerService;
  }): SlipwayPolicy {
    return new SlipwayPolicy(options);
  }

  private constructor(options: {
    config: PolicyConfig;
    userInfo: UserInfoService;
    logger: LoggerService;
  }) {
    const { config, userInfo, logger } = options;
    this.#config = config;
    this.#userInfo = userInfo;
    this.#unknown = UnknownPermissions.create({ logger });
    this.#deliveryGrants =
      config.readers === 'members'
        ? withMembersAsReaders(DELIVERY_GRANTS)
        : DELIVERY_GRANTS;
    this.#platformGrants = { ...PLATFORM_GRANTS, ...config.allow };
  }

  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (!user) {
      // Plugins that ask for themselves are not sent here, so this is nobody.
      return { result: AuthorizeResult.DENY };
    }
    const { userEntityRef, ownershipEntityRefs } =
      await this.#userInfo.getUserInfo(user.credentials);
    const asked = {
      permission: permission.name,
      person: { userRef: userEntityRef, ownershipRefs: ownershipEntityRefs },
      groups: this.#config.groups,
    };
    if (permission.name.startsWith('delivery.')) {
      return toPolicyDecision(
        permission,
        decideDelivery({
          ...asked,
          grants: this.#deliveryGrants,
          guarded: this.#config.guarded,
        }),
      );
    }
    const decision = decidePlatform({
      ...asked,
      grants: this.#platformGrants,
    });
    if (decision.result === 'deny' && decision.isUnknown) {
      this.#unknown.denied(permission.name);
    }
    return toPlatformPolicyDecision(permission, decision);
  }
}
