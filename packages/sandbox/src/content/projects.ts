import { namespaceOf, servicesOf, workloadsOf } from '../model';
import type { Domain, Model, Platform } from '../model';
import { ARGOCD_NAMESPACE, holdsProjects } from './application';
import { siblingUrl } from './names';
import { yaml } from './yaml';

/** The file of a project in the GitOps repository, which is written once. */
export function projectPath(platform: Platform, project: string): string {
  const { directory } = holder(platform);
  return `environments/${directory}/projects/${project}.yaml`;
}

/** The environment beside which a platform's projects are written down. */
function holder(platform: Platform) {
  return platform.environments.find(holdsProjects) ?? platform.environments[0];
}

/**
 * AppProjects of a platform, one a domain: file name to text. Each is limited
 * to what its applications need: their repositories, their namespaces in each
 * cluster, and neither kinds of the cluster nor the limits of a namespace,
 * which are the platform engineers'.
 */
export function projects(options: {
  model: Model;
  platform: Platform;
  repoUrl: string;
}): Map<string, string> {
  const { model, platform } = options;
  const hasWorkloads = workloadsOf(model, platform.id).length > 0;
  return new Map(
    model.domains
      .filter(domain => domain.platform === platform.id)
      .filter(domain => domain.name !== 'infrastructure' || hasWorkloads)
      .map(domain => [
        `${domain.name}.yaml`,
        yaml(projectManifest({ ...options, domain })),
      ]),
  );
}

function projectManifest(options: {
  model: Model;
  platform: Platform;
  repoUrl: string;
  domain: Domain;
}): unknown {
  const { model, platform, repoUrl, domain } = options;
  const { name } = domain;
  const services = servicesOf(model, platform.id).filter(
    service => service.domain === name,
  );
  const additions = services.flatMap(service =>
    service.additions ? siblingUrl(repoUrl, service.additions.repository) : [],
  );
  const namespaces = services.flatMap(
    ({ applicationNamespace }) => applicationNamespace ?? [],
  );
  const windows = maintenanceWindows(platform);
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name, namespace: ARGOCD_NAMESPACE },
    spec: {
      description: domain.description,
      sourceRepos: [...new Set([repoUrl, ...additions])],
      ...(namespaces.length > 0
        ? { sourceNamespaces: [...new Set(namespaces)] }
        : {}),
      destinations: platform.environments.map(environment => ({
        name: environment.cluster.name,
        namespace:
          name === 'infrastructure'
            ? 'infrastructure'
            : namespaceOf({ domain: name }, environment),
      })),
      clusterResourceWhitelist: [],
      namespaceResourceBlacklist: [
        { group: '', kind: 'ResourceQuota' },
        { group: '', kind: 'LimitRange' },
      ],
      ...(windows.length > 0 ? { syncWindows: windows } : {}),
      roles: [
        {
          name: 'read-only',
          description: 'May look at the applications of this project.',
          policies: [
            `p, proj:${name}:read-only, applications, get, ${name}/*, allow`,
          ],
          groups: [domain.owner],
        },
        {
          name: 'deployer',
          description: 'May also sync them, for pipelines with a token.',
          policies: ['get', 'sync'].map(
            action =>
              `p, proj:${name}:deployer, applications, ${action}, ${name}/*, allow`,
          ),
        },
      ],
    },
  };
}

/**
 * "Maintenance Windows" of the operations document. Production is synced by
 * people, whom the windows let through: they have a runbook at hand, and a
 * release on a Sunday night is theirs to answer for.
 */
function maintenanceWindows(platform: Platform): unknown[] {
  if (platform.id !== 'n9') return [];
  return (
    [
      ['Patching (monthly) and major upgrades', '0 2 * * 0', '6h'],
      ['Database maintenance', '0 4 * * 0', '2h'],
    ] as const
  ).map(([description, schedule, duration]) => ({
    kind: 'deny',
    description,
    schedule,
    duration,
    timeZone: 'UTC',
    clusters: [holder(platform).cluster.name],
    manualSync: true,
  }));
}
