import { FleetQuery, Observation } from '@slipway/plugin-delivery-common';
import { application, image, workload } from '../../__testUtils__/applications';
import { environmentNames } from '../matching/environmentOf';
import { Environment, Service } from '../matching/types';
import { deploymentOf } from './deploymentOf';
import { fleetRow } from './fleetRow';
import { fleetWindow } from './fleetWindow';
import { selectFleet } from './selectFleet';
import { serviceStateOf } from './serviceState';

const environments: Environment[] = [
  { id: 'staging', title: 'Staging', standby: false, aliases: [] },
  { id: 'production', title: 'Production', standby: false, aliases: ['prod'] },
];
const names = environmentNames(environments);

type Run = {
  environment: string;
  tag?: string;
  health?: 'healthy' | 'degraded';
  upstreamId?: string;
  namespace?: string;
};

function state(name: string, part: Partial<Service> & { runs?: Run[] } = {}) {
  const { runs = [{ environment: 'staging' }], ...others } = part;
  const service: Service = {
    entityRef: `component:default/${name}`,
    name,
    namespace: 'default',
    title: name,
    owners: ['group:default/team'],
    annotations: {},
    ...others,
  };
  return serviceStateOf({
    service,
    chain: { id: 'shop', environments },
    environments,
    names,
    systemTitle: undefined,
    assigned: runs.map(({ environment, tag = '1.0.0', ...run }, number) => {
      const observed = application({
        name: `${name}-${number}`,
        health: { state: run.health ?? 'healthy' },
        workloads: [workload({ wanted: image(tag) })],
        destination: { namespace: run.namespace ?? `shop-${environment}` },
      });
      return {
        application: observed,
        deployment: deploymentOf({
          targetId: 'target',
          application: observed,
          serving: {
            release: { image: 'registry.example/checkout', tag, revisions: [] },
          },
          upstreamId: run.upstreamId ?? 'a',
          entityRef: service.entityRef,
          binding: { state: 'bound', by: 'application-annotation' },
          environment,
          cluster: `cluster-${number}`,
          region: undefined,
        }),
      };
    }),
  });
}

const observations: { [id: string]: Observation } = {
  a: { source: 'a', state: 'fresh', observedAt: '2026-11-01T10:00:00.000Z' },
  b: {
    source: 'b',
    state: 'stale',
    observedAt: '2026-11-01T09:00:00.000Z',
    reason: 'b is away',
  },
};

function ask(
  services: ReturnType<typeof state>[],
  query: FleetQuery = {},
  ownership: string[] = [],
) {
  const { offset = 0, limit = 100, ...filters } = query;
  const selection = selectFleet({
    services,
    filters,
    ownership,
    isFresh: id => observations[id].state === 'fresh',
    systemTitle: ref => (ref === 'system:default/z' ? 'An A' : undefined),
  });
  return {
    groups: selection.groups.map(({ members, ...group }) => group),
    totals: selection.totals,
    rows: fleetWindow(selection, { offset, limit }).map(found => ({
      ...fleetRow(found.state, id => observations[id]),
      group: found.group,
    })),
  };
}

const titles = (page: ReturnType<typeof ask>) =>
  page.rows.map(({ title }) => title);

describe('a query of the fleet', () => {
  const fleet = [
    state('cart', { system: 'system:default/z' }),
    state('checkout', {
      system: 'system:default/b',
      annotations: { 'slipway.dev/sync-wave': '10' },
      runs: [
        { environment: 'staging', tag: '1.9.0' },
        { environment: 'production', tag: '1.8.2', health: 'degraded' },
      ],
    }),
    state('ledger', {
      annotations: { 'slipway.dev/sync-wave': '2' },
      owners: ['group:default/other'],
      runs: [{ environment: 'production', upstreamId: 'b' }],
    }),
    state('unborn', { runs: [] }),
  ];

  it('finds everything when it asks for nothing', () => {
    const page = ask(fleet);
    expect(titles(page)).toEqual(['cart', 'checkout', 'ledger', 'unborn']);
    expect(page).toMatchObject({
      groups: [{ key: '', services: 4, attention: 2 }],
      totals: { services: 4, attention: 2, all: 4 },
    });
  });

  it.each<[FleetQuery, string[]]>([
    [{ attention: true }, ['checkout', 'ledger']],
    [{ text: ' CHECK ' }, ['checkout']],
    [{ text: '1.9.0' }, ['checkout']],
    [{ text: 'no such' }, []],
    [{ owned: true }, ['cart', 'checkout', 'unborn']],
    [{ chain: 'n9' }, []],
    [{ offset: 1, limit: 2 }, ['checkout', 'ledger']],
    [{ offset: 10 }, []],
  ])('%j finds %j', (query, found) => {
    expect(titles(ask(fleet, query, ['group:default/team']))).toEqual(found);
  });

  it('groups by system title, and puts services without one last', () => {
    const page = ask(fleet, { groupBy: 'system' });
    expect(page.groups.map(({ title }) => title)).toEqual([
      'An A',
      'b',
      'No system',
    ]);
    expect(page.rows.map(({ group }) => group)).toEqual([
      'system:default/z',
      'system:default/b',
      '',
      '',
    ]);
  });

  it('groups by wave, as numbers', () => {
    expect(
      ask(fleet, { groupBy: 'wave' }).groups.map(({ title }) => title),
    ).toEqual(['Wave 2', 'Wave 10', 'No sync wave']);
  });

  it('groups by namespace, without the environment', () => {
    const services = [
      state('a', {
        runs: [{ environment: 'production', namespace: 'shop-prod' }],
      }),
      state('b', {
        runs: [{ environment: 'staging', namespace: 'shop-staging' }],
      }),
      state('c', { runs: [] }),
    ];
    expect(
      ask(services, { groupBy: 'namespace' }).groups.map(({ key }) => key),
    ).toEqual(['default', 'shop']);
  });

  it('cuts its window across groups, in the order of the groups', () => {
    const all = ask(fleet, { groupBy: 'system' }).rows;
    for (let offset = 0; offset < 4; offset++) {
      expect(ask(fleet, { groupBy: 'system', offset, limit: 2 }).rows).toEqual(
        all.slice(offset, offset + 2),
      );
    }
  });

  it('shows a cell as its worst target, and how far it can be trusted as the least', () => {
    const page = ask([
      state('x', {
        runs: [
          { environment: 'production', tag: '1.0.0' },
          { environment: 'production', health: 'degraded', upstreamId: 'b' },
        ],
      }),
    ]);
    expect(page.rows[0].cells.production).toMatchObject({
      status: 'degraded',
      note: 'cluster-1: It is degraded.',
      targets: 2,
      observation: { state: 'stale', reason: 'b is away' },
    });
  });

  it('compares a cell with the environment before it, and says nothing where all is well', () => {
    const { cells } = ask(fleet, { text: 'checkout' }).rows[0];
    expect(cells.production).toMatchObject({ difference: 'behind' });
    expect(cells.staging).not.toHaveProperty('note');
    expect(cells.staging).not.toHaveProperty('wanted');
  });
});
