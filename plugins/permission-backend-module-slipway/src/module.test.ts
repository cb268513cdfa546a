import { LoggerService } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import permissionPlugin from '@backstage/plugin-permission-backend';
import {
  createPermission,
  Permission,
} from '@backstage/plugin-permission-common';
import { JsonObject } from '@backstage/types';
import {
  deliveryDeploymentReadPermission,
  deliveryDeploymentSyncPermission,
} from '@slipway/plugin-delivery-common';
import request from 'supertest';
import permissionModuleSlipway from '.';
import { readPolicyConfig } from './config/readPolicyConfig';
import { SlipwayPolicy } from './SlipwayPolicy';

const GROUPS = {
  approvers: ['group:default/production-approvers'],
  operators: ['group:default/operations'],
  platformEngineers: ['group:default/platform-engineering'],
};

/** The permission backend with this policy, asked by a plugin for somebody. */
async function start(options: { groups?: string[]; slipway?: JsonObject }) {
  const { groups = [], slipway = { groups: GROUPS } } = options;
  const lines: { level: string; message: string }[] = [];
  const log = (level: string) => (message: string) => {
    lines.push({ level, message });
  };
  const logger: LoggerService = {
    error: log('error'),
    warn: log('warn'),
    info: log('info'),
    debug: () => {},
    child: () => logger,
  };
  const { server } = await startTestBackend({
    features: [
      permissionPlugin,
      permissionModuleSlipway,
      mockServices.logger.mock(logger).factory,
      mockServices.userInfo.mock({
        getUserInfo: async () => ({
          userEntityRef: 'user:default/ada',
          ownershipEntityRefs: ['user:default/ada', ...groups],
        }),
      }).factory,
      mockServices.rootConfig.factory({
        data: { permission: { enabled: true, slipway } },
      }),
    ],
  });
  // Only plugins are told of conditions, so one asks for ada.
  const token = mockCredentials.user.token('user:default/ada', {
    actor: { subject: 'plugin:test' },
  });
  return {
    lines,
    ask: async (permission: Permission) => {
      const { status, body } = await request(server)
        .post('/api/permission/authorize')
        .set('authorization', `Bearer ${token}`)
        .send({ items: [{ id: '1', permission }] });
      return status === 200 ? body.items[0] : { status, body };
    },
  };
}

const catalogDelete = createPermission({
  name: 'catalog.entity.delete',
  attributes: { action: 'delete' },
  resourceType: 'catalog-entity',
});
const taskRead = createPermission({
  name: 'scaffolder.task.read',
  attributes: { action: 'read' },
  resourceType: 'scaffolder-task',
});
const unknown = createPermission({ name: 'cost.read', attributes: {} });

