import { createTwoFilesPatch } from 'diff';
import { diffLines } from './diffLines';

describe('diffLines', () => {
  it('numbers the lines of both files', () => {
    const patch = createTwoFilesPatch(
      'a/kustomization.yaml',
      'b/kustomization.yaml',
      'images:\n  - name: checkout\n    newTag: 1.9.0\n',
      'images:\n  - name: checkout\n    newTag: 1.8.2\n',
    );
    expect(diffLines(patch)).toEqual([
      { kind: 'hunk', from: 1 },
      { kind: 'same', text: 'images:', before: 1, after: 1 },
      { kind: 'same', text: '  - name: checkout', before: 2, after: 2 },
      { kind: 'removed', text: '    newTag: 1.9.0', before: 3 },
      { kind: 'added', text: '    newTag: 1.8.2', after: 3 },
    ]);
  });

  it('keeps what git says about the end of a file', () => {
    const patch = createTwoFilesPatch('a', 'b', 'x', 'y');
    expect(diffLines(patch)).toContainEqual({
      kind: 'note',
      text: 'No newline at end of file',
    });
  });

  it('shows a patch that it cannot read as it is', () => {
    expect(diffLines('@@ -1,9 +1,9 @@\n nonsense')).toEqual([
      { kind: 'note', text: '@@ -1,9 +1,9 @@' },
      { kind: 'note', text: ' nonsense' },
    ]);
    expect(diffLines('Binary files differ')).toEqual([
      { kind: 'note', text: 'Binary files differ' },
    ]);
  });
});
