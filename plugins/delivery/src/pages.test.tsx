import { ReactElement } from 'react';
import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import { ResponseError } from '@backstage/errors';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { SignalApi, signalApiRef } from '@backstage/plugin-signals-react';
import {
  Deployment,
  FleetCell,
  FleetPage as Page,
  FleetQuery,
  HistoryPage,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import { DeliveryApi, deliveryApiRef } from '@slipway/plugin-delivery-react';
import { DeploymentsCard } from './components/DeploymentsCard';
import { DeploymentsTab } from './components/DeploymentsTab';
import { FleetPage } from './components/FleetPage';

const REF = 'component:default/checkout';
const fresh = { source: 'argocd:main', state: 'fresh' as const };
const production = { id: 'production', title: 'Production', standby: false };
const staging = { id: 'staging', title: 'Staging', standby: false };
const upstream = {
  id: 'argocd:main',
  title: 'Argo CD main',
  kind: 'argocd',
  state: 'live' as const,
  since: '2026-11-22T10:00:00Z',
};

const cell = (change: Partial<FleetCell> = {}): FleetCell => ({
  status: 'healthy',
  serving: { label: '1.9.0' },
  observation: fresh,
  bound: true,
  targets: 1,
  ...change,
});

function fleet(options: {
  names?: string[];
  cells?: { [environment: string]: FleetCell };
  change?: Partial<Page>;
}): Page {
  const names = options.names ?? ['checkout', 'payment'];
  return {
    version: 1,
    chains: [
      { id: 'n9', title: 'N9', environments: [staging, production] },
      { id: 'micro', title: 'Micro', environments: [staging, production] },
    ],
    groups: names.length
      ? [{ key: 'core', title: 'core', services: names.length, attention: 0 }]
      : [],
    rows: names.map(name => ({
      entityRef: `component:default/${name}`,
      title: name,
      chain: 'n9',
      group: 'core',
      cells: options.cells ?? { staging: cell(), production: cell() },
    })),
    offset: 0,
    totals: {
      services: names.length,
      attention: 0,
      all: names.length,
      unmatchedApplications: 0,
    },
    upstreams: [upstream],
    ...options.change,
  };
}

function deployment(change: Partial<Deployment> = {}): Deployment {
  const release = {
    tag: '1.9.0',
    image: 'registry.example/checkout',
    revisions: [],
  };
  return {
    entityRef: REF,
    environment: 'production',
    target: {
      id: 't',
      instance: 'main',
      applicationNamespace: 'argocd',
      application: 'checkout-production',
      cluster: 'eks-production',
      region: 'us-east-1',
      url: 'https://argocd.example/applications/argocd/checkout-production',
    },
    binding: { state: 'bound', by: 'application-annotation' },
    assessment: {
      status: 'healthy',
      reason: 'serving-wanted',
      summary: 'It serves what git asks for.',
    },
    observation: fresh,
    wanted: release,
    serving: release,
    sync: 'synced',
    health: 'healthy',
    policy: { automated: false, prune: true, selfHeal: true },
    conditions: [],
    replicas: { wanted: 4, ready: 3 },
    ...change,
  };
}

function service(
  deployments: Deployment[],
  change: Partial<ServiceDeployments> = {},
): ServiceDeployments {
  return {
    version: 1,
    entityRef: REF,
    chain: { id: 'n9', title: 'N9' },
    environments: [{ environment: production, deployments }],
    headline: 'Production serves 1.9.0.',
    upstreams: [upstream],
    ...change,
  };
}

const noHistory: HistoryPage = { entries: [] };

function refusal(status: number, code: string): Promise<ResponseError> {
  return ResponseError.fromResponse({
    ok: false,
    status,
    statusText: '',
    headers: new Headers({ 'content-type': 'application/json' }),
    text: async () =>
      JSON.stringify({
        error: { name: 'Error', message: 'no', code },
        response: { statusCode: status },
      }),
  } as Response);
}

function Address() {
  const { pathname, search } = useLocation();
  return <output aria-label="address">{`${pathname}${search}`}</output>;
}

const ada = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'ada', namespace: 'default' },
  spec: {
    profile: { displayName: 'Ada Lovelace', email: 'ada@example.com' },
    memberOf: [],
  },
};

