import { servicesOf, workloadsOf } from '../model';
import type { Environment, Model, Platform, Release, Service } from '../model';
import {
  holdsProjects,
  infrastructureApplication,
  rootApplications,
  serviceApplication,
} from './application';
import { environmentResources } from './environment';
import { infrastructureFiles } from './infrastructure';
import { serviceHooks } from './hooks';
import { applicationPath } from './names';
import { projects } from './projects';
import { serviceBase } from './serviceBase';
import { serviceOverlay } from './serviceOverlay';
import { clusterFoundations, clusterSettings, components } from './shared';
import type { FileTree } from './yaml';

/** Which release an overlay asks for; undefined: not deployed there. */
export type ReleaseChoice = (
  service: Service,
  environment: Environment,
) => Release | undefined;

/**
 * The GitOps repository of a platform in the documented layout.
 *
 * `release` chooses which of the known releases the overlays ask for, so that
 * the same function writes the first commit of the history and the last.
 */
export function gitopsRepository(options: {
  model: Model;
  platform: Platform;
  /** Clone URL that the applications name as their source. */
  repoUrl: string;
  release: ReleaseChoice;
}): FileTree {
  const { model, platform, repoUrl, release } = options;
  const files: FileTree = new Map();
  const workloads = workloadsOf(model, platform.id);
  const services = servicesOf(model, platform.id);

  files.set('README.md', readme(platform));
  merge(files, components(platform));
  merge(files, clusterFoundations(platform));
  for (const infrastructure of workloads) {
    merge(
      files,
      infrastructureFiles({
        infrastructure,
        environments: platform.environments,
      }),
    );
  }
  for (const service of services) {
    merge(files, serviceBase({ model, platform, service }));
    if (service.migrates) merge(files, serviceHooks({ platform, service }));
  }
  for (const environment of platform.environments) {
    const folder = `environments/${environment.directory}`;
    files.set(
      `bootstrap/root-app-${environment.directory}.yaml`,
      rootApplications({ environment, repoUrl }),
    );
    merge(files, clusterSettings(environment));
    merge(files, environmentResources({ model, platform, environment }));
    if (holdsProjects(environment)) {
      for (const [name, text] of projects({ model, platform, repoUrl })) {
        files.set(`${folder}/projects/${name}`, text);
      }
    }
    for (const infrastructure of workloads) {
      files.set(
        applicationPath(infrastructure, environment),
        infrastructureApplication({ infrastructure, environment, repoUrl }),
      );
    }
    for (const service of services) {
      const chosen = release(service, environment);
      if (chosen) {
        files.set(
          applicationPath(service, environment),
          serviceApplication({ model, service, environment, repoUrl }),
        );
        merge(
          files,
          serviceOverlay({ platform, service, environment, release: chosen }),
        );
      }
    }
  }
  return files;
}

function merge(target: FileTree, source: FileTree): void {
  for (const [path, text] of source) {
    target.set(path, text);
  }
}

function readme(platform: Platform): string {
  const environments = platform.environments
    .map(
      environment =>
        `| ${environment.id} | \`${environment.directory}\` | ${
          environment.cluster.name
        } | ${
          environment.policy.automatic
            ? 'a push deploys'
            : 'a person starts each sync'
        } |`,
    )
    .join('\n');
  return `# ${platform.title}: what should run where

${platform.description}

| environment | folder | cluster | deployment |
| --- | --- | --- | --- |
${environments}

- \`bootstrap/\`: root applications, applied by hand once.
- \`environments/<environment>/apps/\`: one Argo CD Application a service.
- \`environments/production/projects/\`: the AppProjects. One Argo CD serves all
  environments and a project's name is unique in it, so each is written down once.
- \`environments/<environment>/resources/\`: namespaces, limits, shared settings.
- \`apps/<service>/base\`, \`apps/<service>/overlays/<environment>\`: manifests.
- \`apps/<service>/hooks\`: Jobs that Argo CD runs before, after and when a sync fails.
- \`components/\`: what every overlay takes in.
- \`infrastructure/\`: wave 0 and what each cluster needs.
- \`clusters/<environment>/\`: settings of Argo CD for a cluster.

To release a service, change \`images[0].newTag\` in the overlay's \`kustomization.yaml\` and push to \`main\`.
`;
}
