import fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import { yaml } from './yaml';

const scalar = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '-', '#', '0', '.') }),
  fc.constantFrom('yes', 'No', 'null', '~', '1e3', '0o7', '1:20', '<<', '='),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);

const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter(key => key !== '__proto__'),
      tie('tree'),
      { maxKeys: 4 },
    ),
  ),
}));

describe('yaml', () => {
  it.each(['1.1', '1.2'] as const)(
    'writes what a reader of YAML %s reads back',
    version => {
      fc.assert(
        fc.property(tree, value => {
          // Key merging and duplicate detection are no part of plain data.
          const read = parse(yaml(value), {
            version,
            merge: false,
            uniqueKeys: false,
          });
          expect(read).toEqual(JSON.parse(JSON.stringify(value)));
        }),
        { numRuns: 1000 },
      );
    },
  );

  it('writes several documents, and leaves undefined out', () => {
    const text = yaml({ a: 1, b: undefined }, { c: [] });
    expect(text).toBe('a: 1\n---\nc: []\n');
    expect(parseAllDocuments(text)).toHaveLength(2);
  });

  it('writes the way a person would', () => {
    expect(
      yaml({
        name: 'checkout',
        image: 'registry.example.com/checkout:v1.2.3',
        wave: '2',
        list: [{ a: 'b', c: ['d', ['e']] }, 'yes'],
        patch: '- op: add\n  value: 1\n',
      }),
    ).toBe(`name: checkout
image: registry.example.com/checkout:v1.2.3
wave: "2"
list:
  - a: b
    c:
      - d
      - - e
  - "yes"
patch: |
  - op: add
    value: 1
`);
  });
});
