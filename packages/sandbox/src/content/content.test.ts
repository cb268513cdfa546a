import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isInstalled, run } from '../__testUtils__/command';
import { temporaryFolder } from '../__testUtils__/temporaryFolder';
import { createModel, releaseIn, servicesOf } from '../model';
import type { Platform } from '../model';
import { CATALOG_FILE, catalogRepository } from './catalog';
import { gitopsRepository } from './gitops';
import { gitopsHistory } from './history';
import type { FileTree } from './yaml';

const model = createModel({ seed: 1 });

function repoUrlOf(platform: Platform): string {
  return `http://localhost:7081/${platform.repository}.git`;
}

function currentTree(platform: Platform): FileTree {
  return gitopsRepository({
    model,
    platform,
    repoUrl: repoUrlOf(platform),
    release: (service, environment) => releaseIn(service, environment.id),
  });
}

/** The parts of manifests and entities that these tests look at. */
type Spec = {
  project: string;
  source: { path: string };
  targets: string[];
  owner?: string;
  domain?: string;
  system?: string;
  parent?: string;
  memberOf?: string[];
  dependsOn?: string[];
  replicas: number;
  template: { spec: { containers: { image: string }[] } };
};

type Manifest = {
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: Spec;
};

function isApplication(manifest: Manifest): boolean {
  return manifest.kind === 'Application';
}

function parse(text: string | undefined): Manifest[] {
  return parseAllDocuments(text ?? '').map(document => document.toJS());
}

describe.each(
  model.platforms.map(platform => [platform.id, platform] as const),
)('the GitOps repository of %s', (_id, platform) => {
  const files = currentTree(platform);

  it('is the same for the same model', () => {
    expect([...currentTree(platform)]).toEqual([...files]);
  });

  it('has the documented folders for every environment', () => {
    for (const { directory } of platform.environments) {
      expect(files.has(`bootstrap/root-app-${directory}.yaml`)).toBe(true);
      for (const folder of [
        `environments/${directory}/apps/`,
        `environments/${directory}/resources/`,
        `clusters/${directory}/`,
      ]) {
        expect([...files.keys()].some(path => path.startsWith(folder))).toBe(
          true,
        );
      }
    }
    for (const component of [
      'common-infrastructure-envvars',
      'imagepullsecret',
      'infrastructure-egress',
    ]) {
      expect(files.has(`components/${component}/kustomization.yaml`)).toBe(
        true,
      );
    }
  });

  it('has an application for every service and environment', () => {
    for (const service of servicesOf(model, platform.id)) {
      for (const environment of platform.environments) {
        const [application] = parse(
          files.get(
            `environments/${environment.directory}/apps/${service.name}.yaml`,
          ),
        );
        const name = `${service.name}-${environment.directory}`;
        expect(application.metadata).toMatchObject({
          name,
          namespace: 'argocd',
          labels: {
            'app.kubernetes.io/name': service.name,
            'app.kubernetes.io/part-of': service.system,
          },
        });
        expect(application.metadata.annotations).toEqual({
          'argocd.argoproj.io/sync-wave': String(service.wave),
          ...(model.unboundApplications.includes(name)
            ? {}
            : {
                'backstage.io/entity-ref': `component:default/${service.name}`,
              }),
        });
        expect(application.spec).toMatchObject({
          project: service.domain,
          source: {
            repoURL: repoUrlOf(platform),
            path: `apps/${service.name}/overlays/${environment.directory}`,
            targetRevision: 'main',
          },
          destination: { name: environment.cluster.name },
          syncPolicy: {
            automated: {
              enabled: environment.policy.automatic,
              prune: environment.policy.prune,
              selfHeal: environment.policy.selfHeal,
            },
          },
        });
      }
    }
  });

  it('points every application at a folder of the repository', () => {
    const paths = [...files.keys()].filter(
      path => path.startsWith('environments/') || path.startsWith('bootstrap/'),
    );
    const sources = paths
      .flatMap(path => parse(files.get(path)))
      .filter(manifest => manifest.kind === 'Application')
      .map(manifest => manifest.spec.source.path);
    expect(sources.length).toBeGreaterThan(platform.environments.length);
    for (const source of sources) {
      expect(
        [...files.keys()].some(path => path.startsWith(`${source}/`)),
      ).toBe(true);
    }
  });

  it('defines every project once, and no application names another', () => {
    const manifests = [...files]
      .filter(([path]) => path.startsWith('environments/'))
      .flatMap(([, text]) => parse(text));
    const projects = manifests
      .filter(manifest => manifest.kind === 'AppProject')
      .map(manifest => manifest.metadata.name);
    expect(new Set(projects).size).toBe(projects.length);
    for (const { spec } of manifests.filter(isApplication)) {
      expect(projects).toContain(spec.project);
    }
  });

  it('uses only what the Argo CD of the sandbox can render', () => {
    const allowed = [
      'apiVersion',
      'kind',
      'resources',
      'namespace',
      'images',
      'replicas',
      'labels',
      'patches',
      'components',
    ];
    const fields = [...files]
      .filter(([path]) => path.endsWith('/kustomization.yaml'))
      .flatMap(([, text]) => parse(text))
      .flatMap(kustomization => Object.keys(kustomization));
    expect(fields.filter(field => !allowed.includes(field))).toEqual([]);
  });

  it('keeps no secret in Git', () => {
    const kinds = [...files]
      .filter(([path]) => /(?<!\.example)\.yaml$/.test(path))
      .flatMap(([, text]) => parse(text))
      .map(manifest => manifest.kind);
    expect(kinds).toContain('Deployment');
    expect(kinds).not.toContain('Secret');
  });

  it('ends its history in the tree that the model describes', () => {
    const history = gitopsHistory({
      model,
      platform,
      repoUrl: repoUrlOf(platform),
    });
    const tree: FileTree = new Map();
    for (const commit of history) {
      for (const [path, text] of commit.files) {
        tree.set(path, text);
      }
    }
    expect(tree).toEqual(files);
    const ages = history.map(commit => commit.hoursAgo);
    expect(ages).toEqual([...ages].sort((left, right) => right - left));
  });
});

