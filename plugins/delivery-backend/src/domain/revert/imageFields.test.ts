import {
  askForSameImages,
  imageFields,
  mayAskForImages,
  stillAsksForTaken,
} from './imageFields';

const kustomization = (tag: string, more = '') => `resources: [../../base]
images:
${more}  - name: registry.example/checkout
    newTag: ${tag}
`;
const of = (text: string | undefined) =>
  text === undefined ? undefined : Buffer.from(text);

describe('what manifests ask for', () => {
  it('is read of kustomizations, containers and Helm values', () => {
    const fields = imageFields(
      Buffer.from(`${kustomization('1.10')}---
kind: Deployment
spec: { template: { spec: { containers: [{ name: a, image: 'x/a:1' }] } } }
---
image: { repository: x/a, tag: "1.0" }
`),
    );
    expect([...(fields ?? [])].map(([, values]) => values)).toEqual([
      ['1.10'],
      ['x/a:1'],
      ['1.0'],
    ]);
  });

  it('is the same wherever an entry stands in its list', () => {
    expect(
      askForSameImages(
        of('images: [{ name: a, newTag: 1 }, { name: b, newTag: 2 }]'),
        of('images: [{ name: b, newTag: 2 }, { name: a, newTag: 1 }]'),
      ),
    ).toBe(true);
    expect(
      askForSameImages(of(kustomization('1')), of(kustomization('2'))),
    ).toBe(false);
    expect(askForSameImages(undefined, of(kustomization('2')))).toBe(false);
  });

  it('is not known of what is no YAML', () => {
    const template = 'image: {{ .Values.image }}\n{{- if .x }}\n';
    expect(imageFields(Buffer.from(template))).toBeUndefined();
    expect(askForSameImages(of(template), of(template))).toBeUndefined();
  });

  it.each([
    ['apps/x/kustomization.yaml', true],
    ['apps/x/Kustomization', true],
    ['values.yml', true],
    ['README.md', false],
    ['yaml', false],
  ])('may stand in %s: %s', (path, expected) => {
    expect(mayAskForImages(path)).toBe(expected);
  });
});

describe('a merged file still asks for the release that was taken back', () => {
  const base = of(kustomization('2'));
  const theirs = of(kustomization('1'));

  it('when a second entry for the same image does', () => {
    const second = '  - name: registry.example/checkout\n    newTag: 2\n';
    expect(
      stillAsksForTaken({
        base,
        theirs,
        merged: of(kustomization('1', second)),
      }),
    ).toBe(true);
  });

  it('when it is left as it was', () => {
    expect(stillAsksForTaken({ base, theirs, merged: base })).toBe(true);
  });

  it('as far as anybody can tell, when it cannot be read any more', () => {
    expect(stillAsksForTaken({ base, theirs, merged: of('a: [') })).toBe(true);
  });

  it.each([
    ['when it asks for the release that is put back', theirs],
    ['when it is gone', undefined],
    ['when others changed something else', of(`${kustomization('1')}x: 1\n`)],
  ])('not %s', (_what, merged) => {
    expect(stillAsksForTaken({ base, theirs, merged })).toBe(false);
  });
});
