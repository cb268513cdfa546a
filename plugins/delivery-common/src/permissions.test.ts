import {
  deliveryPermissions,
  parseDeploymentResourceRef,
  stringifyDeploymentResourceRef,
} from './permissions';

describe('delivery permissions', () => {
  it('are the contract that policies are written against', () => {
    expect(deliveryPermissions).toEqual([
      {
        type: 'resource',
        name: 'delivery.deployment.read',
        attributes: { action: 'read' },
        resourceType: 'delivery-deployment',
      },
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
