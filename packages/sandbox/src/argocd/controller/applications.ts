import { NotFoundError } from '@backstage/errors';
import { Health, LiveObject, SimulatedCluster } from '../../cluster';
import { JsonObject } from '../../kustomize';
import { globMatches } from '../rbac';
import {
  Application,
  APPLICATION,
  ApplicationName,
  APP_PROJECT,
  AppProject,
  CONTROL_NAMESPACE,
  ProjectToken,
} from '../wire';

/** One text per application, to use in a Map. */
export function nameText(name: ApplicationName): string {
  return `${name.namespace}/${name.name}`;
}

/** The identity of an Application object. */
export function nameOf(application: Application): ApplicationName {
  const { name, namespace = CONTROL_NAMESPACE } = application.metadata;
  return { name, namespace };
}

/**
 * Applications and projects: ordinary objects in the cluster of Argo CD. What
 * is known of an application besides its object is kept here as well.
 */
export class Applications {
  /**
   * @param options.namespaces - globs of namespaces besides Argo CD's own in
   *   which applications may live; those elsewhere are as good as not there.
   */
  static create(options: {
    cluster: SimulatedCluster;
    namespaces: readonly string[];
  }): Applications {
    return new Applications(options);
  }

  readonly cluster: SimulatedCluster;
  /** Health of each resource, which Argo CD keeps beside the object. */
  readonly healths = new Map<string, ReadonlyMap<string, Health>>();

  readonly #namespaces: readonly string[];

  private constructor(options: {
    cluster: SimulatedCluster;
    namespaces: readonly string[];
  }) {
    this.cluster = options.cluster;
    this.#namespaces = options.namespaces;
  }

  /** Whether applications outside of Argo CD's own namespace are looked at. */
  get inAnyNamespace(): boolean {
    return this.#namespaces.length > 0;
  }

  /** Whether applications of a namespace are looked at. */
  isEnabled(namespace: string): boolean {
    return (
      namespace === CONTROL_NAMESPACE ||
      this.#namespaces.some(pattern => globMatches(pattern, namespace))
    );
  }

  find(name: ApplicationName): Application | undefined {
    if (!this.isEnabled(name.namespace)) return undefined;
    return asApplication(this.cluster.store.get({ ...APPLICATION, ...name }));
  }

  /** @throws NotFoundError */
  get(name: ApplicationName): Application {
    const found = this.find(name);
    if (!found) {
      throw new NotFoundError(
        `There is no application ${name.namespace}/${name.name}`,
      );
    }
    return found;
  }

  /** In order of name, as Argo CD lists them. */
  list(): Application[] {
    return [...this.cluster.store.list(APPLICATION)]
      .flatMap(object => asApplication(object) ?? [])
      .filter(application => this.isEnabled(nameOf(application).namespace))
      .sort((left, right) =>
        left.metadata.name < right.metadata.name ? -1 : 1,
      );
  }

  project(name: string): AppProject | undefined {
    return this.cluster.store.get({
      ...APP_PROJECT,
      namespace: CONTROL_NAMESPACE,
      name,
    }) as AppProject | undefined;
  }

  projects(): AppProject[] {
    return [...this.cluster.store.list(APP_PROJECT)].sort((left, right) =>
      left.metadata.name < right.metadata.name ? -1 : 1,
    ) as AppProject[];
  }

  /** Remembers in a project that a role of it has another token. */
  keepRoleToken(options: {
    project: string;
    role: string;
    kept: ProjectToken;
  }): void {
    const { project: name, role, kept } = options;
    const project = this.project(name);
    if (!project) return;
    const tokens = project.status?.jwtTokensByRole ?? {};
    const items = (tokens[role]?.items ?? []).filter(
      ({ id }) => id !== kept.id,
    );
    this.cluster.store.put({
      manifest: {
        ...project,
        status: {
          ...project.status,
          jwtTokensByRole: { ...tokens, [role]: { items: [...items, kept] } },
        },
      },
      specChanged: false,
    });
  }

  /**
   * Writes an application. Its generation grows with every write, because
   * the real resource has no status subresource.
   */
  put(application: Application): Application {
    const manifest = Object.fromEntries(
      Object.entries(application).filter(([, value]) => value !== undefined),
    ) as JsonObject as Application;
    return this.cluster.store.put({
      manifest,
      specChanged: true,
    }) as Application;
  }
}

function asApplication(
  object: LiveObject | undefined,
): Application | undefined {
  return object as Application | undefined;
}
