import { ChainDescription } from '@slipway/plugin-delivery-common';
import { fleetColumns } from './fleetColumns';

const chain = (id: string, ...environments: string[]): ChainDescription => ({
  id,
  title: id,
  environments: environments.map(name => ({
    id: name,
    title: name,
    standby: name === 'recovery',
  })),
});

const ids = (chains: ChainDescription[], chosen?: string) =>
  fleetColumns(chains, chosen).map(({ id }) => id);

const N9 = chain('n9', 'staging', 'production', 'recovery');
const MICRO = chain('micro', 'development', 'staging', 'production');

describe('fleetColumns', () => {
  it('reads in the way of a release in every chain, whichever comes first', () => {
    const expected = ['development', 'staging', 'production', 'recovery'];
    expect(ids([N9, MICRO])).toEqual(expected);
    expect(ids([MICRO, N9])).toEqual(expected);
  });

  it('shows the environments of the chosen chain only', () => {
    expect(ids([N9, MICRO], 'micro')).toEqual([
      'development',
      'staging',
      'production',
    ]);
  });

  it('shows all when the chain of the address is not there any more', () => {
    expect(ids([N9], 'gone')).toEqual(['staging', 'production', 'recovery']);
  });

  it('puts an environment between its neighbours', () => {
    expect(
      ids([MICRO, chain('other', 'development', 'canary', 'production')]),
    ).toEqual(['development', 'canary', 'staging', 'production']);
  });
});
