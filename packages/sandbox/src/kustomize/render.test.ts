import fc from 'fast-check';
import { overlays } from './__fixtures__/overlays';
import {
  kubectlKustomize,
  whyNoKubectl,
} from './__testUtils__/kubectlKustomize';
import { UnsupportedKustomizationError } from './errors';
import { KubernetesObject } from './objects';
import { renderKustomization } from './render';
import { fileSourceOf } from './source';

type Files = Record<string, string>;

function render(files: Files, path = 'overlay'): KubernetesObject[] {
  return renderKustomization({
    files: fileSourceOf(new Map(Object.entries(files))),
    path,
  });
}

/** Order of objects is no part of the contract: Argo CD sorts them itself. */
function byIdentity(objects: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(
    (objects as KubernetesObject[]).map(object => [
      `${object.apiVersion}/${object.kind}/${object.metadata.namespace}/${object.metadata.name}`,
      object,
    ]),
  );
}

const noKubectl = whyNoKubectl();
const differential = noKubectl ? describe.skip : describe;

differential(
  `renderKustomization against kubectl kustomize${
    noKubectl ? ` (skipped: ${noKubectl})` : ''
  }`,
  () => {
    it.each(Object.entries(overlays))('agrees on %s', (_, files) => {
      const real = kubectlKustomize({ files, path: 'overlay' });
      if ('error' in real) throw new Error(real.error);
      expect(byIdentity(render(files))).toEqual(byIdentity(real.objects));
    });

    it('agrees on generated overlays, or refuses them', () => {
      let compared = 0;
      fc.assert(
        fc.property(overlayArbitrary(), files => {
          const ours = renderOrRefuse(files);
          if (!ours) return;
          const real = kubectlKustomize({ files, path: 'overlay' });
          if ('error' in real) throw new Error(real.error);
          expect(byIdentity(ours)).toEqual(byIdentity(real.objects));
          compared += 1;
        }),
        { numRuns: 60, seed: 20261122 },
      );
      expect(compared).toBeGreaterThan(30);
    }, 60_000);
  },
);

/** Refusing is always allowed, guessing is not: undefined for a refusal. */
function renderOrRefuse(files: Files): KubernetesObject[] | undefined {
  try {
    return render(files);
  } catch (error) {
    if (error instanceof UnsupportedKustomizationError) return undefined;
    throw error;
  }
}

/** Small overlays out of the features that real ones combine. */
function overlayArbitrary(): fc.Arbitrary<Files> {
  const word = fc.constantFrom('a', 'b', 'web', 'side');
  const containers = fc.uniqueArray(
    fc.record({
      name: word,
      image: fc.constantFrom('web', 'web:1', 'reg:5000/web:2', 'x@sha256:1'),
      env: fc.uniqueArray(fc.record({ name: word, value: word }), {
        selector: item => item.name,
        maxLength: 3,
      }),
    }),
    { selector: item => item.name, minLength: 1, maxLength: 3 },
  );
  const patchContainers = fc.uniqueArray(
    fc.oneof(
      fc.record({ name: word, $patch: fc.constant('delete') }),
      fc.record({
        name: word,
        env: fc.uniqueArray(fc.record({ name: word, value: word }), {
          selector: item => item.name,
          minLength: 1,
          maxLength: 3,
        }),
      }),
    ),
    { selector: item => item.name, minLength: 1, maxLength: 3 },
  );
  return fc
    .record({
      containers,
      patch: fc.option(patchContainers, { nil: undefined }),
      namespace: fc.option(word, { nil: undefined }),
      tag: fc.option(fc.constantFrom('7', 'v1.2', 'latest'), {
        nil: undefined,
      }),
      count: fc.option(fc.nat(5), { nil: undefined }),
      labels: fc.dictionary(word, word, { maxKeys: 2 }),
      includeSelectors: fc.boolean(),
      includeTemplates: fc.boolean(),
    })
    .map(parts => {
      const metadata = { name: 'web' };
      const identity = { apiVersion: 'apps/v1', kind: 'Deployment', metadata };
      return {
        'base/kustomization.yaml': 'resources: [d.yaml]',
        'base/d.yaml': JSON.stringify({
          ...identity,
          spec: {
            selector: { matchLabels: { app: 'web' } },
            template: { spec: { containers: parts.containers } },
          },
        }),
        'overlay/kustomization.yaml': JSON.stringify({
          resources: ['../base'],
          namespace: parts.namespace,
          images: parts.tag && [{ name: 'web', newTag: parts.tag }],
          replicas:
            parts.count === undefined
              ? undefined
              : [{ name: 'web', count: parts.count }],
          labels: [
            {
              pairs: parts.labels,
              includeSelectors: parts.includeSelectors,
              includeTemplates: parts.includeTemplates,
            },
          ],
          patches: parts.patch && [
            {
              patch: JSON.stringify({
                ...identity,
                spec: { template: { spec: { containers: parts.patch } } },
              }),
            },
          ],
        }),
      };
    });
}

