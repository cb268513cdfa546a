import { RootConfigService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { PlatformAudience, PlatformGrants } from '../domain/platformGrants';
import { GroupRole, RoleGroups } from '../domain/roles';
import { readGuarded } from './readGuarded';
import { refuseOtherKeys } from './refuseOtherKeys';

/** `permission.slipway`, read and checked. */
export type PolicyConfig = {
  groups: RoleGroups;
  /** Ids of the guarded environments. */
  guarded: readonly string[];
  /** Who may see where services run. */
  readers: 'everyone' | 'members';
  /** Permissions of other plugins. */
  allow: PlatformGrants;
};

const ROOT = 'permission.slipway';

const KEY_OF_ROLE: { [role in GroupRole]: string } = {
  approver: 'approvers',
  operator: 'operators',
  'platform-engineer': 'platformEngineers',
};

/** What does not work while nobody has the role. */
const WITHOUT: { [role in GroupRole]: string } = {
  approver: 'nobody is an approver, who may sync in guarded environments',
  operator:
    'nobody is an operator, who may sync, terminate and revert everywhere',
  'platform-engineer':
    'nobody is a platform engineer, who may do all of that and manage the catalog',
};

/**
 * Reads `permission.slipway` of the configuration.
 *
 * @returns the configuration, and a warning for people if a role has no group
 * @throws InputError that begins with the path of the key that is wrong.
 */
export function readPolicyConfig(root: RootConfigService): {
  config: PolicyConfig;
  warning?: string;
} {
  const config = root.getOptionalConfig(ROOT);
  refuseOtherKeys(config, ['groups', 'guarded', 'readers', 'allow'], ROOT);
  const groups = readGroups(config);
  const missing = (Object.keys(KEY_OF_ROLE) as GroupRole[]).filter(
    role => groups[role].length === 0,
  );
  return {
    config: {
      groups,
      guarded: readGuarded({ root, path: `${ROOT}.guarded` }),
      readers: readReaders(config),
      allow: readAllow(config),
    },
    ...(missing.length > 0 && {
      warning: missing
        .map(role => `${pathOfRole(role)} names no group: ${WITHOUT[role]}.`)
        .join(' '),
    }),
  };
}

function pathOfRole(role: GroupRole): string {
  return `${ROOT}.groups.${KEY_OF_ROLE[role]}`;
}

function readGroups(config: Config | undefined): RoleGroups {
  const groups = config?.getOptionalConfig('groups');
  refuseOtherKeys(groups, Object.values(KEY_OF_ROLE), `${ROOT}.groups`);
  const read = (role: GroupRole) =>
    (groups?.getOptionalStringArray(KEY_OF_ROLE[role]) ?? []).map(
      (ref, index) => readGroupRef(ref, `${pathOfRole(role)}[${index}]`),
    );
  return {
    approver: read('approver'),
    operator: read('operator'),
    'platform-engineer': read('platform-engineer'),
  };
}

const GROUP_REF =
  /^group:[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z0-9]([-\w.]*[a-z0-9])?$/;
const NAME = /^[a-z0-9]([-\w.]*[a-z0-9])?$/;

/**
 * Only full refs: what a short one stands for depends on who reads it, and a
 * right must not.
 */
function readGroupRef(text: string, path: string): string {
  const ref = text.toLowerCase();
  if (GROUP_REF.test(ref)) {
    return ref;
  }
  const short = ref.replace(/^group:/, '');
  throw new InputError(
    `${path}: '${text}' is no full ref of a group; write ${
      NAME.test(short)
        ? `group:default/${short}`
        : 'it as group:<namespace>/<name>, such as group:default/operations'
    }`,
  );
}

function readReaders(config: Config | undefined): PolicyConfig['readers'] {
  const readers = config?.getOptionalString('readers') ?? 'everyone';
  if (readers !== 'everyone' && readers !== 'members') {
    throw new InputError(
      `${ROOT}.readers: '${readers}' is not known; write everyone or members`,
    );
  }
  return readers;
}

/** Not read by `Config`: names of permissions hold dots, which it takes for paths. */
function readAllow(config: Config | undefined): PlatformGrants {
  const allow = config?.getOptional<unknown>('allow') ?? {};
  if (typeof allow !== 'object' || Array.isArray(allow)) {
    throw new InputError(
      `${ROOT}.allow: must be a map of names of permissions to everyone or platform-engineers`,
    );
  }
  return Object.fromEntries(
    Object.entries(allow).map(([permission, audience]: [string, unknown]) => [
      permission,
      readAudience({ permission, audience }),
    ]),
  );
}

function readAudience(options: {
  permission: string;
  audience: unknown;
}): PlatformAudience {
  const { permission, audience } = options;
  const path = `${ROOT}.allow['${permission}']`;
  if (permission.startsWith('delivery.')) {
    throw new InputError(
      `${path}: what is allowed with deployments is not set here; see ${ROOT}.groups, guarded and readers`,
    );
  }
  if (audience !== 'everyone' && audience !== 'platform-engineers') {
    throw new InputError(`${path}: write everyone or platform-engineers`);
  }
  return audience;
}
