import { mockServices } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';
import { readPolicyConfig } from './readPolicyConfig';

function read(slipway: JsonObject, others: JsonObject = {}) {
  return readPolicyConfig(
    mockServices.rootConfig({ data: { permission: { slipway }, ...others } }),
  );
}

const GROUPS = {
  approvers: ['group:default/production-approvers'],
  operators: ['group:default/operations', 'Group:Default/On-Call'],
  platformEngineers: ['group:platform/engineers'],
};

describe('the configuration of the policy', () => {
  it('is not needed: then nobody has a role, and one warning says what that means', () => {
    const { config, warning } = readPolicyConfig(
      mockServices.rootConfig({ data: {} }),
    );
    expect(config).toEqual({
      groups: { approver: [], operator: [], 'platform-engineer': [] },
      guarded: ['production', 'recovery', 'unassigned'],
      readers: 'everyone',
      allow: {},
    });
    expect(warning).toMatch(/^permission\.slipway\.groups\.approvers names no/);
    expect(warning).toContain('permission.slipway.groups.operators');
    expect(warning).toContain('permission.slipway.groups.platformEngineers');
  });

  it('warns of nothing when each role has a group', () => {
    const { config, warning } = read({ groups: GROUPS });
    expect(warning).toBeUndefined();
    expect(config.groups).toEqual({
      approver: ['group:default/production-approvers'],
      operator: ['group:default/operations', 'group:default/on-call'],
      'platform-engineer': ['group:platform/engineers'],
    });
  });

  it('warns of an empty list as of none', () => {
    const { warning } = read({ groups: { ...GROUPS, operators: [] } });
    expect(warning).toBe(
      'permission.slipway.groups.operators names no group: nobody is an operator, who may sync, terminate and revert everywhere.',
    );
  });

  it.each([
    ['operations', 'write group:default/operations'],
    ['group:operations', 'write group:default/operations'],
    ['Operations', 'write group:default/operations'],
    ['team/operations', 'write it as group:<namespace>/<name>'],
    ['user:default/marco.silva', 'write it as group:<namespace>/<name>'],
    ['group:default/a b', 'write it as group:<namespace>/<name>'],
  ])('refuses the group %j and says to %s', (ref, fix) => {
    const groups = { operators: ['group:default/x', ref] };
    expect(() => read({ groups })).toThrow(
      'permission.slipway.groups.operators[1]: ',
    );
    expect(() => read({ groups })).toThrow(fix);
  });

  it.each([
    [{ group: {} }, 'permission.slipway.group: is not known here'],
    [
      { groups: { approver: [] } },
      'permission.slipway.groups.approver: is not known here',
    ],
    [
      { readers: 'nobody' },
      "permission.slipway.readers: 'nobody' is not known; write everyone or members",
    ],
    [
      { guarded: ['prodution'] },
      "permission.slipway.guarded[0]: there is no environment 'prodution'; there are development, staging, production, recovery",
    ],
    [
      { allow: ['a'] },
      'permission.slipway.allow: must be a map of names of permissions',
    ],
    [
      { allow: { 'kubernetes.proxy': 'all' } },
      "permission.slipway.allow['kubernetes.proxy']: write everyone or platform-engineers",
    ],
    [
      { allow: { 'delivery.deployment.sync': 'everyone' } },
      "permission.slipway.allow['delivery.deployment.sync']: what is allowed with deployments is not set here",
    ],
    [{ guarded: 'production' }, 'permission.slipway.guarded'],
  ])('refuses %j, naming the key', (slipway, message) => {
    expect(() => read(slipway as JsonObject)).toThrow(message);
  });

  it('refuses an empty group, as of a variable that is not set', () => {
    expect(() => read({ groups: { operators: [''] } })).toThrow(
      /permission\.slipway\.groups\.operators\[0\]/,
    );
  });

  it('knows the environments that deliveries have', () => {
    const environments = { 'prod-eu': {}, test: {} };
    expect(
      read({ guarded: ['prod-eu'] }, { delivery: { environments } }).config
        .guarded,
    ).toEqual(['prod-eu', 'unassigned']);
    expect(() =>
      read({ guarded: ['production'] }, { delivery: { environments } }),
    ).toThrow("there is no environment 'production'; there are prod-eu, test");
  });

  it('asks which are guarded where none has the name of a guarded one', () => {
    const environments = { 'prod-eu': {}, test: {} };
    expect(() => read({}, { delivery: { environments } })).toThrow(
      'permission.slipway.guarded: is missing, and no environment is called production or recovery; name those of prod-eu, test',
    );
    expect(
      read({}, { delivery: { environments: { production: {}, test: {} } } })
        .config.guarded,
    ).toEqual(['production', 'unassigned']);
    expect(
      read({ guarded: [] }, { delivery: { environments } }).config.guarded,
    ).toEqual(['unassigned']);
  });

  it('guards, whatever is set, deployments of which nobody knows where they belong', () => {
    expect(read({ guarded: [] }).config.guarded).toEqual(['unassigned']);
  });

  it('reads permissions of other plugins, whose names hold dots', () => {
    expect(
      read({
        allow: {
          'kubernetes.resources.read': 'everyone',
          'cost.read': 'platform-engineers',
        },
      }).config.allow,
    ).toEqual({
      'kubernetes.resources.read': 'everyone',
      'cost.read': 'platform-engineers',
    });
  });
});
