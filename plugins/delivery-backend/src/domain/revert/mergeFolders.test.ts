import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  contentsToMerge,
  FolderMerge,
  GitFile,
  GitFolder,
  mergeFolders,
} from './mergeFolders';

/** Contents by id, as a repository has them. */
const store = new Map<string, Buffer>();

function file(text: string | Buffer, mode = '100644'): GitFile {
  const content = Buffer.from(text);
  const id = createHash('sha1').update(content).digest('hex');
  store.set(id, content);
  return { mode, id };
}

function folder(files: { [path: string]: string | GitFile }): GitFolder {
  return new Map(
    Object.entries(files).map(([path, one]) => [
      path,
      typeof one === 'string' ? file(one) : one,
    ]),
  );
}

function merge(options: {
  base: GitFolder;
  theirs: GitFolder;
  ours: GitFolder;
}): FolderMerge {
  // Only what it asks for is there.
  const contents = new Map(
    [...contentsToMerge(options)].map(id => [id, store.get(id)!]),
  );
  return mergeFolders({ ...options, contents });
}

/** The folder with a merge in it. */
function applied(ours: GitFolder, { files }: FolderMerge): GitFolder {
  const result = new Map(ours);
  for (const { path, after } of files) {
    if (!after) {
      result.delete(path);
    } else {
      result.set(path, 'id' in after ? after : file(after.content, after.mode));
    }
  }
  return result;
}

describe('merging folders', () => {
  const base = folder({ 'k.yaml': 'tag: 2\n', 'p.yaml': 'a\n', new: 'x' });
  const theirs = folder({ 'k.yaml': 'tag: 1\n', 'p.yaml': 'a\n', old: 'y' });

  it('puts back what nobody changed since: changed, added and deleted files', () => {
    expect(
      merge({ base, theirs, ours: new Map([...base, ['z', file('z')]]) }),
    ).toEqual({
      conflicts: [],
      files: [
        {
          path: 'k.yaml',
          before: base.get('k.yaml'),
          after: theirs.get('k.yaml'),
        },
        { path: 'new', before: base.get('new') },
        { path: 'old', after: theirs.get('old') },
      ],
    });
  });

  it('has nothing to do where the branch has it already', () => {
    expect(merge({ base, theirs, ours: theirs })).toEqual({
      files: [],
      conflicts: [],
    });
  });

  it('merges by lines what was changed since', () => {
    const ours = folder({ 'k.yaml': '# note\nimages:\ntag: 2\n' });
    const merged = merge({
      base: folder({ 'k.yaml': 'images:\ntag: 2\n' }),
      theirs: folder({ 'k.yaml': 'images:\ntag: 1\n' }),
      ours,
    });
    expect(merged.files).toEqual([
      {
        path: 'k.yaml',
        before: ours.get('k.yaml'),
        after: {
          mode: '100644',
          content: Buffer.from('# note\nimages:\ntag: 1\n'),
        },
      },
    ]);
  });

  it('takes the mode from whoever changed it, whatever becomes of the content', () => {
    const run = (text: string, mode: string) =>
      folder({ run: file(text, mode) });
    expect(
      merge({
        base: run('2\n', '100644'),
        theirs: run('1\n', '100644'),
        ours: run('2\n', '100755'),
      }).files,
    ).toMatchObject([{ after: { mode: '100755', id: file('1\n').id } }]);
    expect(
      merge({
        base: run('2\n', '100755'),
        theirs: run('2\n', '100644'),
        ours: run('# new\n2\n', '100755'),
      }).files,
    ).toMatchObject([{ after: { mode: '100644', id: file('# new\n2\n').id } }]);
  });

  it.each<[string, { base: GitFolder; theirs: GitFolder; ours: GitFolder }]>([
    [
      'the same lines',
      {
        base: folder({ f: 'tag: 2\n' }),
        theirs: folder({ f: 'tag: 1\n' }),
        ours: folder({ f: 'tag: 3\n' }),
      },
    ],
    [
      'a file that the release brought',
      {
        base: folder({ f: '1' }),
        theirs: folder({}),
        ours: folder({ f: '2' }),
      },
    ],
    [
      'a file by deleting it',
      {
        base: folder({ f: '2' }),
        theirs: folder({ f: '1' }),
        ours: folder({}),
      },
    ],
    [
      'a binary file',
      {
        base: folder({ f: 'a\0b' }),
        theirs: folder({ f: 'a\0c' }),
        ours: folder({ f: 'a\0d' }),
      },
    ],
    [
      'where a link leads to',
      {
        base: folder({ f: file('b', '120000') }),
        theirs: folder({ f: file('a', '120000') }),
        ours: folder({ f: file('c', '120000') }),
      },
    ],
    [
      'a link into a file',
      {
        base: folder({ f: file('b', '120000') }),
        theirs: folder({ f: file('a', '120000') }),
        ours: folder({ f: file('c') }),
      },
    ],
    [
      'the commit of a submodule',
      {
        base: folder({ f: { mode: '160000', id: 'b' } }),
        theirs: folder({ f: { mode: '160000', id: 'a' } }),
        ours: folder({ f: { mode: '160000', id: 'c' } }),
      },
    ],
    [
      'a file into a folder',
      {
        base: folder({}),
        theirs: folder({ f: '1' }),
        ours: folder({ 'f/g': '1' }),
      },
    ],
    [
      'a folder into a file',
      {
        base: folder({}),
        theirs: folder({ 'f/g': '1' }),
        ours: folder({ f: '1' }),
      },
    ],
  ])('is a conflict when others changed %s', (_what, folders) => {
    expect(merge(folders).conflicts).toEqual([
      expect.stringMatching(/^f(\/g)?$/),
    ]);
  });

  it('puts back links, binary files and submodules that nobody else changed', () => {
    for (const [before, after] of [
      [file('b', '120000'), file('a', '120000')],
      [file('a\0b'), file('a\0c')],
      [
        { mode: '160000', id: 'b' },
        { mode: '160000', id: 'a' },
      ],
    ]) {
      expect(
        merge({
          base: folder({ f: before }),
          theirs: folder({ f: after }),
          ours: folder({ f: before }),
        }),
      ).toEqual({ conflicts: [], files: [{ path: 'f', before, after }] });
    }
  });

  it('never touches what does not differ between the releases, and can be taken back', () => {
    const path = fc.constantFrom<string>(
      'a',
      'b',
      'c/d',
      'c/e',
      'ü ✓',
      '__proto__',
    );
    const text = fc.constantFrom('1\n', '2\n', 'x\n\n1\n', 'a\0b', '');
    const anyFolder = fc
      .uniqueArray(fc.tuple(path, text), { selector: ([key]) => key })
      .map(entries => new Map(entries.map(([key, one]) => [key, file(one)])));
    fc.assert(
      fc.property(anyFolder, anyFolder, anyFolder, (before, after, ours) => {
        const merged = merge({ base: before, theirs: after, ours });
        for (const { path: changed } of merged.files) {
          expect(before.get(changed)).not.toEqual(after.get(changed));
        }
        // On an unchanged branch it gives exactly what was, and back again.
        const reverted = applied(
          before,
          merge({ base: before, theirs: after, ours: before }),
        );
        expect(reverted).toEqual(after);
        expect(
          applied(
            reverted,
            merge({ base: after, theirs: before, ours: reverted }),
          ),
        ).toEqual(before);
      }),
    );
  });
});
