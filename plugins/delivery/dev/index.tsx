/**
 * The delivery pages without a backend: `yarn start` in this package, then
 * choose a scenario on the first page.
 */
import {
  ApiBlueprint,
  createFrontendModule,
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { createDevApp } from '@backstage/frontend-dev-utils';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { deliveryApiRef } from '@slipway/plugin-delivery-react';
import deliveryPlugin from '../src';
import { ScriptedDelivery } from './ScriptedDelivery';
import { createScriptedSignals } from './scriptedSignals';
import { currentScenario, SCENARIOS } from './scenarios';
import { SERVICES } from './world';

const CHANGE_EVERY_MS = 6_000;

const scenario = currentScenario();
const signals = createScriptedSignals();
const delivery = new ScriptedDelivery(scenario, entityRef =>
  signals.send({
    version: delivery.world.version,
    entityRefs: [entityRef],
    upstreams: [],
  }),
);

if (scenario === 'full' || scenario === 'large') {
  let next = 0;
  setInterval(() => {
    const { name } = SERVICES[next++ % 4];
    const changed = scenario === 'large' ? 'service-0003' : name;
    const version = delivery.deploy(changed, 'staging');
    signals.send({
      version,
      entityRefs: [`component:default/${changed}`],
      upstreams: [],
    });
  }, CHANGE_EVERY_MS);
}

const scriptedDelivery = createFrontendModule({
  pluginId: 'delivery',
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: deliveryApiRef,
          deps: {},
          factory: () => delivery,
        }),
    }),
  ],
});

const scriptedSignals = createFrontendPlugin({
  pluginId: 'signals',
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: signalApiRef,
          deps: {},
          factory: () => signals.api,
        }),
    }),
  ],
});

const scriptedCatalog = createFrontendModule({
  pluginId: 'catalog',
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: catalogApiRef,
          deps: {},
          factory: () =>
            catalogApiMock({
              entities: [
                ...[...SERVICES.map(({ name }) => name), 'brand-new'].map(
                  service,
                ),
                person('ada.okafor', 'Ada Okafor'),
                person('wei.lindqvist', 'Wei Lindqvist'),
              ],
            }),
        }),
    }),
  ],
});

function service(name: string) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default' },
    spec: { type: 'service', lifecycle: 'production', owner: 'payments' },
  };
}

function person(name: string, displayName: string) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name, namespace: 'default' },
    spec: { profile: { displayName }, memberOf: [] },
  };
}

const menu = createFrontendPlugin({
  pluginId: 'harness',
  extensions: [
    PageBlueprint.make({
      params: {
        path: '/',
        title: 'Scenarios',
        loader: async () => <Menu />,
      },
    }),
  ],
});

function Menu() {
  return (
    <ul>
      {Object.entries(SCENARIOS).map(([name, what]) => (
        <li key={name}>
          <a href={`/deployments?scenario=${name}`}>{name}</a>: {what} (
          <a
            href={`/catalog/default/component/checkout/deployments?scenario=${name}`}
          >
            tab
          </a>
          , <a href={`/deployments/activity?scenario=${name}`}>activity</a>,{' '}
          <a href={`/catalog/default/component/checkout?scenario=${name}`}>
            card
          </a>
          )
        </li>
      ))}
    </ul>
  );
}

createDevApp({
  features: [
    menu,
    catalogPlugin,
    scriptedCatalog,
    scriptedSignals,
    deliveryPlugin,
    scriptedDelivery,
  ],
});
