import fc from 'fast-check';
import { Json } from './objects';
import { share } from './share';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

describe('share', () => {
  it('gives a value that is equal to the one it was given', () => {
    fc.assert(
      fc.property(json, json, (value, other) => {
        expect(share(value, other)).toEqual(value);
      }),
    );
  });

  it('gives the other value itself when both are equal', () => {
    fc.assert(
      fc.property(json, value => {
        const copy = JSON.parse(JSON.stringify(value)) as Json;
        expect(share(copy, value)).toBe(value);
      }),
    );
  });

  it('takes over the parts that are equal, and nothing else', () => {
    const known = { same: { a: [1, 2] }, other: { b: 1 }, gone: true };
    const result = share({ same: { a: [1, 2] }, other: { b: 2 } }, known);
    expect(result).toEqual({ same: { a: [1, 2] }, other: { b: 2 } });
    expect(result.same).toBe(known.same);
  });
});
