import fc from 'fast-check';
import { isBinary, mergeText } from './mergeText';

function merge(base: string, theirs: string, ours: string): string | undefined {
  return mergeText({
    base: Buffer.from(base),
    theirs: Buffer.from(theirs),
    ours: Buffer.from(ours),
  })?.toString();
}

const taken = `# The release; see RELEASING.md
images:
  - name: checkout
    newTag: v1.9.0   # by hand
    digest: sha256:bbb
replicas:
  - count: 2
    name: checkout
`;
const back = taken
  .replace('v1.9.0', 'v1.8.2')
  .replace('sha256:bbb', 'sha256:aaa');

describe('merging a file by lines', () => {
  it('puts the release back and keeps what others changed, comments and layout', () => {
    const ours = `${taken.replace('count: 2', 'count: 5')}# more\n`;
    expect(merge(taken, back, ours)).toBe(
      `${back.replace('count: 2', 'count: 5')}# more\n`,
    );
  });

  it('is a conflict when git asks for yet another release', () => {
    expect(
      merge(taken, back, taken.replace('v1.9.0', 'v1.9.1')),
    ).toBeUndefined();
  });

  it('is a conflict when a neighbouring line was changed', () => {
    expect(
      merge(taken, back, taken.replace('name: checkout\n', 'name: shop\n')),
    ).toBeUndefined();
  });

  it('is none when both sides made the same change', () => {
    expect(merge(taken, back, back)).toBe(back);
  });

  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['no end of the last line', (text: string) => text.trimEnd()],
    ['other letters', (text: string) => text.replace('hand', 'hånd ✋')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
  ])('keeps %s', (_what, as) => {
    const ours = taken.replace('# The release', '# Changed\n\n# The release');
    const expected = back.replace(
      '# The release',
      '# Changed\n\n# The release',
    );
    expect(merge(as(taken), as(back), as(ours))).toBe(as(expected));
  });

  it('keeps bytes that are no UTF-8', () => {
    const latin = (text: string) => Buffer.from(text, 'latin1');
    expect(
      mergeText({
        base: latin('# caf\xe9\na: 1\n'),
        theirs: latin('# caf\xe9\na: 2\n'),
        ours: latin('top: \xff\n\n# caf\xe9\na: 1\n'),
      }),
    ).toEqual(latin('top: \xff\n\n# caf\xe9\na: 2\n'));
  });

  it('does not glue two lines together where the last one had no end', () => {
    expect(merge('a\nb\nc', 'a\nb\nc\n', 'x\na\nb\nc')).toBe('x\na\nb\nc\n');
    expect(merge('a\nb', 'a\nb\n', 'a\nb\nd\n')).toBeUndefined();
  });

  it.each([
    ['binary files', Buffer.from([1, 0, 2])],
    ['files of many megabytes', Buffer.alloc(1024 * 1024 + 1, 'a\n')],
  ])('does not merge %s', (_what, ours) => {
    const base = Buffer.from('a\n');
    expect(mergeText({ base, theirs: base, ours })).toBeUndefined();
    expect(isBinary(Buffer.from([1, 0, 2]))).toBe(true);
  });

  it('gives the original when what was reverted is applied again', () => {
    // Numbered lines, some of which the release changes, and others somebody
    // else; with a line between them, as neighbours are a conflict.
    const document = fc
      .array(fc.constantFrom('release', 'other', 'none'), {
        minLength: 1,
        maxLength: 40,
      })
      .chain(roles =>
        fc.record({
          roles: fc.constant(roles),
          eol: fc.constantFrom('\n', '\r\n'),
          end: fc.boolean(),
        }),
      );
    fc.assert(
      fc.property(document, ({ roles, eol, end }) => {
        const write = (options: { release: boolean; other: boolean }) => {
          const lines = roles.flatMap((role, number) => [
            role !== 'none' && options[role]
              ? `${number}: ${role} changed`
              : `${number}: as it was`,
            `# after ${number}`,
          ]);
          return Buffer.from(lines.join(eol) + (end ? eol : ''));
        };
        const base = write({ release: true, other: false });
        const theirs = write({ release: false, other: false });
        const ours = write({ release: true, other: true });
        const reverted = mergeText({ base, theirs, ours });
        expect(reverted?.toString()).toBe(
          write({ release: false, other: true }).toString(),
        );
        const again =
          reverted && mergeText({ base: theirs, theirs: base, ours: reverted });
        expect(again?.toString()).toBe(ours.toString());
      }),
    );
  });

  it('never changes a file of which nothing differs between the releases', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (same, ours) => {
        fc.pre(!same.includes('\0') && !ours.includes('\0'));
        expect(merge(same, same, ours)).toBe(ours);
      }),
    );
  });
});