function render(
  element: ReactElement,
  api: Partial<DeliveryApi>,
  address = '/',
) {
  const listeners = new Set<(message: never) => void>();
  const signals: SignalApi = {
    subscribe(_channel, onMessage) {
      listeners.add(onMessage);
      return { unsubscribe: () => listeners.delete(onMessage) };
    },
  };
  renderInTestApp(
    <>
      {element}
      <Address />
    </>,
    {
      apis: [
        [deliveryApiRef, api as DeliveryApi],
        [signalApiRef, signals],
        [catalogApiRef, catalogApiMock({ entities: [ada] })],
      ],
      initialRouteEntries: [address],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  return {
    send: (version: number) =>
      act(() =>
        listeners.forEach(listener =>
          listener({ version, entityRefs: [REF], upstreams: [] } as never),
        ),
      ),
  };
}

const ofEntity = (element: ReactElement) => (
  <EntityProvider
    entity={{
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'checkout', namespace: 'default' },
      spec: { type: 'service' },
    }}
  >
    {element}
  </EntityProvider>
);

const address = () => screen.getByLabelText('address').textContent;

// jsdom lays nothing out, and a virtual list shows what fits into its height.
beforeEach(() => {
  jest.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(800);
  jest.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1280);
  HTMLElement.prototype.scrollTo = () => {};
});
afterEach(() => jest.restoreAllMocks());

