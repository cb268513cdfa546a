import { Release, releaseLabel, sameBuild } from './release';

const release = (part: Partial<Release>): Release => ({
  revisions: [],
  ...part,
});

describe('sameBuild', () => {
  it('lets the digest decide where both are known, whatever the tags say', () => {
    expect(
      sameBuild(
        release({ tag: '1.9.0', digest: 'sha256:aaa' }),
        release({ tag: '1.9.0', digest: 'sha256:bbb' }),
      ),
    ).toBe(false);
    expect(
      sameBuild(
        release({ tag: '1.9.0', digest: 'sha256:aaa' }),
        release({ tag: 'latest', digest: 'sha256:aaa' }),
      ),
    ).toBe(true);
  });

  it('compares image and tag where a digest is missing', () => {
    const a = release({ image: 'reg/checkout', tag: '1.9.0' });
    expect(sameBuild(a, { ...a })).toBe(true);
    expect(sameBuild(a, { ...a, image: 'reg/order' })).toBe(false);
    expect(sameBuild(a, { ...a, tag: '1.9.1' })).toBe(false);
  });

  it('never takes two unknown releases for the same', () => {
    expect(sameBuild(undefined, undefined)).toBe(false);
    expect(sameBuild(release({}), release({}))).toBe(false);
  });
});

describe('releaseLabel', () => {
  it('prefers the tag, then the digest', () => {
    expect(
      releaseLabel(release({ tag: '1.9.0', digest: 'sha256:0123456789' })),
    ).toBe('1.9.0');
    expect(releaseLabel(release({ digest: 'sha256:0123456789' }))).toBe(
      'sha256:0123456',
    );
  });

  it('A20: shortens a commit, but neither a chart version nor an OCI digest', () => {
    expect(
      releaseLabel(
        release({
          revisions: [{ kind: 'git', revision: '0123456789abcdef' }],
        }),
      ),
    ).toBe('0123456');
    expect(
      releaseLabel(
        release({ revisions: [{ kind: 'helm', revision: '12.34.56-rc.1' }] }),
      ),
    ).toBe('12.34.56-rc.1');
    expect(
      releaseLabel(
        release({
          revisions: [{ kind: 'oci', revision: 'sha256:0123456789' }],
        }),
      ),
    ).toBe('sha256:0123456789');
  });

  it('says nothing of a release nothing is known of', () => {
    expect(releaseLabel(undefined)).toBeUndefined();
    expect(releaseLabel(release({}))).toBeUndefined();
  });
});
