import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router-dom';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import {
  catalogApiRef,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { DeliveryApi, deliveryApiRef } from '@slipway/plugin-delivery-react';
import {
  deliveryPlugin,
  DeploymentsPage,
  EntityDeploymentsCard,
  EntityDeploymentsContent,
} from './legacy';

const api: Partial<DeliveryApi> = {
  getFleet: async () => ({
    version: 1,
    chains: [],
    groups: [],
    rows: [],
    offset: 0,
    totals: { services: 0, attention: 0, all: 0, unmatchedApplications: 0 },
    upstreams: [],
  }),
  getDeployments: async entityRef => ({
    version: 1,
    entityRef,
    chain: { id: 'n9', title: 'N9' },
    environments: [],
    headline: '',
    upstreams: [],
  }),
  getHistory: async () => ({ entries: [] }),
};

const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'checkout', namespace: 'default' },
  spec: { type: 'service' },
};

async function render(element: JSX.Element) {
  await renderInTestApp(
    <TestApiProvider apis={[[deliveryApiRef, api as DeliveryApi]]}>
      <EntityProvider entity={entity}>
        <Routes>
          <Route path="/" element={element} />
        </Routes>
      </EntityProvider>
    </TestApiProvider>,
    { mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef } },
  );
}

describe('the plugin for the old frontend system', () => {
  it('brings its API along', () => {
    expect([...deliveryPlugin.getApis()].map(({ api: { id } }) => id)).toEqual([
      'plugin.delivery.api',
    ]);
  });

  it('shows the fleet under a header of its own', async () => {
    await render(<DeploymentsPage />);
    expect(
      await screen.findByText('No service is deployed yet'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('heading', { name: 'Deployments' }),
    ).toBeInTheDocument();
  });

  it('shows the tab', async () => {
    await render(<EntityDeploymentsContent />);
    expect(
      await screen.findByText('No deployment of this service is known'),
    ).toBeInTheDocument();
  });

  it('shows the card', async () => {
    await render(<EntityDeploymentsCard />);
    expect(
      await screen.findByText('No deployment of this service is known.'),
    ).toBeInTheDocument();
  });

  it('leads from the fleet to the tab of a service, with its history', async () => {
    // jsdom lays nothing out, and a virtual list shows what fits into its height.
    jest.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(800);
    HTMLElement.prototype.scrollTo = () => {};
    const environment = { id: 'staging', title: 'Staging', standby: false };
    const observation = { source: 'argocd:n9', state: 'fresh' as const };
    const running: Partial<DeliveryApi> = {
      getFleet: async () => ({
        version: 1,
        chains: [{ id: 'n9', title: 'N9', environments: [environment] }],
        groups: [{ key: 'core', title: 'Core', services: 1, attention: 0 }],
        rows: [
          {
            entityRef: 'component:default/checkout',
            title: 'Checkout',
            chain: 'n9',
            group: 'core',
            cells: {
              staging: {
                status: 'healthy',
                serving: { label: '1.9.0' },
                observation,
                bound: true,
                targets: 1,
              },
            },
          },
        ],
        offset: 0,
        totals: { services: 1, attention: 0, all: 1, unmatchedApplications: 0 },
        upstreams: [],
      }),
      getDeployments: async entityRef => ({
        version: 1,
        entityRef,
        chain: { id: 'n9', title: 'N9' },
        environments: [
          {
            environment,
            deployments: [
              {
                entityRef,
                environment: 'staging',
                target: {
                  id: 't',
                  instance: 'n9',
                  applicationNamespace: 'argocd',
                  application: 'checkout-staging',
                },
                binding: { state: 'bound', by: 'application-annotation' },
                assessment: {
                  status: 'healthy',
                  reason: 'healthy',
                  summary: 'It serves 1.9.0, as git asks.',
                },
                observation,
                serving: { tag: '1.9.0', revisions: [] },
                sync: 'synced',
                health: 'healthy',
                policy: { automated: true, prune: true, selfHeal: true },
                conditions: [],
              },
            ],
          },
        ],
        headline: 'Staging serves 1.9.0.',
        upstreams: [],
      }),
      getHistory: async () => ({
        entries: [
          {
            id: '1',
            environment: 'staging',
            target: { id: 't', instance: 'n9', application: 'a' },
            at: '2026-11-20T10:00:00Z',
            release: { tag: '1.9.0', revisions: [] },
            source: 'argocd-history',
            initiatedBy: 'ada@example.com',
          },
        ],
      }),
    };
    await renderInTestApp(
      <TestApiProvider
        apis={[
          [deliveryApiRef, running as DeliveryApi],
          [catalogApiRef, catalogApiMock()],
        ]}
      >
        <Routes>
          <Route path="/" element={<DeploymentsPage />} />
          <Route
            path="/catalog/default/component/checkout/deployments"
            element={
              <EntityProvider entity={entity}>
                <EntityDeploymentsContent />
              </EntityProvider>
            }
          />
        </Routes>
      </TestApiProvider>,
      { mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef } },
    );
    await userEvent.click(
      await screen.findByRole('link', { name: 'Checkout' }),
    );
    expect(
      await screen.findByText('Staging serves 1.9.0.'),
    ).toBeInTheDocument();
    expect(await screen.findByText('ada@example.com')).toBeInTheDocument();
  });
});
