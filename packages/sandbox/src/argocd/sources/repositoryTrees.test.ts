import fc from 'fast-check';
import { MemoryRepositories } from '../__testUtils__/memoryRepositories';
import { RepositoryTree, RepositoryTrees } from './repositoryTrees';

const repoUrl = 'http://localhost:1/a/b.git';
const paths = ['a.yaml', 'a/b.yaml', 'a/c/d.yaml', 'a0.yaml', 'b/c.yaml'];

function describeTree(tree: RepositoryTree) {
  return {
    commit: tree.commit,
    files: paths.map(path => [tree.read(path), tree.fingerprint(path)]),
    lists: ['', 'a', 'a/c', 'b', 'no'].map(folder => tree.list(folder)),
    folders: ['', 'a', 'a/c', 'a0', 'b', 'no'].map(folder =>
      tree.hasFolder(folder),
    ),
  };
}

describe('RepositoryTrees', () => {
  it('makes of what is different the tree that it would read whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.dictionary(
            fc.constantFrom(...paths),
            fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
          ),
          { minLength: 2, maxLength: 12 },
        ),
        async commits => {
          const repositories = new MemoryRepositories();
          const derived = RepositoryTrees.create(repositories);
          const shas = commits.map(files =>
            repositories.commit({
              repoUrl,
              files: { 'x.yaml': '0', ...files },
            }),
          );
          // There and back again, past what is kept.
          for (const commit of [...shas, ...[...shas].reverse()]) {
            const whole = RepositoryTrees.create(repositories);
            const tree = await derived.get({ repoUrl, commit });
            const expected = await whole.get({ repoUrl, commit });
            expect(describeTree(tree)).toEqual(describeTree(expected));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('reads one tree whole, and of others what is different', async () => {
    const repositories = new MemoryRepositories();
    const trees = RepositoryTrees.create(repositories);
    const readFiles = jest.spyOn(repositories, 'readFiles');
    const readChanges = jest
      .spyOn(repositories, 'readChanges')
      .mockImplementation(async ({ to }) => new Map([['a', to]]));
    const first = repositories.commit({ repoUrl, files: { a: '1' } });
    await trees.get({ repoUrl, commit: first });
    for (const text of ['2', '3']) {
      const commit = repositories.commit({ repoUrl, files: { a: text } });
      const tree = await trees.get({ repoUrl, commit });
      expect(tree.read('a')).toBe(commit);
    }
    expect(readFiles).toHaveBeenCalledTimes(1);
    expect(readChanges).toHaveBeenCalledTimes(2);
  });

  it('tries again after a failure', async () => {
    const repositories = new MemoryRepositories();
    const trees = RepositoryTrees.create(repositories);
    const commit = repositories.commit({ repoUrl, files: { a: '1' } });
    const readFiles = jest.spyOn(repositories, 'readFiles');
    readFiles.mockRejectedValueOnce(new Error('busy'));
    await expect(trees.get({ repoUrl, commit })).rejects.toThrow('busy');
    expect((await trees.get({ repoUrl, commit })).read('a')).toBe('1');
  });
});
