import fc from 'fast-check';
import { sameContent } from './sameContent';

describe('sameContent', () => {
  it('holds for anything and what is left of it in the database', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(sameContent(value, JSON.parse(JSON.stringify(value)))).toBe(
          true,
        );
      }),
    );
  });

  it('says the same as comparing JSON with sorted keys', () => {
    const sorted = (value: unknown): string =>
      JSON.stringify(value, (_, item) =>
        item && typeof item === 'object' && !Array.isArray(item)
          ? Object.fromEntries(Object.entries(item).sort())
          : item,
      );
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 2, noUnicodeString: true }),
        fc.jsonValue({ maxDepth: 2, noUnicodeString: true }),
        (a, b) => {
          fc.pre(!/-0/.test(`${sorted(a)}${sorted(b)}`));
          expect(sameContent(a, b)).toBe(sorted(a) === sorted(b));
        },
      ),
    );
  });

  it('takes a key without value for none', () => {
    expect(sameContent({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(sameContent({ a: 1, b: null }, { a: 1 })).toBe(false);
    expect(sameContent([undefined], [])).toBe(false);
  });

  it('does not care for the order of keys, and cares for that of a list', () => {
    expect(sameContent({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
    expect(sameContent([1, 2], [2, 1])).toBe(false);
  });
});
