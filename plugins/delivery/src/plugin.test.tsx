import {
  coreExtensionData,
  ExtensionDefinition,
} from '@backstage/frontend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import { screen } from '@testing-library/react';
import {
  createExtensionTester,
  renderInTestApp,
} from '@backstage/frontend-test-utils';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { DeliveryApi, deliveryApiRef } from '@slipway/plugin-delivery-react';
import plugin from '.';

// Its type does not say which extensions a plugin has; its tests ask by id.
function extension(id: string): ExtensionDefinition {
  return (
    plugin as unknown as { getExtension(id: string): ExtensionDefinition }
  ).getExtension(id);
}

describe('deliveryPlugin', () => {
  it.each([
    'api:delivery',
    'page:delivery',
    'entity-content:delivery/deployments',
    'entity-card:delivery/deployments',
  ])('has registered %s', id => {
    expect(extension(id)).toBeDefined();
  });

  it('has a page with a path, a title and an icon, or it is missing from the sidebar', () => {
    const tester = createExtensionTester(extension('page:delivery'));
    expect(tester.get(coreExtensionData.routePath)).toBe('/deployments');
    expect(tester.get(coreExtensionData.title)).toBe('Deployments');
    expect(tester.get(coreExtensionData.icon)).toBeTruthy();
  });

  it('has a page that screen readers can jump to', async () => {
    const api: Partial<DeliveryApi> = { getFleet: () => new Promise(() => {}) };
    renderInTestApp(
      createExtensionTester(extension('page:delivery'), {
        apis: [[deliveryApiRef, api as DeliveryApi]],
      }).reactElement(),
      {
        apis: [[deliveryApiRef, api as DeliveryApi]],
        mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      },
    );
    const main = await screen.findByRole('main');
    expect(main).toContainElement(
      await screen.findByRole('search', { name: 'Filters' }),
    );
  });

  it('has a tab in the group deployment for entities that have deployments', () => {
    const tester = createExtensionTester(
      extension('entity-content:delivery/deployments'),
    );
    expect(tester.get(coreExtensionData.routePath)).toBe('/deployments');
    expect(tester.get(EntityContentBlueprint.dataRefs.title)).toBe(
      'Deployments',
    );
    expect(tester.get(EntityContentBlueprint.dataRefs.group)).toBe(
      'deployment',
    );
    const filter = tester.get(
      EntityContentBlueprint.dataRefs.filterFunction,
    ) as ((entity: Entity) => boolean) | undefined;
    expect(
      filter?.({
        apiVersion: 'v1',
        kind: 'Component',
        metadata: { name: 'a' },
        spec: { type: 'service' },
      }),
    ).toBe(true);
  });

  it('has a card in the column of facts', () => {
    const tester = createExtensionTester(
      extension('entity-card:delivery/deployments'),
    );
    expect(tester.get(EntityCardBlueprint.dataRefs.type)).toBe('info');
  });
});