describe('the catalog repository', () => {
  const files = catalogRepository(model);

  it('names every other file, without wildcards', () => {
    const [location] = parse(files.get(CATALOG_FILE));
    const targets = location.spec.targets.map((target: string) =>
      posix.normalize(target),
    );
    expect([...targets, CATALOG_FILE].sort()).toEqual([...files.keys()].sort());
    expect(targets.join()).not.toMatch(/[*?]/);
  });

  it('refers only to entities that it contains', () => {
    const entities = [...files].flatMap(([, text]) => parse(text));
    const refs = new Set(
      entities.map(
        entity => `${entity.kind.toLowerCase()}:${entity.metadata.name}`,
      ),
    );
    for (const { kind, spec } of entities) {
      const mentioned = [
        ...(spec.owner ? [spec.owner] : []),
        ...(spec.domain ? [`domain:${spec.domain}`] : []),
        ...(spec.system ? [`system:${spec.system}`] : []),
        ...(spec.parent ? [`group:${spec.parent}`] : []),
        ...(spec.memberOf ?? []).map((name: string) => `group:${name}`),
        ...(spec.dependsOn ?? []),
      ];
      expect({
        kind,
        missing: mentioned.filter(ref => !refs.has(ref)),
      }).toEqual({
        kind,
        missing: [],
      });
    }
  });

  it('annotates components for the Argo CD and Kubernetes plugins', () => {
    const [, checkout] = parse(files.get('systems/ordering.yaml')).filter(
      entity => ['cart', 'checkout'].includes(entity.metadata.name),
    );
    expect(checkout.metadata.annotations).toEqual({
      'argocd/app-selector': 'app.kubernetes.io/name=checkout',
      'argocd/instance-name': 'microservices',
      'backstage.io/kubernetes-id': 'checkout',
      'backstage.io/kubernetes-namespace': 'core-business-prod',
      'backstage.io/kubernetes-label-selector':
        'app.kubernetes.io/name=checkout',
      'slipway.dev/chain': 'microservices',
      'slipway.dev/sync-wave': '2',
    });
  });
});

const hasKubectl = isInstalled('kubectl');
if (!hasKubectl) {
  process.stderr.write('Overlays are not built: kubectl is not installed\n');
}

(hasKubectl ? describe : describe.skip)('every overlay', () => {
  const folder = temporaryFolder();

  it.each(model.platforms.map(platform => [platform.id, platform] as const))(
    'of %s builds with the real kubectl kustomize',
    async (id, platform) => {
      const files = currentTree(platform);
      for (const [path, text] of files) {
        const file = folder.path(id, path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
      const folders = [...files.keys()]
        .filter(path =>
          /\/(overlays\/[^/]+|resources)\/kustomization.yaml$/.test(path),
        )
        .map(dirname);
      expect(folders.length).toBeGreaterThan(12);
      for (const overlay of folders) {
        const built = parse(
          await run('kubectl', ['kustomize', folder.path(id, overlay)]),
        );
        const workloads = built.filter(manifest =>
          ['Deployment', 'StatefulSet'].includes(manifest.kind),
        );
        expect(workloads).toHaveLength(overlay.includes('/overlays/') ? 1 : 0);
        for (const workload of workloads) {
          const [container] = workload.spec.template.spec.containers;
          expect(container.image).toMatch(/:v?\d+\.\d+(\.\d+)?(@sha256:|$)/);
          expect(Number.isInteger(workload.spec.replicas)).toBe(true);
        }
      }
    },
    120_000,
  );
});
