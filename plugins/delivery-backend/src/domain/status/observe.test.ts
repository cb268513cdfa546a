import { UNREADABLE_CONDITION } from '@slipway/plugin-delivery-node';
import { UpstreamStatus } from '@slipway/plugin-delivery-common';
import { observe, observeCondition } from './observe';

const upstream: UpstreamStatus = {
  id: 'argocd:main',
  kind: 'argocd',
  title: 'Argo CD main',
  state: 'live',
  since: '2026-11-01T09:00:00.000Z',
  lastContactAt: '2026-11-01T10:00:00.000Z',
};

function at(now: string, part: Partial<UpstreamStatus> = {}) {
  return observe({
    upstream: { ...upstream, ...part },
    source: upstream.id,
    now,
    freshForMs: 45_000,
  });
}

describe('what is known through an upstream', () => {
  it('is fresh while it is live and was heard of lately', () => {
    expect(at('2026-11-01T10:00:45.000Z')).toEqual({
      source: 'argocd:main',
      state: 'fresh',
      observedAt: '2026-11-01T10:00:00.000Z',
    });
  });

  it('is stale when the replica that wrote "live" has fallen silent', () => {
    expect(at('2026-11-01T10:00:46.000Z')).toMatchObject({
      state: 'stale',
      observedAt: '2026-11-01T10:00:00.000Z',
      reason: 'No replica of the portal has heard from Argo CD main lately.',
    });
  });

  it.each([
    ['down', 'connection refused', 'connection refused'],
    ['down', undefined, 'Argo CD main cannot be reached.'],
    ['refused', undefined, "Argo CD main refuses the portal's credential."],
    ['connecting', undefined, 'Argo CD main is being reached again.'],
  ] as const)(
    'is stale while it is %s (%s), and says why',
    (state, reason, shown) => {
      expect(at('2026-11-01T10:00:01.000Z', { state, reason })).toMatchObject({
        state: 'stale',
        reason: shown,
      });
    },
  );

  it('is unknown when it was never heard of, or is not configured any more', () => {
    expect(
      at('2026-11-01T10:00:01.000Z', {
        state: 'connecting',
        lastContactAt: undefined,
      }),
    ).toEqual({
      source: 'argocd:main',
      state: 'unknown',
      reason: 'Argo CD main has not been reached yet.',
    });
    expect(
      observe({
        upstream: undefined,
        source: 'argocd:old',
        now: '2026-11-01T10:00:01.000Z',
        freshForMs: 45_000,
      }),
    ).toMatchObject({ state: 'unknown' });
  });

  it('B15: is stale when Argo CD itself says so', () => {
    const fresh = at('2026-11-01T10:00:01.000Z');
    expect(
      observeCondition(fresh, {
        type: 'UnknownError',
        severity: 'error',
        message: 'status may be stale',
      }),
    ).toMatchObject({
      state: 'stale',
      reason: 'Argo CD says so itself: status may be stale',
    });
    expect(observeCondition(fresh, undefined)).toBe(fresh);
  });

  it('is stale when the application can no longer be read', () => {
    expect(
      observeCondition(at('2026-11-01T10:00:01.000Z'), {
        type: UNREADABLE_CONDITION,
        severity: 'error',
        message: 'Nobody can read this.',
      }),
    ).toMatchObject({ state: 'stale', reason: 'Nobody can read this.' });
  });
});
