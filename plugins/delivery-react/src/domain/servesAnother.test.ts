import { FleetCell, FleetRow } from '@slipway/plugin-delivery-common';
import { servesAnother } from './servesAnother';

function cell(serving: string, wanted?: string): FleetCell {
  return {
    status: 'healthy',
    serving: { label: serving },
    wanted: wanted ? { label: wanted } : undefined,
    observation: { source: 'argocd:main', state: 'fresh' },
    bound: true,
    targets: 1,
  };
}

function page(cells: { [environment: string]: FleetCell }): {
  rows: FleetRow[];
} {
  return {
    rows: [
      {
        entityRef: 'component:default/checkout',
        title: 'checkout',
        chain: 'n9',
        group: 'a',
        cells,
      },
    ],
  };
}

describe('servesAnother', () => {
  it.each([
    ['another release served', cell('2.0.0')],
    ['another release asked for', cell('1.0.0', '2.0.0')],
  ])('sees %s', (_, after) => {
    expect(
      servesAnother(page({ staging: cell('1.0.0') }), page({ staging: after })),
    ).toBe(true);
  });

  it('sees nothing where only the age of an observation changed', () => {
    const later = {
      ...cell('1.0.0'),
      observation: {
        source: 'argocd:main',
        state: 'fresh' as const,
        observedAt: '2026-11-22T10:00:00Z',
      },
    };
    expect(
      servesAnother(page({ staging: cell('1.0.0') }), page({ staging: later })),
    ).toBe(false);
  });

  it('does not count services and environments that come or go', () => {
    const both = page({ staging: cell('1.0.0'), production: cell('1.0.0') });
    const one = page({ staging: cell('1.0.0') });
    expect(servesAnother(one, both)).toBe(false);
    expect(servesAnother(both, one)).toBe(false);
    expect(servesAnother({ rows: [] }, both)).toBe(false);
  });
});
