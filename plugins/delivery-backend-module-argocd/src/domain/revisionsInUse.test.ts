import { revisionsInUse } from './revisionsInUse';

const a = { repoUrl: 'https://git.example/a', path: 'x' };
const b = { repoUrl: 'https://git.example/b', path: 'y' };
const entry = (revisions: string[], sources = [a]) => ({
  id: 1,
  revisions,
  sources,
  deployedAt: '2026-11-01T10:00:00Z',
});

describe('the revisions in use', () => {
  it('are what git asks for and what was applied last, each once', () => {
    expect(
      revisionsInUse({
        sync: { state: 'synced', revisions: ['new'] },
        sources: [a],
        history: [entry(['older']), entry(['old'])],
      }),
    ).toEqual([
      { revision: 'new', source: a, index: 0 },
      { revision: 'old', source: a, index: 0 },
    ]);
    expect(
      revisionsInUse({
        sync: { state: 'synced', revisions: ['same'] },
        sources: [a],
        history: [entry(['same'])],
      }),
    ).toEqual([{ revision: 'same', source: a, index: 0 }]);
  });

  it('A20: go with their sources by position, those of the time where they are known', () => {
    expect(
      revisionsInUse({
        sync: { state: 'synced', revisions: ['a2', 'b1'] },
        sources: [a, b],
        history: [entry(['b0', 'a1'], [b, a])],
      }),
    ).toEqual([
      { revision: 'a2', source: a, index: 0 },
      { revision: 'b1', source: b, index: 1 },
      { revision: 'b0', source: b, index: 0 },
      { revision: 'a1', source: a, index: 1 },
    ]);
    expect(
      revisionsInUse({
        sync: { state: 'unknown', revisions: [''] },
        sources: [a],
        history: [entry(['old'], [])],
      }),
    ).toEqual([{ revision: 'old', source: a, index: 0 }]);
  });
});