describe('FleetPage', () => {
  it('answers in its first line and shows a grid that says its size', async () => {
    render(<FleetPage />, {
      getFleet: async () =>
        fleet({
          change: {
            totals: {
              services: 142,
              attention: 3,
              all: 142,
              unmatchedApplications: 0,
            },
          },
        }),
    });
    expect(await screen.findByText('142 services')).toBeInTheDocument();
    expect(screen.getByText('3 need attention')).toBeInTheDocument();
    expect(screen.getByText('live')).toBeInTheDocument();
    const grid = screen.getByRole('grid');
    // The heading of the columns, that of the group, and two services.
    expect(grid).toHaveAttribute('aria-rowcount', '4');
    expect(
      within(grid).getByRole('columnheader', { name: 'Production' }),
    ).toBeInTheDocument();
  });

  it('asks for what the address says, and writes what is chosen into it', async () => {
    const getFleet = jest.fn(async (_query: FleetQuery) => fleet({}));
    render(
      <FleetPage />,
      { getFleet },
      '/?chain=n9&problems=true&q=pay&group=wave',
    );
    await screen.findByRole('grid');
    expect(getFleet.mock.calls[0][0]).toMatchObject({
      chain: 'n9',
      attention: true,
      text: 'pay',
      groupBy: 'wave',
    });
    await userEvent.click(screen.getByRole('button', { name: 'Owned by me' }));
    await waitFor(() =>
      expect(address()).toBe(
        '/?chain=n9&owned=true&problems=true&q=pay&group=wave',
      ),
    );
    await waitFor(() =>
      expect(getFleet).toHaveBeenLastCalledWith(
        expect.objectContaining({ owned: true }),
        expect.anything(),
      ),
    );
  });

  it('tells people without services that they own none', async () => {
    const none = async () =>
      fleet({
        names: [],
        change: {
          totals: {
            services: 0,
            attention: 0,
            all: 28,
            unmatchedApplications: 0,
          },
        },
      });
    render(<FleetPage />, { getFleet: none }, '/?owned=true');
    expect(
      await screen.findByText('You own no service here'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/None of the 28 services belongs to you/),
    ).toBeInTheDocument();
  });

  it('says that other filters may be to blame for an empty list of own services', async () => {
    const none = async () =>
      fleet({
        names: [],
        change: {
          totals: {
            services: 0,
            attention: 0,
            all: 28,
            unmatchedApplications: 0,
          },
        },
      });
    render(<FleetPage />, { getFleet: none }, '/?owned=true&q=pay');
    expect(
      await screen.findByText('No service is left with these filters'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/and matches the other filters/),
    ).toBeInTheDocument();
  });

  it('prints every service, not only those on screen', async () => {
    const names = Array.from({ length: 80 }, (_, index) => `s${index}`);
    render(<FleetPage />, { getFleet: async () => fleet({ names }) });
    await screen.findByText('s0');
    expect(screen.queryByText('s79')).not.toBeInTheDocument();
    act(() => {
      window.dispatchEvent(new Event('beforeprint'));
    });
    expect(screen.getByText('s79')).toBeInTheDocument();
    act(() => {
      window.dispatchEvent(new Event('afterprint'));
    });
    expect(screen.queryByText('s79')).not.toBeInTheDocument();
  });

  it('goes to the search by / and searches once typing rests', async () => {
    const getFleet = jest.fn(async (_query: FleetQuery) => fleet({}));
    render(<FleetPage />, { getFleet });
    await screen.findByRole('grid');
    await userEvent.keyboard('/');
    expect(screen.getByRole('searchbox')).toHaveFocus();
    await userEvent.keyboard('pay');
    await waitFor(() => expect(address()).toBe('/?q=pay'));
    expect(getFleet.mock.calls.map(([query]) => query.text)).not.toContain('p');
  });

  it('moves by arrow keys, shows the card of a cell, and opens the tab by Enter', async () => {
    render(<FleetPage />, {
      getFleet: async () =>
        fleet({
          cells: {
            staging: cell(),
            production: cell({ status: 'degraded', note: 'Image gone' }),
          },
        }),
    });
    const link = await screen.findByRole('link', { name: 'checkout' });
    act(() => link.focus());
    await userEvent.keyboard('{ArrowRight}{ArrowRight}');
    const focused = document.activeElement as HTMLElement;
    expect(focused).toHaveAttribute('role', 'gridcell');
    expect(focused).toHaveTextContent('Image gone');
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await waitFor(() =>
      expect(address()).toBe('/catalog/default/component/payment/deployments'),
    );
  });

  it('has exactly one stop for Tab in the grid', async () => {
    render(<FleetPage />, { getFleet: async () => fleet({}) });
    const grid = await screen.findByRole('grid');
    expect(grid.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
  });

  it('keeps the focus on a line while its service is loaded', async () => {
    const names = Array.from(
      { length: 150 },
      (_, index) => `service-${String(index).padStart(3, '0')}`,
    );
    let load = () => {};
    const loaded = new Promise<void>(resolve => (load = resolve));
    render(<FleetPage />, {
      getFleet: async ({ offset = 0, limit = 100 }) => {
        if (offset > 0) {
          await loaded;
        }
        const whole = fleet({ names });
        return {
          ...whole,
          offset,
          rows: whole.rows.slice(offset, offset + limit),
        };
      },
    });
    const link = await screen.findByRole('link', { name: 'service-000' });
    act(() => link.focus());
    await userEvent.keyboard('{Control>}{End}{/Control}{Home}');
    await waitFor(() =>
      expect(document.activeElement).toHaveAttribute('data-position', '150:0'),
    );
    // jsdom does not scroll, so the list is told where it is.
    const grid = screen.getByRole('grid');
    grid.scrollTop = 5_600;
    fireEvent.scroll(grid);
    await act(async () => load());
    expect(
      await screen.findByRole('link', { name: 'service-149' }),
    ).toHaveFocus();
  });

  it('shows the card of a cell under the pointer', async () => {
    render(<FleetPage />, {
      getFleet: async () =>
        fleet({
          names: ['checkout'],
          cells: {
            production: cell({ note: 'Image gone', status: 'degraded' }),
          },
        }),
    });
    const grid = await screen.findByRole('grid');
    const [, degraded] = within(grid).getAllByRole('gridcell');
    await userEvent.hover(degraded);
    const card = await screen.findByRole('tooltip');
    expect(card).toHaveTextContent('checkout in Production');
    expect(degraded).toHaveAttribute('aria-describedby', card.id);
    fireEvent.keyDown(degraded, { key: 'Escape' });
    expect(screen.queryByRole('tooltip')).not.toBeInTheDocument();
  });

  it('reads the version of a signal and lets the changed cell glow, only that one', async () => {
    const getFleet = jest.fn(async (query: FleetQuery) =>
      fleet({
        names: ['checkout'],
        cells: {
          staging: cell({
            serving: { label: query.atLeast ? '2.0.0' : '1.9.0' },
          }),
          production: cell(),
        },
      }),
    );
    const { send } = render(<FleetPage />, { getFleet });
    await screen.findByRole('grid');
    expect(screen.queryByTestId('glow')).not.toBeInTheDocument();
    send(9);
    expect(await screen.findByText('2.0.0')).toBeInTheDocument();
    expect(getFleet).toHaveBeenLastCalledWith(
      expect.objectContaining({ atLeast: 9 }),
      expect.anything(),
    );
    expect(screen.getAllByTestId('glow')).toHaveLength(1);
  });

  it('keeps the rest of the page when one upstream fails, and says which', async () => {
    render(<FleetPage />, {
      getFleet: async () =>
        fleet({
          names: ['checkout'],
          cells: {
            staging: cell(),
            production: cell({
              observation: {
                source: 'argocd:n9',
                state: 'stale',
                observedAt: '2020-01-01T00:00:00Z',
              },
            }),
          },
          change: {
            upstreams: [
              upstream,
              {
                ...upstream,
                id: 'argocd:n9',
                title: 'Argo CD n9',
                state: 'down',
              },
            ],
          },
        }),
    });
    expect(
      await screen.findByText(/Argo CD n9 has not answered/),
    ).toBeVisible();
    expect(screen.getByText('1 of 2 sources live')).toBeInTheDocument();
    expect(screen.getByText('Healthy, last known')).toBeInTheDocument();
    expect(screen.getByText(/y old$/)).toBeInTheDocument();
  });

  it('says that nothing needs attention, and leads back to all services', async () => {
    render(
      <FleetPage />,
      {
        getFleet: async query =>
          query.attention
            ? fleet({
                names: [],
                change: {
                  totals: {
                    services: 0,
                    attention: 0,
                    all: 2,
                    unmatchedApplications: 0,
                  },
                },
              })
            : fleet({}),
      },
      '/?problems=true',
    );
    expect(await screen.findByText('Nothing needs attention')).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Show all services' }),
    );
    expect(await screen.findByRole('grid')).toBeInTheDocument();
  });

  it('says what makes a service show when there is none at all', async () => {
    render(<FleetPage />, { getFleet: async () => fleet({ names: [] }) });
    expect(await screen.findByText('No service is deployed yet')).toBeVisible();
  });

  it('has the shape of the fleet while it is read', async () => {
    render(<FleetPage />, { getFleet: () => new Promise(() => {}) });
    expect(
      await screen.findByText('Reading what runs where…'),
    ).toBeInTheDocument();
  });

  it.each([
    [403, 'delivery.read-not-allowed', 'You may not see these deployments'],
    [400, 'delivery.invalid-parameter', /asks for something that is not there/],
  ])('explains a %d with code %s', async (status, code, title) => {
    const error = await refusal(status, code);
    render(<FleetPage />, {
      getFleet: async () => {
        throw error;
      },
    });
    expect(await screen.findByText(title)).toBeInTheDocument();
  });

  it('says what still works when the backend does not answer', async () => {
    render(<FleetPage />, {
      getFleet: async () => {
        throw new TypeError('Failed to fetch');
      },
    });
    expect(
      await screen.findByText(/What runs keeps running/, undefined, {
        timeout: 3_000,
      }),
    ).toBeInTheDocument();
  });
});

