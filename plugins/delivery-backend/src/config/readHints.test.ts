import { mockServices } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';
import { readHints } from './readHints';

function namesServices(data: JsonObject): boolean {
  return readHints(mockServices.rootConfig({ data })).nameServices;
}

describe('hints about changes', () => {
  it('name services where everybody who is signed in may see them', () => {
    expect(namesServices({})).toBe(true);
    expect(
      namesServices({ permission: { slipway: { readers: 'everyone' } } }),
    ).toBe(true);
  });

  it('name none where only members may see them', () => {
    expect(
      namesServices({ permission: { slipway: { readers: 'members' } } }),
    ).toBe(false);
  });

  it('do as they are told, for the sake of other policies', () => {
    expect(
      namesServices({ delivery: { hints: { nameServices: false } } }),
    ).toBe(false);
    expect(
      namesServices({
        delivery: { hints: { nameServices: true } },
        permission: { slipway: { readers: 'members' } },
      }),
    ).toBe(true);
  });
});
