import { unifiedPatch } from './unifiedPatch';

const side = (text: string, mode = '100644') => ({
  mode,
  content: Buffer.from(text),
});

describe('the patch of a file', () => {
  it('is a unified diff with the lines around', () => {
    expect(
      unifiedPatch({
        path: 'k.yaml',
        before: side('a\nb: 2\nc\n'),
        after: side('a\nb: 1\nc\n'),
      }),
    ).toBe(
      `--- a/k.yaml\n+++ b/k.yaml\n@@ -1,3 +1,3 @@\n a\n-b: 2\n+b: 1\n c\n`,
    );
  });

  it('says of a missing end of the last line', () => {
    expect(
      unifiedPatch({ path: 'f', before: side('a'), after: side('a\n') }),
    ).toContain('\\ No newline at end of file');
  });

  it.each([
    ['added', undefined, side('a\n'), /^--- \/dev\/null\n\+\+\+ b\/f\n.*\n\+a/],
    [
      'deleted',
      side('a\n'),
      undefined,
      /^--- a\/f\n\+\+\+ \/dev\/null\n.*\n-a/,
    ],
    [
      'made executable',
      side('a\n'),
      side('a\n', '100755'),
      /^old mode 100644\nnew mode 100755\n$/,
    ],
    [
      'binary',
      side('a\0'),
      side('b\0'),
      /^Binary files a\/f and b\/f differ\n$/,
    ],
    [
      'too different to show',
      side(Array.from({ length: 3_000 }, (_, i) => `a${i}`).join('\n')),
      side(Array.from({ length: 3_000 }, (_, i) => `b${i}`).join('\n')),
      /differ in more lines than are shown here/,
    ],
  ])('tells of a file that is %s', (_what, before, after, expected) => {
    expect(unifiedPatch({ path: 'f', before, after })).toMatch(expected);
  });
});
