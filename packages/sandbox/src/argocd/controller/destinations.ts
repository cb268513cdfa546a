import {
  keyOf,
  keyText,
  LiveObject,
  ObjectEvent,
  SimulatedCluster,
} from '../../cluster';
import { jsonEquals } from '../../kustomize';
import { applicationOfInstance, instanceName, trackedBy } from '../targets';
import { ArgoCdCluster } from '../types';
import { ApplicationName, Destination } from '../wire';

/** The cluster in which Argo CD itself runs. */
export const IN_CLUSTER: ArgoCdCluster = {
  name: 'in-cluster',
  server: 'https://kubernetes.default.svc',
};

/** A registered cluster with what runs in it. */
export interface RegisteredCluster extends ArgoCdCluster {
  readonly cluster: SimulatedCluster;
}

/**
 * The clusters of an Argo CD, and which of their objects belong to which
 * application.
 */
export class Destinations {
  static create(options: {
    clusters: readonly RegisteredCluster[];
    /** Whether the status of a child application matters to its parent. */
    applicationHealth: boolean;
    onChange: (application: ApplicationName) => void;
  }): Destinations {
    return new Destinations(options);
  }

  readonly clusters: readonly RegisteredCluster[];
  /** By cluster and instance name: the keys of the objects that carry it. */
  readonly #managed = new Map<string, Map<string, LiveObject>>();

  private constructor(options: {
    clusters: readonly RegisteredCluster[];
    /** Whether the status of a child application matters to its parent. */
    applicationHealth: boolean;
    onChange: (application: ApplicationName) => void;
  }) {
    this.clusters = options.clusters;
    for (const { name, cluster } of this.clusters) {
      for (const object of cluster.store.list()) this.#note(name, object, true);
      cluster.store.onEvent(event => {
        const { type, object } = event;
        this.#note(name, object, type !== 'DELETED');
        if (!options.applicationHealth && isApplicationStatus(event)) return;
        const instance = instanceOf(cluster, object);
        if (instance) options.onChange(applicationOfInstance(instance));
      });
    }
  }

  get inCluster(): RegisteredCluster {
    const found = this.clusters.find(({ name }) => name === IN_CLUSTER.name);
    if (!found) throw new Error('an Argo CD always has its own cluster');
    return found;
  }

  /** @throws Error in Argo CD's words when there is no such cluster. */
  resolve(destination: Destination): RegisteredCluster {
    const { name, server } = destination;
    if (name && server) {
      throw new Error(
        `application destination can't have both name and server defined: ${name} ${server}`,
      );
    }
    const found = this.clusters.find(cluster =>
      name ? cluster.name === name : cluster.server === server,
    );
    if (found) return found;
    throw new Error(
      name
        ? `there are no clusters with this name: ${name}`
        : `cluster '${server ?? ''}' has not been configured`,
    );
  }

  /** Objects of a cluster that carry an application's mark. */
  managedBy(cluster: string, application: ApplicationName): LiveObject[] {
    const objects = this.#managed.get(
      `${cluster}\n${instanceName(application)}`,
    );
    return [...(objects?.values() ?? [])];
  }

  #note(cluster: string, object: LiveObject, present: boolean): void {
    const instance = trackedBy(object);
    if (!instance) return;
    const id = `${cluster}\n${instance}`;
    const objects = this.#managed.get(id) ?? new Map();
    this.#managed.set(id, objects);
    const key = keyText(keyOf(object));
    if (present) objects.set(key, object);
    else objects.delete(key);
  }
}

/**
 * Whether an event is only news about the status of an application: nothing
 * that its parent compares, and there are thousands of them.
 */
function isApplicationStatus({ object, previous }: ObjectEvent): boolean {
  return (
    object.kind === 'Application' &&
    previous !== undefined &&
    previous.spec === object.spec &&
    jsonEquals(previous.metadata.labels, object.metadata.labels) &&
    jsonEquals(previous.metadata.annotations, object.metadata.annotations)
  );
}

/** The mark of an object, or of what owns it. */
function instanceOf(
  cluster: SimulatedCluster,
  object: LiveObject,
): string | undefined {
  const own = trackedBy(object);
  if (own) return own;
  for (const owner of object.metadata.ownerReferences ?? []) {
    const slash = owner.apiVersion.indexOf('/');
    const found = cluster.store.get({
      group: slash < 0 ? '' : owner.apiVersion.slice(0, slash),
      kind: owner.kind,
      namespace: object.metadata.namespace,
      name: owner.name,
    });
    if (found) return instanceOf(cluster, found);
  }
  return undefined;
}