describe('renderKustomization refuses what it does not do exactly', () => {
  const configMap =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {}\n';

  it.each([
    ['configMapGenerator: [{name: a}]', 'configMapGenerator'],
    ['secretGenerator: [{name: a}]', 'secretGenerator'],
    ['helmCharts: [{name: a}]', 'helmCharts'],
    ['transformers: [a.yaml]', 'transformers'],
    ['replacements: []', 'replacements'],
    ['vars: []', 'vars'],
    ['commonLabels: {a: b}', 'commonLabels'],
    ['namePrefix: a-', 'namePrefix'],
    ['patchesStrategicMerge: [a.yaml]', 'patchesStrategicMerge'],
    ['images: [{name: a, newTag: 2.0}]', 'images.0.newTag'],
    ['images: [{name: a, tag: "2"}]', 'images.0.tag'],
    ['resources: [https://example.org/x]', 'resources.0'],
    ['resources: [../../outside]', 'resources.0'],
    ['resources: [/etc]', 'resources.0'],
    ['resources: [missing.yaml]', 'resources.0'],
    ['resources: [.]', undefined],
    ['kind: Component', 'kind'],
    ['replicas: [{name: a, count: 1}]', 'replicas.0.name'],
    ['patches: [{patch: "a: b"}]', 'patches.0'],
    ['patches: [{target: {kind: X}}]', 'patches.0'],
    ['patches: [{path: no.yaml}]', 'patches.0.path'],
    ['patches: [{target: {name: "("}, patch: "[]"}]', 'patches.0.target.name'],
  ])('%s', (line, field) => {
    const resources = line.startsWith('resources')
      ? ''
      : '\nresources: [a.yaml]';
    const files = {
      'overlay/kustomization.yaml': `${line}${resources}\n`,
      'overlay/a.yaml': configMap,
    };
    const error = thrownBy(() => render(files));
    expect(error).toBeInstanceOf(UnsupportedKustomizationError);
    expect(error).toMatchObject({ file: 'overlay/kustomization.yaml', field });
  });

  it('names the file of a broken manifest', () => {
    const error = thrownBy(() =>
      render({
        'overlay/kustomization.yaml': 'resources: [a.yaml]',
        'overlay/a.yaml': 'kind: [',
      }),
    );
    expect(error).toMatchObject({ file: 'overlay/a.yaml' });
  });

  it('refuses plain text that YAML readers understand differently', () => {
    const error = thrownBy(() =>
      render({
        'overlay/kustomization.yaml': 'resources: [a.yaml]',
        'overlay/a.yaml': `${configMap}when: 2026-01-01\n`,
      }),
    );
    expect(String(error)).toContain('2026-01-01');
  });

  it('refuses a port patch that kustomize itself merges wrongly', () => {
    const error = thrownBy(() =>
      render({
        ...overlays['a base alone'],
        'overlay/kustomization.yaml': `resources: [../base]
patches:
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec: {template: {spec: {containers: [{name: web, ports: [{containerPort: 8080, name: x}]}]}}}
`,
      }),
    );
    expect(String(error)).toContain('protocol');
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
