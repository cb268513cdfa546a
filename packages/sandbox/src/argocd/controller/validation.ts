import { groupOf, isNamespaced, KubernetesObject } from '../../kustomize';
import { globMatches } from '../rbac';
import {
  ApplicationName,
  ApplicationSpec,
  AppProject,
  CONTROL_NAMESPACE,
  Destination,
  GroupKind,
} from '../wire';
import { sourcesOf } from '../sources/sourceList';

/** Name and URL of a cluster, either of which a project may speak of. */
interface ClusterIdentity {
  readonly name: string;
  readonly server: string;
}

/** Whether a project takes in applications that live in a namespace. */
export function letsIn(project: AppProject, namespace: string): boolean {
  const { sourceNamespaces = [] } = project.spec ?? {};
  return (
    namespace === CONTROL_NAMESPACE || isPermitted(sourceNamespaces, namespace)
  );
}

/**
 * What a project forbids about an application, in Argo CD's words; empty when
 * it may be.
 */
export function projectViolations(options: {
  application: ApplicationName;
  spec: ApplicationSpec;
  project: AppProject;
  cluster: ClusterIdentity;
}): string[] {
  const { application, spec, project, cluster } = options;
  const { name } = project.metadata;
  const violations: string[] = [];
  if (!letsIn(project, application.namespace)) {
    violations.push(
      `application '${application.name}' in namespace '${application.namespace}' is not allowed to use project '${name}'`,
    );
  }
  for (const { repoURL } of sourcesOf(spec)) {
    if (!isPermitted(project.spec?.sourceRepos ?? [], repoURL)) {
      violations.push(
        `application repo ${repoURL} is not permitted in project '${name}'`,
      );
    }
  }
  const { namespace = '', name: byName } = spec.destination;
  if (!isDestinationPermitted({ project, cluster, namespace })) {
    const server = byName ? cluster.name : cluster.server;
    violations.push(
      `application destination server '${server}' and namespace '${namespace}' do not match any of the allowed destinations in project '${name}'`,
    );
  }
  return violations;
}

/**
 * Why an application of a project may not apply an object, in Argo CD's words;
 * undefined when it may. What the spec of an application says is checked
 * before; its manifests can still name other namespaces and kinds.
 */
export function objectViolation(options: {
  project: AppProject;
  cluster: ClusterIdentity;
  object: KubernetesObject;
}): string | undefined {
  const { project, cluster, object } = options;
  const { kind } = object;
  const { name, namespace = '' } = object.metadata;
  const group = groupOf(object);
  const namespaced = isNamespaced({ group, kind });
  if (!isKindPermitted({ project, group, kind, name, namespaced })) {
    return `resource ${group}:${kind} is not permitted in project ${project.metadata.name}`;
  }
  if (namespaced && !isDestinationPermitted({ project, cluster, namespace })) {
    return `namespace ${namespace} is not permitted in project '${project.metadata.name}'`;
  }
  return undefined;
}

/**
 * Whether a kind may be applied: namespaced kinds unless a list says no,
 * kinds of the cluster only if a list says yes.
 */
function isKindPermitted(options: {
  project: AppProject;
  group: string;
  kind: string;
  name: string;
  namespaced: boolean;
}): boolean {
  const { project, namespaced, ...object } = options;
  const {
    namespaceResourceWhitelist,
    namespaceResourceBlacklist = [],
    clusterResourceWhitelist = [],
    clusterResourceBlacklist = [],
  } = project.spec ?? {};
  const listed = (list: readonly GroupKind[]) =>
    list.some(
      item =>
        globMatches(item.group, object.group) &&
        globMatches(item.kind, object.kind) &&
        (namespaced || !item.name || globMatches(item.name, object.name)),
    );
  return namespaced
    ? (namespaceResourceWhitelist === undefined ||
        listed(namespaceResourceWhitelist)) &&
        !listed(namespaceResourceBlacklist)
    : listed(clusterResourceWhitelist) && !listed(clusterResourceBlacklist);
}

/**
 * Whether some destination of a project matches. An entry whose pattern begins
 * with `!` forbids what it does not match, whatever other entries say.
 */
function isDestinationPermitted(options: {
  project: AppProject;
  cluster: ClusterIdentity;
  namespace: string;
}): boolean {
  const { project, cluster, namespace } = options;
  let permitted = false;
  for (const destination of project.spec?.destinations ?? []) {
    const [byName, byServer, byNamespace] = matches(destination, {
      ...cluster,
      namespace,
    });
    if ((byServer || byName) && byNamespace) {
      permitted = true;
    } else if (
      (!byName && isDenial(destination.name)) ||
      (!byServer && isDenial(destination.server)) ||
      (!byNamespace && isDenial(destination.namespace))
    ) {
      return false;
    }
  }
  return permitted;
}

function matches(
  { name = '', server = '', namespace = '' }: Destination,
  place: ClusterIdentity & { namespace: string },
): [boolean, boolean, boolean] {
  return [
    patternMatches(name, place.name),
    patternMatches(server, place.server),
    patternMatches(namespace, place.namespace),
  ];
}

function patternMatches(pattern: string, value: string): boolean {
  return isDenial(pattern)
    ? !globMatches(pattern.slice(1), value)
    : globMatches(pattern, value);
}

function isDenial(pattern: string | undefined): boolean {
  return pattern?.startsWith('!') ?? false;
}

/** Globs of a project: one has to match, and none that begins with `!`. */
function isPermitted(patterns: readonly string[], value: string): boolean {
  const denied = patterns.some(
    pattern => isDenial(pattern) && globMatches(pattern.slice(1), value),
  );
  return !denied && patterns.some(pattern => globMatches(pattern, value));
}
