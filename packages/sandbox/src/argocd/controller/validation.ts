import {
  ApplicationName,
  ApplicationSpec,
  AppProject,
  CONTROL_NAMESPACE,
} from '../wire';
import { sourcesOf } from '../sources/sourceList';
import { RegisteredCluster } from './destinations';

/**
 * What a project forbids about an application, in Argo CD's words; empty when
 * it may be.
 */
export function projectViolations(options: {
  application: ApplicationName;
  spec: ApplicationSpec;
  project: AppProject;
  cluster: RegisteredCluster;
}): string[] {
  const { application, spec, project, cluster } = options;
  const violations: string[] = [];
  const { sourceNamespaces = [] } = project.spec ?? {};
  const isAtHome =
    application.namespace === CONTROL_NAMESPACE ||
    allowed(sourceNamespaces, application.namespace);
  if (!isAtHome) {
    violations.push(
      `application '${application.name}' in namespace '${application.namespace}' is not allowed to use project '${project.metadata.name}'`,
    );
  }
  const { sourceRepos = [], destinations = [] } = project.spec ?? {};
  const name = project.metadata.name;
  for (const { repoURL } of sourcesOf(spec)) {
    if (!allowed(sourceRepos, repoURL)) {
      violations.push(
        `application repo ${repoURL} is not permitted in project '${name}'`,
      );
    }
  }
  const namespace = spec.destination.namespace ?? '';
  const permitted = destinations.some(destination => {
    const here =
      destination.server !== undefined
        ? allowed([destination.server], cluster.server)
        : allowed([destination.name ?? ''], cluster.name);
    return here && allowed([destination.namespace ?? '*'], namespace);
  });
  if (!permitted) {
    violations.push(
      `application destination server '${cluster.server}' and namespace '${namespace}' do not match any of the allowed destinations in project '${name}'`,
    );
  }
  return violations;
}

/** Globs of a project: `*` matches anything, a leading `!` forbids. */
function allowed(patterns: readonly string[], value: string): boolean {
  const denied = patterns.some(
    pattern => pattern.startsWith('!') && globMatches(pattern.slice(1), value),
  );
  return !denied && patterns.some(pattern => globMatches(pattern, value));
}

/** Whether text matches a glob in which `*` stands for any text. */
export function globMatches(pattern: string, value: string): boolean {
  const source = pattern
    .split('*')
    .map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(value);
}
