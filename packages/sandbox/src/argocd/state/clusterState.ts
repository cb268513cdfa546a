import {
  keyOf,
  keyText,
  LiveObject,
  ObjectStore,
  SimulatedCluster,
  StoredObject,
} from '../../cluster';
import {
  Json,
  jsonEquals,
  JsonObject,
  KubernetesObject,
  valueAt,
} from '../../kustomize';
import { Journal } from './journal';

/**
 * One object on disk. What an object and the manifest last applied to it have
 * in common is written once, and so is what a pod has from its ReplicaSet:
 * that is most of it, and what is read back is shared again in memory.
 */
interface Entry {
  readonly object: LiveObject;
  /** Fields of the manifest that the object has as well. */
  readonly shared?: readonly string[];
  /** The other fields of the manifest; absent when nothing was applied. */
  readonly lastApplied?: JsonObject;
  /** The object is a pod whose `spec` is that of its owner's template. */
  readonly fromTemplate?: true;
}

/** Keeps the objects of some clusters in a file, and puts them back. */
export async function openClusterState(options: {
  file: string;
  clusters: readonly SimulatedCluster[];
  onError: (error: unknown) => void;
}): Promise<{ journal: Journal; restored: number }> {
  const clusters = new Map(
    options.clusters.map(cluster => [cluster.name, cluster]),
  );
  let restored = 0;
  const pods: { store: ObjectStore; pod: LiveObject }[] = [];
  const journal = await Journal.open({
    file: options.file,
    onError: options.onError,
    onEntry: (key, value) => {
      const [name] = key.split('\n');
      const store = clusters.get(name)?.store;
      if (!store) return;
      const { object, shared, lastApplied, fromTemplate } = value as Entry;
      restored += 1;
      if (fromTemplate) {
        pods.push({ store, pod: object });
        return;
      }
      store.restore({
        object,
        lastApplied: lastApplied && {
          ...pick(withoutServerFields(object), shared ?? []),
          ...(lastApplied as KubernetesObject),
        },
      });
    },
  });
  for (const { store, pod } of pods) {
    const spec = templateSpec(store, pod);
    store.restore({ object: { ...pod, spec }, lastApplied: undefined });
  }
  for (const [name, { store }] of clusters) {
    store.onEvent(({ type, object }) => {
      const objectKey = keyOf(object);
      const key = `${name}\n${keyText(objectKey)}`;
      if (type === 'DELETED') journal.delete(key);
      else {
        journal.set(key, () => {
          const stored = store.stored(objectKey);
          return stored && toEntry(store, stored);
        });
      }
    });
  }
  journal.setSource(function* everything() {
    for (const [name, { store }] of clusters) {
      for (const object of store.list()) {
        const key = keyOf(object);
        const stored = store.stored(key);
        if (stored) {
          yield [`${name}\n${keyText(key)}`, toEntry(store, stored)] as const;
        }
      }
    }
  });
  return { journal, restored };
}

function toEntry(store: ObjectStore, stored: StoredObject): Entry {
  const { object, lastApplied } = stored;
  if (!lastApplied) {
    const spec = templateSpec(store, object);
    if (spec === undefined || spec !== object.spec) return { object };
    const { spec: _, ...pod } = object;
    return { object: pod, fromTemplate: true };
  }
  const base = withoutServerFields(object);
  const shared = Object.keys(lastApplied).filter(field =>
    jsonEquals(base[field], lastApplied[field]),
  );
  const different = Object.keys(lastApplied).filter(
    field => !shared.includes(field),
  );
  return { object, shared, lastApplied: pick(lastApplied, different) };
}

/** The pod spec that the ReplicaSet of a pod has, which never changes. */
function templateSpec(
  store: ObjectStore,
  object: LiveObject,
): Json | undefined {
  const [owner] = object.metadata.ownerReferences ?? [];
  if (object.kind !== 'Pod' || owner?.kind !== 'ReplicaSet') return undefined;
  const set = store.get({
    group: 'apps',
    kind: owner.kind,
    namespace: object.metadata.namespace,
    name: owner.name,
  });
  return valueAt(set, 'spec', 'template', 'spec');
}

function pick(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.map(field => [field, object[field]]));
}

function withoutServerFields(object: LiveObject): KubernetesObject {
  const { status: _, ...rest } = object;
  const {
    uid: _1,
    resourceVersion: _2,
    generation: _3,
    creationTimestamp: _4,
    ...metadata
  } = object.metadata;
  return { ...rest, metadata };
}
