import { NotFoundError } from '@backstage/errors';
import { Health, LiveObject, SimulatedCluster } from '../../cluster';
import { JsonObject } from '../../kustomize';
import {
  Application,
  APPLICATION,
  ApplicationName,
  APP_PROJECT,
  AppProject,
  CONTROL_NAMESPACE,
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
  static create(cluster: SimulatedCluster): Applications {
    return new Applications(cluster);
  }

  readonly cluster: SimulatedCluster;
  /** Health of each resource, which Argo CD keeps beside the object. */
  readonly healths = new Map<string, ReadonlyMap<string, Health>>();

  private constructor(cluster: SimulatedCluster) {
    this.cluster = cluster;
  }

  find(name: ApplicationName): Application | undefined {
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
      .sort((left, right) =>
        left.metadata.name < right.metadata.name ? -1 : 1,
      );
  }

  /** Applications whose name is the given one, in any namespace. */
  named(name: string): Application[] {
    return this.list().filter(({ metadata }) => metadata.name === name);
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
