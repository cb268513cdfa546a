import { FleetCell } from '@slipway/plugin-delivery-common';
import { cellFingerprint, cellStory } from './cellStory';

const cell = (change: Partial<FleetCell> = {}): FleetCell => ({
  status: 'healthy',
  serving: { label: '1.9.0' },
  observation: { source: 'argocd:n9', state: 'fresh' },
  bound: true,
  targets: 1,
  ...change,
});

describe('cellStory', () => {
  it('has nothing to say when all is well', () => {
    expect(cellStory(cell()).matter).toEqual({ kind: 'quiet' });
  });

  it('says the note of a failure', () => {
    expect(
      cellStory(cell({ status: 'degraded', note: 'Image gone' })).matter,
    ).toEqual({ kind: 'note', text: 'Image gone' });
  });

  it('says the word of a status that nothing explains', () => {
    expect(cellStory(cell({ status: 'waiting' })).matter.kind).toBe('status');
  });

  it('says how old it is before it says what it was', () => {
    expect(
      cellStory(
        cell({
          status: 'degraded',
          note: 'Image gone',
          observation: {
            source: 'argocd:n9',
            state: 'stale',
            observedAt: '2026-11-22T14:00:00Z',
          },
        }),
      ).matter,
    ).toEqual({ kind: 'stale', observedAt: '2026-11-22T14:00:00Z' });
  });

  it('says why it was never seen, whatever its status says', () => {
    expect(
      cellStory(
        cell({
          observation: { source: 'x', state: 'unknown', reason: 'no access' },
        }),
      ).matter,
    ).toEqual({ kind: 'note', text: 'no access' });
  });

  it('does not name what git asks for when it is called the same', () => {
    expect(cellStory(cell({ wanted: { label: '1.9.0' } })).wanted).toBe(
      undefined,
    );
    expect(cellStory(cell({ wanted: { label: '2.0.0' } })).wanted).toBe(
      '2.0.0',
    );
  });
});

describe('cellFingerprint', () => {
  it('changes with what can be seen, and not with the passing of time', () => {
    const before = cellFingerprint(cell());
    expect(cellFingerprint(cell({ status: 'degraded' }))).not.toBe(before);
    expect(
      cellFingerprint(
        cell({ serving: { label: '1.9.0', digest: 'sha256:b' } }),
      ),
    ).not.toBe(before);
    expect(
      cellFingerprint(
        cell({
          observation: {
            source: 'argocd:n9',
            state: 'fresh',
            observedAt: '2026-11-22T14:00:00Z',
          },
        }),
      ),
    ).toBe(before);
  });
});
