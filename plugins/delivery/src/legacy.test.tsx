import { screen } from '@testing-library/react';
import { Route, Routes } from 'react-router-dom';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
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

async function render(element: JSX.Element) {
  await renderInTestApp(
    <TestApiProvider apis={[[deliveryApiRef, api as DeliveryApi]]}>
      <EntityProvider
        entity={{
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { name: 'checkout', namespace: 'default' },
          spec: { type: 'service' },
        }}
      >
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
});
