import fc from 'fast-check';
import { FLEET_GROUPINGS } from '@slipway/plugin-delivery-common';
import {
  EVERYTHING,
  hidesServices,
  readFleetFilters,
  writeFleetFilters,
} from './fleetFilters';

describe('filters in the address', () => {
  it('come back as they were written, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.record({
          chain: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
          owned: fc.boolean(),
          problems: fc.boolean(),
          text: fc.string(),
          groupBy: fc.constantFrom(...FLEET_GROUPINGS),
        }),
        filters => {
          const written = writeFleetFilters(filters, new URLSearchParams());
          const read = new URLSearchParams(written.toString());
          expect(readFleetFilters(read)).toEqual(filters);
        },
      ),
    );
  });

  it('leave the plain page a plain address', () => {
    const params = new URLSearchParams('chain=n9&owned=true&q=pay&group=wave');
    expect(writeFleetFilters(EVERYTHING, params).toString()).toBe('');
  });

  it('leave parameters of others alone', () => {
    const params = new URLSearchParams('debug=1&q=old');
    expect(
      writeFleetFilters({ ...EVERYTHING, text: 'new' }, params).toString(),
    ).toBe('debug=1&q=new');
  });

  it('are as if absent when they cannot be read', () => {
    expect(
      readFleetFilters(
        new URLSearchParams('group=colour&owned=perhaps&chain='),
      ),
    ).toEqual(EVERYTHING);
  });

  it('hide services by every filter, but not by grouping', () => {
    expect(hidesServices({ ...EVERYTHING, groupBy: 'none' })).toBe(false);
    expect(hidesServices({ ...EVERYTHING, text: 'a' })).toBe(true);
    expect(hidesServices({ ...EVERYTHING, owned: true })).toBe(true);
  });
});
