import { DELIVERY_ERROR_CODES } from '@slipway/plugin-delivery-common';
import { differenceMark } from './differenceMark';
import { errorKind } from './errorKind';
import { liveness } from './liveness';
import {
  applicationAnnotationSnippet,
  entityAnnotationSnippet,
} from './onboarding';
import { placeCard } from './placeCard';

describe('liveness', () => {
  const live = { state: 'live' as const };
  const down = { state: 'down' as const };

  it.each([
    [[live, live], false, true, { state: 'live' }],
    [[live, live], false, false, { state: 'polling' }],
    [[live, down], false, true, { state: 'partial', live: 1, all: 2 }],
    [[down], false, true, { state: 'lost' }],
    [[live], true, true, { state: 'lost' }],
  ])(
    'of %j (failed: %s, signals: %s)',
    (upstreams, failed, signals, expected) => {
      expect(liveness({ upstreams, failed, signals })).toEqual(expected);
    },
  );
});

describe('differenceMark', () => {
  it('draws nothing where nothing is known', () => {
    expect(differenceMark('unknown')).toBe('none');
    expect(differenceMark(undefined)).toBe('none');
  });

  it('draws what has still to come', () => {
    expect(differenceMark('behind')).toBe('coming');
  });
});

describe('errorKind', () => {
  const answer = (statusCode: number, code?: string) => ({
    statusCode,
    body: { error: { code } },
  });

  it.each([
    [DELIVERY_ERROR_CODES.notReady, 'starting'],
    [DELIVERY_ERROR_CODES.readNotAllowed, 'not-allowed'],
    [DELIVERY_ERROR_CODES.activityNotAllowed, 'activity-not-allowed'],
    [DELIVERY_ERROR_CODES.entityNotFound, 'not-found'],
    [DELIVERY_ERROR_CODES.invalidParameter, 'bad-address'],
    [DELIVERY_ERROR_CODES.invalidCursor, 'bad-address'],
  ])('takes %s for %s', (code, kind) => {
    expect(errorKind(answer(400, code))).toBe(kind);
  });

  it('tells an ended session from a backend that does not answer', () => {
    expect(errorKind(answer(401))).toBe('session-ended');
    expect(errorKind(answer(502))).toBe('unreachable');
    expect(errorKind(new TypeError('Failed to fetch'))).toBe('unreachable');
  });
});

describe('what to copy', () => {
  it('finds applications by the name of the service', () => {
    expect(entityAnnotationSnippet('component:default/checkout')).toContain(
      'argocd/app-selector: app.kubernetes.io/name=checkout',
    );
  });

  it('quotes the ref, which YAML would misread', () => {
    expect(
      applicationAnnotationSnippet('component:default/checkout'),
    ).toContain("backstage.io/entity-ref: 'component:default/checkout'");
  });
});

describe('placeCard', () => {
  const card = { width: 300, height: 200 };
  const window = { width: 1000, height: 800 };

  it('stands below its cell', () => {
    expect(
      placeCard({ anchor: { left: 50, top: 100, bottom: 140 }, card, window }),
    ).toEqual({ left: 50, top: 146 });
  });

  it('stands above where there is no room below', () => {
    expect(
      placeCard({ anchor: { left: 50, top: 700, bottom: 740 }, card, window })
        .top,
    ).toBe(494);
  });

  it('does not go over the edge', () => {
    expect(
      placeCard({ anchor: { left: 900, top: 100, bottom: 140 }, card, window })
        .left,
    ).toBe(692);
  });
});
