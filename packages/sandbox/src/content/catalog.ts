import { findPlatform } from '../model';
import type {
  Cluster,
  Group,
  Infrastructure,
  Model,
  Person,
  Service,
} from '../model';
import { yaml } from './yaml';
import type { FileTree } from './yaml';

/** `owner/name` of the repository that holds the catalog. */
export const CATALOG_REPOSITORY = 'slipway/catalog';

/** File of the catalog repository that Backstage is pointed at. */
export const CATALOG_FILE = 'all.yaml';

/** Prefix of the annotations that Slipway defines. */
const PREFIX = 'slipway.dev';

/**
 * The catalog: who is who, and what there is. `all.yaml` names every other
 * file, because Backstage's reader for this server takes no wildcards.
 */
export function catalogRepository(model: Model): FileTree {
  const files: FileTree = new Map([
    ['organization/groups.yaml', yaml(...model.groups.map(group))],
    [
      'organization/users.yaml',
      yaml(...model.people.filter(person => person.inCatalog).map(user)),
    ],
    ['domains.yaml', yaml(...domains(model))],
    ['resources/clusters.yaml', yaml(...clusters(model))],
    [
      'resources/infrastructure.yaml',
      yaml(...model.infrastructure.map(infrastructure)),
    ],
  ]);
  for (const system of model.systems) {
    files.set(
      `systems/${system.name}.yaml`,
      yaml(
        {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'System',
          metadata: {
            name: system.name,
            title: system.title,
            description: system.description,
          },
          spec: { owner: `group:${system.owner}`, domain: system.domain },
        },
        ...model.services
          .filter(service => service.system === system.name)
          .map(service => component({ model, service })),
      ),
    );
  }
  const targets = [...files.keys()].sort().map(path => `./${path}`);
  files.set(
    CATALOG_FILE,
    yaml({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Location',
      metadata: {
        name: 'slipway-catalog',
        description: 'Everything that the platforms are made of.',
      },
      spec: { targets },
    }),
  );
  return files;
}

function group(item: Group): unknown {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name: item.name, description: item.description },
    spec: {
      type: item.type,
      profile: {
        displayName: item.title,
        email: `${item.name}@slipway.example`,
      },
      ...(item.parent ? { parent: item.parent } : {}),
      children: [],
    },
  };
}

function user(person: Person): unknown {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: {
      name: person.name,
      ...(person.persona
        ? { annotations: { [`${PREFIX}/persona`]: person.persona.role } }
        : {}),
    },
    spec: {
      profile: { displayName: person.displayName, email: person.email },
      memberOf: person.groups,
    },
  };
}

function domains(model: Model): unknown[] {
  return model.domains.map(domain => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Domain',
    metadata: {
      name: domain.name,
      title: domain.title,
      description: domain.description,
      labels: { [`${PREFIX}/chain`]: domain.platform },
    },
    spec: { owner: `group:${domain.owner}` },
  }));
}

function clusters(model: Model): unknown[] {
  const byName = new Map<string, Cluster>();
  for (const platform of model.platforms) {
    for (const environment of platform.environments) {
      byName.set(environment.cluster.name, environment.cluster);
    }
  }
  return [...byName.values()].map(cluster => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name: cluster.name,
      description: cluster.region
        ? `Amazon EKS cluster in ${cluster.region}.`
        : "Kubernetes on a developer's machine.",
      annotations: {
        'kubernetes.io/api-server': cluster.server,
        ...(cluster.region ? { 'aws.amazon.com/region': cluster.region } : {}),
      },
    },
    spec: {
      type: 'kubernetes-cluster',
      owner: 'group:platform-engineering',
    },
  }));
}

function infrastructure(item: Infrastructure): unknown {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name: item.name,
      title: item.title,
      description: item.description,
      labels: { [`${PREFIX}/chain`]: item.platform },
      ...(item.workload
        ? {
            annotations: {
              'argocd/app-selector': `app.kubernetes.io/name=${item.name}`,
              'argocd/instance-name': item.platform,
              'backstage.io/kubernetes-id': item.name,
              'backstage.io/kubernetes-namespace': 'infrastructure',
              'backstage.io/kubernetes-label-selector': `app.kubernetes.io/name=${item.name}`,
              [`${PREFIX}/chain`]: item.platform,
              [`${PREFIX}/sync-wave`]: '0',
            },
          }
        : {}),
    },
    spec: {
      type: item.type,
      owner: `group:${item.owner}`,
      system: item.system,
    },
  };
}

function component(options: { model: Model; service: Service }): unknown {
  const { model, service } = options;
  const platform = findPlatform(model, service.platform);
  const chain = {
    [`${PREFIX}/chain`]: service.platform,
    [`${PREFIX}/sync-wave`]: String(service.wave),
  };
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: service.name,
      title: service.title,
      description: service.description,
      tags: [service.language, service.tier],
      labels: { ...chain, [`${PREFIX}/tier`]: service.tier },
      annotations: {
        'argocd/app-selector': `app.kubernetes.io/name=${service.name}`,
        'argocd/instance-name': platform.id,
        ...(service.applicationNamespace
          ? { 'argocd/app-namespace': service.applicationNamespace }
          : {}),
        'backstage.io/kubernetes-id': service.name,
        ...kubernetesNamespace(service),
        'backstage.io/kubernetes-label-selector': `app.kubernetes.io/name=${service.name}`,
        ...chain,
      },
    },
    spec: {
      type: service.kind,
      lifecycle: 'production',
      owner: `group:${service.owner}`,
      system: service.system,
      dependsOn: [
        ...service.dependsOn.map(name => `component:${name}`),
        ...service.uses.map(name => `resource:${name}`),
      ],
    },
  };
}

/**
 * The annotation holds one namespace, and a service has one per environment:
 * production's is the one that a reader wants to see first.
 */
function kubernetesNamespace(service: Service): Record<string, string> {
  const suffix = service.platform === 'n9' ? 'production' : 'prod';
  return { 'backstage.io/kubernetes-namespace': `${service.domain}-${suffix}` };
}
