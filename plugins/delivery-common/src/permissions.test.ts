import { DEPLOYMENT_ACTION_KINDS } from './model';
import {
  deliveryPermissions,
  permissionOfAction,
  parseDeploymentResourceRef,
  stringifyDeploymentResourceRef,
} from './permissions';

describe('delivery permissions', () => {
  it('are the contract that policies are written against', () => {
    const of = (name: string, action: 'read' | 'update') => ({
      type: 'resource',
      name,
      attributes: { action },
      resourceType: 'delivery-deployment',
    });
    expect(deliveryPermissions).toEqual([
      of('delivery.deployment.read', 'read'),
      of('delivery.deployment.refresh', 'update'),
      of('delivery.deployment.sync', 'update'),
      of('delivery.deployment.terminate', 'update'),
      of('delivery.deployment.revert', 'update'),
      of('delivery.activity.read', 'read'),
    ]);
  });

  it('say which one an action needs', () => {
    expect(
      DEPLOYMENT_ACTION_KINDS.map(
        action => `${action}: ${permissionOfAction(action).name}`,
      ),
    ).toEqual([
      'sync: delivery.deployment.sync',
      'refresh: delivery.deployment.refresh',
      'hard-refresh: delivery.deployment.refresh',
      'terminate: delivery.deployment.terminate',
      'revert: delivery.deployment.revert',
    ]);
  });

  it('survive the way through a resource ref', () => {
    const resource = {
      entityRef: 'component:default/checkout',
      environment: 'production',
    };
    expect(
      parseDeploymentResourceRef(stringifyDeploymentResourceRef(resource)),
    ).toEqual(resource);
  });

  it.each(['', '#production', 'component:default/checkout#', 'checkout'])(
    'are not asked about %j, which names no service and environment',
    ref => {
      expect(parseDeploymentResourceRef(ref)).toBeUndefined();
    },
  );
});
