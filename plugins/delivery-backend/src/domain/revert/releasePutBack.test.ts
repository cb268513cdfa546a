import { releasePutBack } from './releasePutBack';

function kustomization(
  images: { name: string; tag: string; digest?: string }[],
): Buffer {
  return Buffer.from(
    [
      'images:',
      ...images.flatMap(({ name, tag, digest }) => [
        `  - name: ${name}`,
        `    newTag: ${tag}`,
        ...(digest ? [`    digest: ${digest}`] : []),
      ]),
    ].join('\n'),
  );
}

describe('the release that a file puts back', () => {
  it('is told by tag and digest', () => {
    expect(
      releasePutBack({
        base: kustomization([
          { name: 'checkout', tag: 'v2', digest: 'sha256:b' },
        ]),
        theirs: kustomization([
          { name: 'checkout', tag: 'v1', digest: 'sha256:a' },
        ]),
      }),
    ).toEqual({ tag: 'v1', digest: 'sha256:a' });
  });

  it('keeps a tag that looks like a number as it is written', () => {
    expect(
      releasePutBack({
        base: Buffer.from('image:\n  tag: 1.11\n'),
        theirs: Buffer.from('image:\n  tag: 1.10\n'),
      }),
    ).toEqual({ tag: '1.10' });
  });

  it.each<[string, Buffer | undefined, Buffer | undefined]>([
    [
      'two images change',
      kustomization([
        { name: 'a', tag: 'v2' },
        { name: 'b', tag: 'v2' },
      ]),
      kustomization([
        { name: 'a', tag: 'v1' },
        { name: 'b', tag: 'v1' },
      ]),
    ],
    [
      'no image changes',
      kustomization([{ name: 'a', tag: 'v1' }]),
      kustomization([{ name: 'a', tag: 'v1' }]),
    ],
    [
      'another image comes',
      Buffer.from('images:\n  - name: a\n    newName: x\n'),
      Buffer.from('images:\n  - name: a\n    newName: y\n'),
    ],
    ['the file comes back whole', undefined, kustomization([])],
    [
      'a side cannot be read',
      Buffer.from('tag: {{ .Values.tag }}'),
      Buffer.from('tag: v1'),
    ],
  ])('is not told where %s', (_, base, theirs) => {
    expect(releasePutBack({ base, theirs })).toBeUndefined();
  });
});