describe('DeploymentsTab', () => {
  const getHistory = async () => noHistory;

  it('begins with the answer, then each environment with its facts', async () => {
    render(ofEntity(<DeploymentsTab />), {
      getDeployments: async () => service([deployment()]),
      getHistory,
    });
    expect(await screen.findByText('Production serves 1.9.0.')).toBeVisible();
    const column = screen.getByRole('region', { name: 'Production' });
    expect(within(column).getByText('3 of 4 ready')).toBeInTheDocument();
    expect(within(column).getByText('Manual: a person syncs')).toBeVisible();
    expect(
      within(column).getByRole('link', {
        name: 'Open checkout-production in Argo CD',
      }),
    ).toHaveAttribute('target', '_blank');
  });

  it('says what is served and what git asks for when they differ', async () => {
    render(ofEntity(<DeploymentsTab />), {
      getDeployments: async () =>
        service([deployment({ wanted: { tag: '2.0.0', revisions: [] } })]),
      getHistory,
    });
    expect(await screen.findByText('Git asks for')).toBeInTheDocument();
    expect(screen.getByText('2.0.0')).toBeInTheDocument();
    expect(screen.getByText('1.9.0')).toBeInTheDocument();
  });

  it('says what to do about an unbound deployment', async () => {
    render(ofEntity(<DeploymentsTab />), {
      getDeployments: async () =>
        service([
          deployment({
            binding: { state: 'unbound', reason: 'Only its name says so.' },
          }),
        ]),
      getHistory,
    });
    expect(await screen.findByText(/Only its name says so\./)).toBeVisible();
    expect(
      screen.getByText(
        /backstage.io\/entity-ref: 'component:default\/checkout'/,
      ),
    ).toBeInTheDocument();
  });

  it('says what lies between two environments', async () => {
    render(ofEntity(<DeploymentsTab />), {
      getDeployments: async () =>
        service([], {
          environments: [
            {
              environment: staging,
              deployments: [deployment({ environment: 'staging' })],
            },
            {
              environment: production,
              deployments: [deployment()],
              difference: {
                from: 'staging',
                release: 'behind',
                sentences: ['It lacks 3 commits.'],
              },
            },
          ],
        }),
      getHistory,
    });
    const between = await screen.findByRole('group', {
      name: 'Compared with Staging',
    });
    expect(between).toHaveTextContent('Behind Staging');
    expect(between).toHaveTextContent('It lacks 3 commits.');
  });

  it('teaches which annotations to add when nothing is known', async () => {
    render(ofEntity(<DeploymentsTab />), {
      getDeployments: async () => service([]),
      getHistory,
    });
    expect(
      await screen.findByText('No deployment of this service is known'),
    ).toBeVisible();
    expect(
      screen.getByText(
        /argocd\/app-selector: app.kubernetes.io\/name=checkout/,
      ),
    ).toBeInTheDocument();
    expect(screen.getAllByRole('button', { name: /^Copy/ })).toHaveLength(2);
  });

  it('pages through the history and tells people from robots', async () => {
    const entry = {
      environment: 'production',
      target: { id: 't', instance: 'main', application: 'a' },
      at: '2026-11-20T10:00:00Z',
      source: 'argocd-history' as const,
    };
    const getPage = jest.fn(
      async (_ref, options): Promise<HistoryPage> =>
        options?.cursor
          ? {
              entries: [
                {
                  ...entry,
                  id: '2',
                  release: { tag: '1.8.0', revisions: [] },
                  automated: true,
                },
              ],
            }
          : {
              entries: [
                {
                  ...entry,
                  id: '1',
                  release: { tag: '1.9.0', revisions: [] },
                  initiatedBy: 'ada@example.com',
                },
                {
                  ...entry,
                  id: '0',
                  release: { tag: '1.8.9', revisions: [] },
                  initiatedBy: 'admin',
                },
              ],
              nextCursor: 'next',
            },
    );
    render(ofEntity(<DeploymentsTab />), {
      getDeployments: async () => service([deployment()]),
      getHistory: getPage,
    });
    const history = await screen.findByRole('region', { name: 'History' });
    expect(
      await within(history).findByRole('link', { name: 'Ada Lovelace' }),
    ).toHaveAttribute('href', '/catalog/default/user/ada');
    expect(within(history).getByText('admin')).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Show older deployments' }),
    );
    expect(await within(history).findByText('1.8.0')).toBeInTheDocument();
    expect(within(history).getByText('automation')).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Show older deployments' }),
    ).not.toBeInTheDocument();
  });

  it('says which commit a release was read from, and whose it is', async () => {
    const release = (tag: string, sha: string, message: string) => ({
      tag,
      revisions: [
        {
          kind: 'git' as const,
          revision: sha,
          repoUrl: 'https://git.example/gitops.git',
          commit: { sha, message, author: 'Ada Lovelace <ada@example.com>' },
        },
      ],
    });
    render(ofEntity(<DeploymentsTab />), {
      getDeployments: async () =>
        service([
          deployment({
            serving: release('1.8.2', 'aaaaaaaaaa', 'Release 1.8.2\n\nBody'),
            wanted: release('1.9.0', 'bbbbbbbbbb', 'Release another service'),
          }),
        ]),
      getHistory,
    });
    expect(
      await screen.findByText(/Deployed from commit aaaaaaa/),
    ).toBeInTheDocument();
    expect(screen.getByText('Release 1.8.2')).toBeInTheDocument();
    // The newest commit of git need not be about this service.
    expect(screen.getByText(/As of commit bbbbbbb/)).toBeInTheDocument();
    expect(
      await screen.findAllByRole('link', { name: 'Ada Lovelace' }),
    ).toHaveLength(2);
    expect(screen.queryByText(/ada@example.com/)).not.toBeInTheDocument();
  });

  it('says once what Argo CD says three times, and nothing of what went well', async () => {
    const message = 'the image is not signed';
    render(ofEntity(<DeploymentsTab />), {
      getDeployments: async () =>
        service([
          deployment({
            assessment: {
              status: 'degraded',
              reason: 'sync-failed',
              summary: `Argo CD could not sync it: ${message}.`,
            },
            conditions: [
              { type: 'SyncError', severity: 'error', message },
              { type: 'Other', severity: 'warning', message: 'look at me' },
            ],
            operation: {
              phase: 'failed',
              message,
              automated: true,
              dryRun: false,
              partial: false,
            },
          }),
          deployment({
            operation: {
              phase: 'succeeded',
              message: 'successfully synced (all tasks run)',
              initiatedBy: 'ada@example.com',
              automated: false,
              dryRun: false,
              partial: false,
            },
          }),
        ]),
      getHistory,
    });
    expect(await screen.findAllByText(/the image is not signed/)).toHaveLength(
      1,
    );
    expect(screen.getByText('look at me')).toBeInTheDocument();
    expect(screen.getByText(/by Argo CD itself/)).toBeInTheDocument();
    expect(screen.queryByText(/all tasks run/)).not.toBeInTheDocument();
    expect(
      await screen.findByRole('link', { name: 'Ada Lovelace' }),
    ).toBeInTheDocument();
  });

  it('knows that what is scaled to no replicas serves nothing', async () => {
    render(ofEntity(<DeploymentsTab />), {
      getDeployments: async () =>
        service([
          deployment({
            serving: undefined,
            assessment: {
              status: 'healthy',
              reason: 'scaled-to-none',
              summary: 'It is scaled to no replicas.',
            },
          }),
        ]),
      getHistory,
    });
    expect(
      await screen.findByText('Nothing: it is scaled to no replicas.'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/Nobody can say/)).not.toBeInTheDocument();
  });

  it('keeps the environments when only the history fails', async () => {
    render(ofEntity(<DeploymentsTab />), {
      getDeployments: async () => service([deployment()]),
      getHistory: async () => {
        throw await refusal(403, 'delivery.read-not-allowed');
      },
    });
    expect(
      await screen.findByText(/The history cannot be read/),
    ).toBeInTheDocument();
    expect(screen.getByText('Production serves 1.9.0.')).toBeInTheDocument();
  });

  it('says that the service is not in the catalog', async () => {
    const error = await refusal(404, 'delivery.entity-not-found');
    render(ofEntity(<DeploymentsTab />), {
      getDeployments: async () => {
        throw error;
      },
      getHistory,
    });
    expect(
      await screen.findByText('This service is not in the catalog'),
    ).toBeInTheDocument();
  });
});

describe('DeploymentsCard', () => {
  it('shows the worst of several targets, and leads to the tab', async () => {
    render(ofEntity(<DeploymentsCard />), {
      getDeployments: async () =>
        service([
          deployment(),
          deployment({
            assessment: { status: 'degraded', reason: 'x', summary: 'Broken' },
          }),
        ]),
    });
    expect(await screen.findByText('Degraded')).toBeInTheDocument();
    expect(screen.getByText('2 targets')).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'All about its deployments' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/checkout/deployments',
    );
  });

  it('does not vanish when nothing is known, but says how to connect', async () => {
    render(ofEntity(<DeploymentsCard />), {
      getDeployments: async () => service([]),
    });
    expect(
      await screen.findByText('No deployment of this service is known.'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'How to connect it' }),
    ).toBeInTheDocument();
  });
});
