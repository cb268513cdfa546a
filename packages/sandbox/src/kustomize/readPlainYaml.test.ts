import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { createModel } from '../model';
import { gitopsHistory } from '../content';
import { yaml } from '../content/yaml';
import { readPlainYaml } from './readPlainYaml';

/** What the reader that knows all of YAML makes of a text. */
function read(text: string): unknown {
  const documents = parseAllDocuments(text, { version: '1.2', merge: true });
  if (documents.some(({ errors }) => errors.length > 0)) return 'an error';
  return documents.map(document => document.toJS());
}

const word = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('a', 'n', ' ', ':', '-', '#', '0', '.') }),
  fc.constantFrom('yes', 'No', 'null', '~', '1e3', '0o7', '.5', '<<', 'a: b'),
);
const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(
      word.filter(key => key !== '__proto__'),
      tie('tree'),
      { maxKeys: 4 },
    ),
  ),
}));
const sample = `apiVersion: v1
kind: List
items:
  - name: "a\\"b"
    data:
      text: |
        one
          two
    list:
    - - x
      - 'y'
    - count: -3
      yes: true
---
empty: []
`;
const edits = fc.array(
  fc.record({
    at: fc.nat(sample.length),
    remove: fc.nat(3),
    insert: fc.string({
      unit: fc.constantFrom(...'\n -:#|>&*!%@`\'"[]{},?~<=.0e_yA\t\\'),
      maxLength: 3,
    }),
  }),
  { minLength: 1, maxLength: 3 },
);

describe('readPlainYaml', () => {
  it('reads every manifest that the sandbox writes', () => {
    const model = createModel({ seed: 1, services: 30 });
    const files = model.platforms.flatMap(platform =>
      gitopsHistory({ model, platform, repoUrl: 'http://localhost:1/a.git' })
        .flatMap(commit => [...commit.files])
        .filter(([path]) => path.endsWith('.yaml')),
    );
    expect(files.length).toBeGreaterThan(900);
    const left = files.filter(([, text]) => !readPlainYaml(text));
    expect(left.map(([path]) => path)).toEqual([]);
    for (const [, text] of files.filter((_, index) => index % 10 === 0)) {
      expect(readPlainYaml(text)).toEqual(read(text));
    }
  });

  it('reads what the reader of all of YAML reads, or nothing', () => {
    fc.assert(
      fc.property(fc.array(tree, { minLength: 1, maxLength: 3 }), documents => {
        const text = yaml(...documents);
        const plain = readPlainYaml(text);
        expect(plain).toEqual(plain && read(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('never reads a broken or changed text in its own way', () => {
    fc.assert(
      fc.property(edits, changes => {
        const text = changes.reduce(
          (before, { at, remove, insert }) =>
            before.slice(0, at) + insert + before.slice(at + remove),
          sample.replace('      yes: true\n', ''),
        );
        const plain = readPlainYaml(text);
        expect(plain).toEqual(plain && read(text));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['a comment', 'a: b # why\n'],
    ['an anchor', 'a: &x b\n'],
    ['flow style', 'a: [b]\n'],
    ['an old boolean', 'a: yes\n'],
    ['a key that is an old boolean', 'on: a\n'],
    ['a date', 'a: 2026-11-22\n'],
    ['an octal number', 'a: 010\n'],
    ['a fraction', 'a: 0.5\n'],
    ['a field without a value', 'a:\nb: c\n'],
    ['a field twice', 'a: b\na: c\n'],
    ['a scalar over two lines', 'a: b\n  c\n'],
    ['a folded text', 'a: >\n  b\n'],
    ['an empty line in a text', 'a: |\n  b\n\n  c\n'],
    ['no newline at the end', 'a: b'],
    ['an empty document', '---\n'],
    ['a prototype', '"__proto__": a\n'],
    ['other letters', 'a: "é"\n'],
  ])('leaves %s to the other reader', (_, text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });
});
