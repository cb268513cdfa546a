import {
  application,
  image,
  sha,
  workload,
} from '../../__testUtils__/applications';
import { parseImageReference } from './imageReference';
import { mainImage, mainWorkload } from './mainWorkload';
import { sameRelease, sourceRevisions, wantedRelease } from './releases';

describe('an image reference', () => {
  it.each([
    ['checkout', { image: 'checkout' }],
    ['checkout:1.2', { image: 'checkout', tag: '1.2' }],
    ['reg:5000/team/app', { image: 'reg:5000/team/app' }],
    ['reg:5000/app:1.2', { image: 'reg:5000/app', tag: '1.2' }],
    [
      'reg:5000/app:1.2@sha256:abc',
      { image: 'reg:5000/app', tag: '1.2', digest: 'sha256:abc' },
    ],
    ['app@sha256:abc', { image: 'app', digest: 'sha256:abc' }],
  ])('%s is taken apart', (reference, parts) => {
    expect(JSON.parse(JSON.stringify(parseImageReference(reference)))).toEqual(
      parts,
    );
  });
});

describe('the main workload', () => {
  const named = (...names: string[]) => names.map(name => workload({ name }));

  it.each([
    ['the label', named('cache', 'checkout'), {}, 'checkout'],
    [
      'the longest beginning of the name',
      named('checkout', 'checkout-api'),
      { labels: {}, name: 'checkout-api-staging' },
      'checkout-api',
    ],
    ['being the only one', named('web'), { labels: {}, name: 'x' }, 'web'],
  ])('is told by %s', (_what, workloads, part, name) => {
    expect(mainWorkload(application({ workloads, ...part }))?.name).toBe(name);
  });

  it('is not guessed among several that nothing tells apart', () => {
    expect(
      mainWorkload(
        application({ labels: {}, name: 'x', workloads: named('a', 'b') }),
      ),
    ).toBeUndefined();
  });

  it('is no job', () => {
    expect(
      mainWorkload(
        application({ workloads: [{ ...workload(), kind: 'Job' }] }),
      ),
    ).toBeUndefined();
  });

  it('is of the version of its own container, not of a sidecar', () => {
    const main = workload();
    const images = (containers: { [name: string]: string }) =>
      mainImage({
        application: application(),
        workload: main,
        side: { images: containers, replicas: {} },
      });
    expect(
      images({ daprd: 'daprio/daprd:1.15', checkout: image('1.8.2') }),
    ).toBe(image('1.8.2'));
    expect(images({ daprd: 'daprio/daprd:1.15', app: image('1.8.2') })).toBe(
      image('1.8.2'),
    );
    expect(images({ app: 'x:1', daprd: 'daprio/daprd:1.15' })).toBe('x:1');
    expect(images({})).toBeUndefined();
  });
});

describe('revisions', () => {
  it('A20: pair with their sources by position, and are no commits where they are none', () => {
    expect(
      sourceRevisions({
        revisions: [sha('1'), '12.1.0', 'sha256:abc', ''],
        sources: [
          { repoUrl: 'https://git.example/a.git', path: '.' },
          { repoUrl: 'https://charts.example', chart: 'redis' },
          { repoUrl: 'oci://reg.example/chart' },
        ],
        commits: { [sha('1')]: { sha: sha('1') }, '12.1.0': { sha: 'no' } },
      }),
    ).toEqual([
      {
        kind: 'git',
        revision: sha('1'),
        repoUrl: 'https://git.example/a.git',
        commit: { sha: sha('1') },
      },
      { kind: 'helm', revision: '12.1.0', repoUrl: 'https://charts.example' },
      {
        kind: 'oci',
        revision: 'sha256:abc',
        repoUrl: 'oci://reg.example/chart',
      },
    ]);
  });

  it('decide whether releases are the same only where no image is known', () => {
    const at = (digit: string, tag?: string) => ({
      ...(tag && { image: 'a', tag }),
      revisions: [{ kind: 'git' as const, revision: sha(digit) }],
    });
    expect(sameRelease(at('1'), at('1'))).toBe(true);
    expect(sameRelease(at('1'), at('2'))).toBe(false);
    expect(sameRelease(at('1', '1.0.0'), at('2', '1.0.0'))).toBe(true);
    expect(sameRelease(at('1', '1.0.0'), at('1'))).toBe(false);
    expect(sameRelease(undefined, undefined)).toBe(false);
    expect(sameRelease({ revisions: [] }, { revisions: [] })).toBe(false);
  });

  it('are all that is wanted of an application whose workloads were not read', () => {
    expect(wantedRelease(application({ workloads: undefined }))).toMatchObject({
      revisions: [{ revision: sha('1') }],
    });
    expect(
      wantedRelease(
        application({
          workloads: undefined,
          sync: { state: 'unknown', revisions: [] },
        }),
      ),
    ).toBeUndefined();
  });
});