describe('the policy in the permission backend', () => {
  it('answers with the conditions of the rules', async () => {
    const { ask } = await start({ groups: ['group:default/checkout-team'] });
    expect(await ask(deliveryDeploymentReadPermission)).toMatchObject({
      result: 'ALLOW',
    });
    expect(await ask(deliveryDeploymentSyncPermission)).toEqual({
      id: '1',
      result: 'CONDITIONAL',
      pluginId: 'delivery',
      resourceType: 'delivery-deployment',
      conditions: {
        allOf: [
          {
            rule: 'IS_SERVICE_OWNER',
            resourceType: 'delivery-deployment',
            params: {
              claims: ['user:default/ada', 'group:default/checkout-team'],
            },
          },
          {
            not: {
              rule: 'IS_IN_ENVIRONMENT',
              resourceType: 'delivery-deployment',
              params: {
                environments: ['production', 'recovery', 'unassigned'],
              },
            },
          },
        ],
      },
    });
    expect(await ask(catalogDelete)).toMatchObject({
      result: 'CONDITIONAL',
      pluginId: 'catalog',
      conditions: { rule: 'IS_ENTITY_OWNER' },
    });
    expect(await ask(taskRead)).toMatchObject({
      result: 'CONDITIONAL',
      pluginId: 'scaffolder',
      conditions: {
        rule: 'IS_TASK_OWNER',
        params: { createdBy: ['user:default/ada'] },
      },
    });
  });

  it('takes an approver who owns a service for both', async () => {
    const { ask } = await start({
      groups: [
        'group:default/checkout-team',
        'group:default/production-approvers',
      ],
    });
    expect(await ask(deliveryDeploymentSyncPermission)).toMatchObject({
      result: 'CONDITIONAL',
      conditions: {
        anyOf: [
          { rule: 'IS_IN_ENVIRONMENT' },
          { allOf: [{ rule: 'IS_SERVICE_OWNER' }, { not: {} }] },
        ],
      },
    });
  });

  it('shows deployments only to members where it is set so', async () => {
    const { ask } = await start({
      slipway: { groups: GROUPS, readers: 'members' },
    });
    expect(await ask(deliveryDeploymentReadPermission)).toMatchObject({
      result: 'CONDITIONAL',
      conditions: { rule: 'IS_SERVICE_OWNER' },
    });
  });

  it('denies everything to nobody', async () => {
    const policy = SlipwayPolicy.create({
      config: readPolicyConfig(
        mockServices.rootConfig({
          data: {
            permission: { slipway: { allow: { 'cost.read': 'everyone' } } },
          },
        }),
      ).config,
      userInfo: mockServices.userInfo(),
      logger: mockServices.logger.mock(),
    });
    for (const permission of [
      unknown,
      catalogDelete,
      deliveryDeploymentReadPermission,
    ]) {
      expect(await policy.handle({ permission })).toEqual({ result: 'DENY' });
    }
  });

  it('allows nothing when it cannot be told who somebody is', async () => {
    const policy = SlipwayPolicy.create({
      config: readPolicyConfig(mockServices.rootConfig({ data: {} })).config,
      userInfo: mockServices.userInfo.mock({
        getUserInfo: async () => {
          throw new Error('the auth backend is away');
        },
      }),
      logger: mockServices.logger.mock(),
    });
    await expect(
      policy.handle(
        { permission: deliveryDeploymentReadPermission },
        {
          credentials: mockCredentials.user(),
          info: { userEntityRef: 'user:default/ada', ownershipEntityRefs: [] },
        },
      ),
    ).rejects.toThrow('the auth backend is away');
  });

  it('denies what a caller makes of another type than it is, instead of failing', async () => {
    const { ask } = await start({});
    for (const name of [
      'delivery.deployment.sync',
      'catalog.entity.delete',
      'scaffolder.task.read',
    ]) {
      expect(
        await ask(createPermission({ name, attributes: {} })),
      ).toMatchObject({ result: 'DENY' });
      expect(
        await ask(
          createPermission({ name, attributes: {}, resourceType: 'another' }),
        ),
      ).toMatchObject({ result: 'DENY' });
    }
  });

  it('says once of a permission that no rule knows which key allows it, and denies it', async () => {
    const { ask, lines } = await start({
      groups: ['group:default/operations'],
    });
    expect(await ask(unknown)).toMatchObject({ result: 'DENY' });
    expect(await ask(unknown)).toMatchObject({ result: 'DENY' });
    expect(
      lines.filter(({ message }) => message.includes('cost.read')),
    ).toEqual([
      {
        level: 'info',
        message: expect.stringContaining(
          "permission.slipway.allow['cost.read']: everyone",
        ),
      },
    ]);
  });

  it('lets nobody fill the log with names that they make up', async () => {
    const { ask, lines } = await start({});
    await ask(createPermission({ name: 'a\nforged line', attributes: {} }));
    await ask(createPermission({ name: 'x'.repeat(5_000), attributes: {} }));
    for (let index = 0; index < 150; index++) {
      await ask(createPermission({ name: `made.up${index}`, attributes: {} }));
    }
    const told = lines.filter(({ message }) =>
      message.includes('is denied to'),
    );
    expect(told).toHaveLength(100);
    expect(told[0].message).toContain('made.up0');
  });

  it('allows what the configuration allows, and everything else to platform engineers', async () => {
    const slipway = {
      groups: GROUPS,
      allow: { 'cost.read': 'everyone', 'catalog.entity.delete': 'everyone' },
    };
    const { ask } = await start({ slipway });
    expect(await ask(unknown)).toMatchObject({ result: 'ALLOW' });
    expect(await ask(catalogDelete)).toMatchObject({ result: 'ALLOW' });
    const engineer = await start({
      groups: ['group:default/platform-engineering'],
    });
    expect(await engineer.ask(unknown)).toMatchObject({ result: 'ALLOW' });
    expect(await engineer.ask(taskRead)).toMatchObject({ result: 'ALLOW' });
    expect(
      await engineer.ask(
        createPermission({ name: 'delivery.other', attributes: {} }),
      ),
    ).toMatchObject({ result: 'DENY' });
  });

  it('warns at start of the roles that are nobody’s', async () => {
    const { lines } = await start({ slipway: {} });
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([
      {
        level: 'warn',
        message: expect.stringContaining(
          'permission.slipway.groups.approvers names no group',
        ),
      },
    ]);
  });

  it('keeps the backend from starting with a configuration that is wrong', async () => {
    await expect(
      start({ slipway: { groups: { operators: ['operations'] } } }),
    ).rejects.toThrow(
      "permission.slipway.groups.operators[0]: 'operations' is no full ref of a group; write group:default/operations",
    );
  });
});
