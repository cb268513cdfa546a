import * as catalog from '@backstage/plugin-catalog-common/alpha';
import * as devtools from '@backstage/plugin-devtools-common';
import * as devtoolsAlpha from '@backstage/plugin-devtools-common/alpha';
import * as scaffolder from '@backstage/plugin-scaffolder-common/alpha';
import { decidePlatform } from './decidePlatform';
import { PLATFORM_GRANTS } from './platformGrants';

const GROUPS = {
  approver: ['group:default/production-approvers'],
  operator: ['group:default/operations'],
  'platform-engineer': ['group:default/platform-engineering'],
};

function decide(permission: string, ...groups: string[]) {
  return decidePlatform({
    permission,
    person: {
      userRef: 'user:default/ada',
      ownershipRefs: ['user:default/ada', ...groups],
    },
    grants: PLATFORM_GRANTS,
    groups: GROUPS,
  });
}

/** The names of the permissions that a package declares. */
function namesIn(exported: object): string[] {
  return Object.values(exported).flatMap((value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'attributes' in value &&
    typeof value.name === 'string'
      ? [value.name]
      : [],
  );
}

describe("what is decided of Backstage's own permissions", () => {
  it('knows exactly those that the packages declare', () => {
    const declared = [catalog, devtools, devtoolsAlpha, scaffolder].flatMap(
      namesIn,
    );
    expect(declared.length).toBeGreaterThan(20);
    expect(
      Object.keys(PLATFORM_GRANTS)
        .filter(name => !name.startsWith('kubernetes.'))
        .sort(),
    ).toEqual([...new Set(declared)].sort());
  });

  it.each(['catalog.entity.read', 'scaffolder.task.create'])(
    'lets everyone who is signed in have %s',
    permission => {
      expect(decide(permission)).toEqual({ result: 'allow' });
    },
  );

  it('lets owners refresh and unregister what is theirs', () => {
    const expected = {
      result: 'owned-entities',
      claims: ['user:default/ada', 'group:default/checkout-team'],
    };
    for (const name of ['catalog.entity.refresh', 'catalog.entity.delete']) {
      expect(decide(name, 'group:default/Checkout-Team')).toEqual(expected);
    }
  });

  it('lets people see and cancel the tasks that they started, not those of their group', () => {
    for (const name of ['scaffolder.task.read', 'scaffolder.task.cancel']) {
      expect(decide(name, 'group:default/checkout-team')).toEqual({
        result: 'own-tasks',
        createdBy: ['user:default/ada'],
      });
    }
  });

  it.each([
    'catalog.location.create',
    'catalog.ingestion.manage',
    'scaffolder.template.management',
    'devtools.config',
    'kubernetes.proxy',
  ])('leaves %s to platform engineers', permission => {
    expect(decide(permission, 'group:default/operations')).toEqual({
      result: 'deny',
      isUnknown: false,
    });
    expect(decide(permission, 'group:default/platform-engineering')).toEqual({
      result: 'allow',
    });
  });

  it.each(['cost.report.read', 'constructor', 'toString', ''])(
    'does not know %j, which only platform engineers have',
    permission => {
      expect(decide(permission, 'group:default/operations')).toEqual({
        result: 'deny',
        isUnknown: true,
      });
      expect(decide(permission, 'group:default/platform-engineering')).toEqual({
        result: 'allow',
      });
    },
  );
});
