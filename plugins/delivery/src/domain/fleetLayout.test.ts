import fc from 'fast-check';
import { FleetGroup } from '@slipway/plugin-delivery-common';
import { layoutFleet, servicesBetween } from './fleetLayout';

const group = (key: string, services: number): FleetGroup => ({
  key,
  title: key,
  services,
  attention: 0,
});

describe('layoutFleet', () => {
  it('puts a heading before the services of each group', () => {
    const layout = layoutFleet([group('a', 2), group('b', 1)], 'system');
    const lines = Array.from({ length: layout.count }, (_, line) => {
      const item = layout.itemAt(line);
      return item?.kind === 'group' ? item.group.key : item?.service;
    });
    expect(lines).toEqual(['a', 0, 1, 'b', 2]);
    expect(layout.itemAt(5)).toBeUndefined();
    expect(layout.itemAt(-1)).toBeUndefined();
  });

  it('has no headings without grouping', () => {
    const layout = layoutFleet([group('', 3)], 'none');
    expect(layout.count).toBe(3);
    expect(layout.itemAt(0)).toEqual({ kind: 'service', service: 0 });
  });

  it('has a line for each service, in order, whatever the groups', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 30 })), sizes => {
        const groups = sizes.map((size, index) => group(`${index}`, size));
        const layout = layoutFleet(groups, 'system');
        const services: number[] = [];
        for (let line = 0; line < layout.count; line++) {
          const item = layout.itemAt(line);
          if (item?.kind === 'service') {
            services.push(item.service);
          }
        }
        const total = sizes.reduce((sum, size) => sum + size, 0);
        expect(services).toEqual(Array.from({ length: total }, (_, i) => i));
      }),
    );
  });
});

describe('servicesBetween', () => {
  const layout = layoutFleet([group('a', 2), group('b', 2)], 'system');

  it('leaves headings out', () => {
    expect(servicesBetween(layout, 2, 4)).toEqual({ first: 1, last: 2 });
  });

  it('is nothing where there are only headings', () => {
    expect(servicesBetween(layout, 0, 0)).toBeUndefined();
  });
});
