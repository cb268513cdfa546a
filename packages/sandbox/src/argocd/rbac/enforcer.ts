import { AppProject } from '../wire';
import { globMatches } from './glob';
import {
  joinPolicies,
  parsePolicy,
  Policy,
  PolicyRule,
  rolesOf,
} from './policy';

/** One question: may somebody do this with that? */
export interface AccessRequest {
  /** `applications`, `projects`, `clusters`, `repositories`, … */
  readonly resource: string;
  /** `get`, `sync`, `override`, … */
  readonly action: string;
  /** What {@link rbacName} makes of an application; a project's name; … */
  readonly object: string;
}

/** The object of rules about an application: its namespace only if foreign. */
export function rbacName(options: {
  project: string | undefined;
  namespace: string;
  name: string;
  controlNamespace: string;
}): string {
  const { namespace, name, controlNamespace } = options;
  const project = options.project || 'default';
  return namespace === controlNamespace
    ? `${project}/${name}`
    : `${project}/${namespace}/${name}`;
}

/** The project and role of a subject `proj:<project>:<role>`. */
export function projectRoleOf(
  subject: string,
): { project: string; role: string } | undefined {
  const [kind, project, role, ...rest] = subject.split(':');
  return kind === 'proj' && project && role && rest.length === 0
    ? { project, role }
    : undefined;
}

/** Resources whose objects begin with the name of a project. */
const IN_PROJECTS = [
  'applications',
  'repositories',
  'clusters',
  'logs',
  'exec',
];

/** Stands for "no project" where projects are keys. */
const NO_PROJECT = {};

/**
 * Argo CD's RBAC: global rules, the roles of the project that a request is
 * about, globs for resource, action and object; what a rule denies no other
 * rule allows.
 *
 * Written here although `casbin` exists for Node: Argo CD evaluates every rule
 * for every application, asynchronously, which lists and streams of thousands
 * of applications cannot afford. Few rules concern one caller and one action,
 * and those are found once: objects in the store are never changed in
 * place, so what was found for a project holds for as long as it is the same.
 */
export class Enforcer {
  static create(options: {
    policy: string;
    project: (name: string) => AppProject | undefined;
  }): Enforcer {
    return new Enforcer(options);
  }

  readonly #base: Policy;
  readonly #project: (name: string) => AppProject | undefined;
  #policy: Policy;
  #found = new WeakMap<object, Map<string, readonly PolicyRule[]>>();
  #comparisons = 0;

  private constructor(options: {
    policy: string;
    project: (name: string) => AppProject | undefined;
  }) {
    this.#base = parsePolicy(options.policy);
    this.#policy = this.#base;
    this.#project = options.project;
  }

  /** How often an object was compared with a rule, for measuring. */
  get comparisons(): number {
    return this.#comparisons;
  }

  /**
   * Adds lines to the policy, replacing those that were added before.
   *
   * @throws InputError for what is no policy.
   */
  extend(text: string): void {
    this.#policy = joinPolicies([this.#base, parsePolicy(text)]);
    this.#found = new WeakMap();
  }

  allows(subject: string, request: AccessRequest): boolean {
    const { resource, action, object } = request;
    const project = this.#projectOf(request);
    const own = projectRoleOf(subject);
    if (project && own && own.project !== project.metadata.name) return false;
    let allowed = false;
    for (const rule of this.#rulesFor({ project, subject, resource, action })) {
      this.#comparisons += 1;
      if (globMatches(rule.object, object)) {
        if (rule.effect === 'deny') return false;
        allowed = true;
      }
    }
    return allowed;
  }

  #projectOf({ resource, object }: AccessRequest): AppProject | undefined {
    if (resource === 'projects') return this.#project(object);
    const slash = object.indexOf('/');
    return slash > 0 && IN_PROJECTS.includes(resource)
      ? this.#project(object.slice(0, slash))
      : undefined;
  }

  /** The rules that say something about an action of a subject. */
  #rulesFor(options: {
    project: AppProject | undefined;
    subject: string;
    resource: string;
    action: string;
  }): readonly PolicyRule[] {
    const { project, subject, resource, action } = options;
    const known = this.#found.get(project ?? NO_PROJECT) ?? new Map();
    this.#found.set(project ?? NO_PROJECT, known);
    const key = `${subject}\n${resource}\n${action}`;
    const before = known.get(key);
    if (before) return before;
    const { rules, grants } = project
      ? joinPolicies([this.#policy, policyOfProject(project)])
      : this.#policy;
    const roles = rolesOf(subject, grants);
    const found = rules.filter(
      rule =>
        roles.has(rule.subject) &&
        globMatches(rule.resource, resource) &&
        globMatches(rule.action, action),
    );
    known.set(key, found);
    return found;
  }
}

/** What the roles of a project may; each of them may see the project itself. */
function policyOfProject(project: AppProject): Policy {
  const { name } = project.metadata;
  const lines = (project.spec?.roles ?? []).flatMap(role => [
    `p, proj:${name}:${role.name}, projects, get, ${name}, allow`,
    ...(role.policies ?? []),
    ...(role.groups ?? []).map(
      group => `g, ${group}, proj:${name}:${role.name}`,
    ),
  ]);
  try {
    return parsePolicy(lines.join('\n'));
  } catch {
    // As upstream: a project whose policy cannot be read grants nothing.
    return { rules: [], grants: [] };
  }
}
