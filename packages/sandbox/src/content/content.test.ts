import { posix } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { fileSourceOf, renderKustomization } from '../kustomize';
import { createModel, releaseIn, servicesOf } from '../model';
import type { Platform } from '../model';
import { CATALOG_FILE, catalogRepository } from './catalog';
import { gitopsRepository } from './gitops';
import { gitopsHistory } from './history';
import { messageTemplates } from './messageTemplates';
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
  source?: { path: string };
  sources?: { repoURL: string; path: string }[];
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
        const source = {
          repoURL: repoUrlOf(platform),
          path: `apps/${service.name}/overlays/${environment.directory}`,
          targetRevision: 'main',
        };
        expect(application.spec).toMatchObject({
          project: service.domain,
          ...(service.additions
            ? { sources: [source, { path: service.additions.path }] }
            : { source }),
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
      .map(({ spec }) => String((spec.source ?? spec.sources?.[0])?.path));
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

describe('a second source', () => {
  const service = model.services.find(({ additions }) => additions)!;
  const platform = model.platforms.find(({ id }) => id === service.platform)!;
  const files = currentTree(platform);
  const url = 'http://localhost:7081/microservices/messages.git';

  it('is allowed by the project of its application', () => {
    const [project] = parse(
      files.get(`environments/production/projects/${service.domain}.yaml`),
    );
    expect(project.spec).toMatchObject({
      sourceRepos: [repoUrlOf(platform), url],
    });
    const [application] = parse(
      files.get(`environments/staging/apps/${service.name}.yaml`),
    );
    expect(application.spec.sources?.[1]).toEqual({
      repoURL: url,
      path: service.additions?.path,
      targetRevision: 'main',
    });
  });

  it('brings the ConfigMap that the service mounts', () => {
    const [text] = [
      ...messageTemplates({ ...service, additions: service.additions! }),
    ].flatMap(([path, content]) => (path.endsWith('.yaml') ? [content] : []));
    const [messages] = parse(text);
    expect(messages).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'notification-messages' },
    });
    expect(files.get(`apps/${service.name}/base/deployment.yaml`)).toContain(
      `name: ${messages.metadata.name}`,
    );
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

// That the real kustomize builds the same is what `src/kustomize` tests.
describe.each(
  model.platforms.map(platform => [platform.id, platform] as const),
)('the overlays of %s', (_id, platform) => {
  const files = currentTree(platform);

  it('each give one workload with a release and a size', () => {
    const folders = [...files.keys()]
      .filter(path => /\/overlays\/[^/]+\/kustomization.yaml$/.test(path))
      .map(path => posix.dirname(path));
    expect(folders.length).toBeGreaterThan(8);
    for (const path of folders) {
      const objects: unknown[] = renderKustomization({
        files: fileSourceOf(files),
        path,
      });
      const workloads = (objects as Manifest[]).filter(({ kind }) =>
        ['Deployment', 'StatefulSet'].includes(kind),
      );
      expect(workloads).toHaveLength(1);
      const [{ spec }] = workloads;
      const [container] = spec.template.spec.containers;
      expect(container.image).toMatch(/:v?\d+\.\d+(\.\d+)?(@sha256:|$)/);
      expect(Number.isInteger(spec.replicas)).toBe(true);
    }
  });
});
