import fc from 'fast-check';
import { Release } from '@slipway/plugin-delivery-common';
import { sha } from '../../__testUtils__/applications';
import {
  ComparedEnvironment,
  compareReleases,
  differenceTo,
} from './difference';

function release(part: Partial<Release>): Release {
  return { image: 'reg/checkout', revisions: [], ...part };
}

function environment(
  id: string,
  part: Partial<ComparedEnvironment['deployments'][number]> = {},
  ...others: ComparedEnvironment['deployments']
): ComparedEnvironment {
  return {
    id,
    title: id.charAt(0).toUpperCase() + id.slice(1),
    deployments: [
      {
        serving: release({ tag: '1.9.0' }),
        policy: { automated: true, prune: true, selfHeal: true },
        ...part,
      },
      ...others,
    ],
  };
}

describe('which of two releases is newer', () => {
  it.each([
    ['1.8.2', '1.9.0', 'ahead'],
    ['v1.10.0', 'v1.9.0', 'behind'],
    ['1.9.0-rc.1', '1.9.0', 'ahead'],
    ['1.9.0', '1.9.0', 'same'],
    ['main', '1.9.0', 'different'],
    ['2024-01-01', '2024-01-02', 'different'],
  ])('from %s to %s is %s', (before, here, order) => {
    expect(
      compareReleases({
        before: release({ tag: before }),
        here: release({ tag: here }),
      }),
    ).toBe(order);
  });

  it('C3: is not told by digests: one tag on two builds is different', () => {
    expect(
      compareReleases({
        before: release({ tag: '1.9.0', digest: 'sha256:a' }),
        here: release({ tag: '1.9.0', digest: 'sha256:b' }),
      }),
    ).toBe('different');
  });

  it('is not told of two images, whose versions are not comparable', () => {
    expect(
      compareReleases({
        before: release({ image: 'reg/order', tag: '1.0.0' }),
        here: release({ tag: '2.0.0' }),
      }),
    ).toBe('different');
  });

  it('is unknown when one of them is', () => {
    expect(
      compareReleases({ before: undefined, here: release({ tag: '1.0.0' }) }),
    ).toBe('unknown');
    expect(
      compareReleases({
        before: { revisions: [{ kind: 'git', revision: sha('1') }] },
        here: release({ tag: '1.0.0' }),
      }),
    ).toBe('unknown');
  });

  it('is the opposite the other way round', () => {
    const opposite = { ahead: 'behind', behind: 'ahead' } as const;
    const version = fc
      .tuple(fc.nat(30), fc.nat(30), fc.nat(30))
      .map(parts => parts.join('.'));
    fc.assert(
      fc.property(version, version, (a, b) => {
        const one = release({ tag: a });
        const other = release({ tag: b });
        const forth = compareReleases({ before: one, here: other });
        const back = compareReleases({ before: other, here: one });
        expect(back).toBe(
          forth === 'ahead' || forth === 'behind' ? opposite[forth] : forth,
        );
      }),
    );
  });
});

describe('the difference to the environment before', () => {
  it('names both releases', () => {
    expect(
      differenceTo({
        before: environment('staging'),
        environment: environment('production', {
          serving: release({ tag: '1.8.2' }),
        }),
      }),
    ).toEqual({
      from: 'staging',
      release: 'behind',
      sentences: ['Production serves 1.8.2, older than 1.9.0 in Staging.'],
    });
  });

  it('names revision, replicas and policy where the build is the same', () => {
    const at = (digit: string) =>
      release({
        tag: '1.9.0',
        revisions: [{ kind: 'git', revision: sha(digit) }],
      });
    expect(
      differenceTo({
        before: environment('staging', {
          serving: at('1'),
          replicas: { available: 1 },
        }),
        environment: environment('production', {
          serving: at('2'),
          replicas: { available: 3 },
          policy: { automated: false, prune: false, selfHeal: true },
        }),
      }),
    ).toEqual({
      from: 'staging',
      release: 'same',
      sentences: [
        'The build is the same; Production was deployed from 2222222, Staging from 1111111.',
        'Production runs 3 replicas, Staging 1.',
        'Production is synced by hand, Staging by Argo CD.',
      ],
    });
  });

  it('says so when targets of one environment serve different releases', () => {
    expect(
      differenceTo({
        before: environment('staging'),
        environment: environment('production', undefined, {
          serving: release({ tag: '1.8.0' }),
          policy: { automated: true, prune: true, selfHeal: true },
        }),
      })?.sentences,
    ).toEqual(['Its targets differ: 1.9.0, 1.8.0.']);
  });

  it('is none where nothing runs', () => {
    expect(
      differenceTo({
        before: { ...environment('staging'), deployments: [] },
        environment: environment('production'),
      }),
    ).toBeUndefined();
  });
});
