import { parseApplicationId, stringifyApplicationId } from './application';

describe('the key of an application', () => {
  it('A13: tells apart one name in two namespaces and on two instances', () => {
    const keys = [
      { instance: 'a', namespace: 'argocd', name: 'checkout' },
      { instance: 'a', namespace: 'team', name: 'checkout' },
      { instance: 'b', namespace: 'argocd', name: 'checkout' },
    ].map(stringifyApplicationId);
    expect(new Set(keys).size).toBe(3);
  });

  it.each([
    { instance: 'eu/west', namespace: 'argocd', name: 'checkout' },
    { instance: 'a', namespace: '', name: 'checkout' },
    { instance: '100 %', namespace: 'argocd', name: 'ünïcode' },
  ])('can be read back: %j', id => {
    expect(parseApplicationId(stringifyApplicationId(id))).toEqual(id);
  });

  it.each(['', 'a/b', 'a/b/c/d', '/b/c', 'a/b/'])(
    'is refused when it is %j',
    key => {
      expect(() => parseApplicationId(key)).toThrow(/is not the key/);
    },
  );
});
