import {
  keyOf,
  keyText,
  LiveObject,
  SimulatedCluster,
  StoredObject,
} from '../../cluster';
import { jsonEquals, KubernetesObject } from '../../kustomize';
import { Journal } from './journal';

interface Entry {
  readonly object: LiveObject;
  /** Absent when it says nothing that the object does not. */
  readonly lastApplied?: KubernetesObject;
  readonly applied?: true;
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
  const journal = await Journal.open({
    file: options.file,
    onError: options.onError,
    onEntry: (key, value) => {
      const [name] = key.split('\n');
      const { object, lastApplied, applied } = value as Entry;
      restored += 1;
      clusters.get(name)?.store.restore({
        object,
        lastApplied: applied ? withoutServerFields(object) : lastApplied,
      });
    },
  });
  for (const [name, { store }] of clusters) {
    store.onEvent(({ type, object }) => {
      const objectKey = keyOf(object);
      const key = `${name}\n${keyText(objectKey)}`;
      if (type === 'DELETED') journal.delete(key);
      else {
        journal.set(key, () => {
          const stored = store.stored(objectKey);
          return stored && toEntry(stored);
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
          yield [`${name}\n${keyText(key)}`, toEntry(stored)] as const;
        }
      }
    }
  });
  return { journal, restored };
}

function toEntry({ object, lastApplied }: StoredObject): Entry {
  if (!lastApplied) return { object };
  return jsonEquals(withoutServerFields(object), lastApplied)
    ? { object, applied: true }
    : { object, lastApplied };
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
