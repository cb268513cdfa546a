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
          namespace: service.applicationNamespace ?? 'argocd',
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

describe('applications outside of the namespace of Argo CD', () => {
  const away = model.services.filter(service => service.applicationNamespace);

  it('belong to one team, and keep clear of the others', () => {
    expect(away.map(({ name, owner }) => [name, owner])).toEqual([
      ['shipping', 'logistics-team'],
      ['fulfillment', 'logistics-team'],
      ['returns', 'logistics-team'],
    ]);
  });

  it('are let in by their project, and found through the catalog', () => {
    const files = currentTree(model.platforms[0]);
    const [project] = parse(
      files.get('environments/production/projects/core-business.yaml'),
    );
    expect(project.spec).toMatchObject({
      sourceNamespaces: ['argocd-logistics'],
    });
    const catalog = [...catalogRepository(model).values()].flatMap(parse);
    for (const { name } of away) {
      const component = catalog.find(
        ({ kind, metadata }) => kind === 'Component' && metadata.name === name,
      );
      expect(component?.metadata.annotations).toMatchObject({
        'argocd/app-namespace': 'argocd-logistics',
      });
    }
  });
});

describe('hooks', () => {
  it.each([
    ['microservices', 'pricing'],
    ['n9', 'n9-api'],
  ])('of %s come with %s, in the release of the overlay', (id, name) => {
    const platform = model.platforms.find(candidate => candidate.id === id)!;
    const objects = renderKustomization({
      files: fileSourceOf(currentTree(platform)),
      path: `apps/${name}/overlays/staging`,
    }) as unknown[] as Manifest[];
    const jobs = objects.filter(({ kind }) => kind === 'Job');
    expect(
      jobs.map(({ metadata }) => [
        metadata.name,
        metadata.annotations?.['argocd.argoproj.io/hook'],
      ]),
    ).toEqual([
      [`${name}-migration`, 'PreSync'],
      [`${name}-smoke-test`, 'PostSync'],
      [`${name}-sync-failed`, 'SyncFail'],
    ]);
    const [deployment] = objects.filter(({ kind }) => kind === 'Deployment');
    expect(jobs[0].spec.template.spec.containers[0].image).toBe(
      deployment.spec.template.spec.containers[0].image,
    );
  });

  it('are never selected as pods of the service', () => {
    const objects = renderKustomization({
      files: fileSourceOf(currentTree(model.platforms[0])),
      path: 'apps/pricing/overlays/production',
    }) as unknown[] as {
      kind: string;
      spec: { template: { metadata: { labels: Record<string, string> } } };
    }[];
    for (const job of objects.filter(({ kind }) => kind === 'Job')) {
      expect(job.spec.template.metadata.labels).not.toHaveProperty([
        'app.kubernetes.io/name',
      ]);
    }
  });
});

describe('projects', () => {
  function projectsOf(platform: Platform): Manifest[] {
    return [...currentTree(platform)]
      .filter(([path]) => path.includes('/projects/'))
      .flatMap(([, text]) => parse(text));
  }

  it('close production of N9 to automatic syncs in its maintenance windows', () => {
    const [n9] = projectsOf(model.platforms[1]);
    expect(n9.spec).toMatchObject({
      syncWindows: [
        {
          kind: 'deny',
          schedule: '0 2 * * 0',
          duration: '6h',
          timeZone: 'UTC',
          clusters: ['n9-production'],
          manualSync: true,
        },
        { schedule: '0 4 * * 0', duration: '2h', manualSync: true },
      ],
    });
  });

  it('let no application touch the cluster or the limits of a namespace', () => {
    const all = model.platforms.flatMap(projectsOf);
    expect(all.length).toBeGreaterThan(2);
    for (const { spec } of all) {
      expect(spec).toMatchObject({
        clusterResourceWhitelist: [],
        namespaceResourceBlacklist: [
          { group: '', kind: 'ResourceQuota' },
          { group: '', kind: 'LimitRange' },
        ],
      });
      expect(JSON.stringify(spec)).not.toContain('"*"');
    }
  });
});

describe('the catalog repository', () => {
  const files = catalogRepository(model);

  it('holds everybody but those who are meant to be missing', () => {
    const users = parse(files.get('organization/users.yaml')).map(
      ({ metadata }) => metadata.name,
    );
    expect(users).toContain('marco.silva');
    expect(users).not.toContain('casey.quinn');
    expect(users).toHaveLength(model.people.length - 1);
  });

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
