import { createHash } from 'node:crypto';
import {
  groupOf,
  isNamespaced,
  KubernetesObject,
  ObjectMetadata,
} from '../kustomize';

/** The metadata that an API server adds. */
export interface LiveMetadata extends ObjectMetadata {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  /** ISO 8601 with seconds. */
  readonly creationTimestamp: string;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
}

/** The object that an object belongs to and dies with. */
export interface OwnerReference {
  readonly [key: string]: string | boolean | undefined;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** An object as the cluster holds it. */
export interface LiveObject extends KubernetesObject {
  readonly metadata: LiveMetadata;
}

/** Identifies an object, whatever the version it is spoken of in. */
export interface ObjectKey {
  readonly group: string;
  readonly kind: string;
  /** Absent for objects of the cluster. */
  readonly namespace?: string;
  readonly name: string;
}

/** What happened to an object of a store. */
export interface ObjectEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: LiveObject;
  /** The object before a MODIFIED. */
  readonly previous?: LiveObject;
}

/** An object with what was last applied to it, for the next three-way merge. */
export interface StoredObject {
  readonly object: LiveObject;
  /** Absent for objects that a controller of the cluster made. */
  readonly lastApplied: KubernetesObject | undefined;
}

/** The key of an object. */
export function keyOf(object: KubernetesObject): ObjectKey {
  const { name, namespace } = object.metadata;
  return { group: groupOf(object), kind: object.kind, namespace, name };
}

/** A key as text, to use in a Map. */
export function keyText(key: ObjectKey): string {
  return `${key.group}|${key.kind}|${key.namespace ?? ''}|${key.name}`;
}

/**
 * The objects of one cluster with the bookkeeping of an API server: uid,
 * resourceVersion (one counter for the cluster), generation, events.
 *
 * Objects are immutable: a change puts another object in place, and whoever
 * holds the old one still holds a consistent view.
 */
export class ObjectStore {
  readonly #cluster: string;
  readonly #now: () => Date;
  readonly #objects = new Map<string, StoredObject>();
  readonly #byType = new Map<string, Set<string>>();
  readonly #byOwner = new Map<string, Set<string>>();
  readonly #listeners = new Set<(event: ObjectEvent) => void>();
  #version = 1000;

  /** @param options.cluster - name of the cluster; part of every uid. */
  static create(options: { cluster: string; now: () => Date }): ObjectStore {
    return new ObjectStore(options);
  }

  private constructor(options: { cluster: string; now: () => Date }) {
    this.#cluster = options.cluster;
    this.#now = options.now;
  }

  /** The version of the newest change. */
  get resourceVersion(): string {
    return String(this.#version);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): LiveObject | undefined {
    return this.stored(key)?.object;
  }

  stored(key: ObjectKey): StoredObject | undefined {
    return this.#objects.get(keyText(key));
  }

  /** Every object, or those of a group and kind. */
  *list(filter?: { group: string; kind: string }): Iterable<LiveObject> {
    const keys = filter
      ? this.#byType.get(typeText(filter)) ?? []
      : this.#objects.keys();
    for (const key of keys) {
      const stored = this.#objects.get(key);
      if (stored) yield stored.object;
    }
  }

  /** Objects whose owner has the uid, in order of creation. */
  ownedBy(uid: string): LiveObject[] {
    return [...(this.#byOwner.get(uid) ?? [])].flatMap(key => {
      const stored = this.#objects.get(key);
      return stored ? [stored.object] : [];
    });
  }

  /**
   * Creates or replaces an object. Generation grows when anything but
   * metadata and status changes.
   */
  put(options: {
    manifest: KubernetesObject;
    lastApplied?: KubernetesObject;
    /** Whether the difference to the object before is more than status. */
    specChanged: boolean;
  }): LiveObject {
    const { manifest, specChanged } = options;
    const key = keyText(keyOf(manifest));
    const before = this.#objects.get(key);
    this.#version += 1;
    const resourceVersion = String(this.#version);
    const previous = before?.object.metadata;
    const metadata: LiveMetadata = {
      ...manifest.metadata,
      uid: previous?.uid ?? uidOf(this.#cluster, resourceVersion),
      resourceVersion,
      generation: (previous?.generation ?? 0) + (specChanged ? 1 : 0),
      creationTimestamp: previous?.creationTimestamp ?? timestamp(this.#now()),
    };
    const object: LiveObject = { ...manifest, metadata };
    this.#set(key, {
      object,
      lastApplied: options.lastApplied ?? before?.lastApplied,
    });
    this.#emit(
      before
        ? { type: 'MODIFIED', object, previous: before.object }
        : { type: 'ADDED', object },
    );
    return object;
  }

  /** Removes an object and everything it owns; false when it is not there. */
  remove(key: ObjectKey): boolean {
    const text = keyText(key);
    const stored = this.#objects.get(text);
    if (!stored) return false;
    this.#objects.delete(text);
    this.#byType.get(typeText(key))?.delete(text);
    for (const { uid } of stored.object.metadata.ownerReferences ?? []) {
      this.#byOwner.get(uid)?.delete(text);
    }
    this.#version += 1;
    for (const child of this.ownedBy(stored.object.metadata.uid)) {
      this.remove(keyOf(child));
    }
    this.#byOwner.delete(stored.object.metadata.uid);
    this.#emit({ type: 'DELETED', object: stored.object });
    return true;
  }

  /** Calls back after every change; the returned function stops that. */
  onEvent(listener: (event: ObjectEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Puts back what was stored before a restart, without events. */
  restore(stored: StoredObject): void {
    const { object } = stored;
    this.#set(keyText(keyOf(object)), stored);
    this.#version = Math.max(
      this.#version,
      Number(object.metadata.resourceVersion),
    );
  }

  #set(key: string, stored: StoredObject): void {
    this.#objects.set(key, stored);
    const type = typeText(keyOf(stored.object));
    const ofType = this.#byType.get(type) ?? new Set();
    this.#byType.set(type, ofType.add(key));
    for (const { uid } of stored.object.metadata.ownerReferences ?? []) {
      const owned = this.#byOwner.get(uid) ?? new Set();
      owned.add(key);
      this.#byOwner.set(uid, owned);
    }
  }

  #emit(event: ObjectEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

function typeText(type: { group: string; kind: string }): string {
  return `${type.group}|${type.kind}`;
}

/** A date as Kubernetes writes it: seconds, UTC. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** The namespace an object ends up in when it is applied with a default one. */
export function namespaceFor(
  object: KubernetesObject,
  defaultNamespace: string | undefined,
): string | undefined {
  const group = groupOf(object);
  if (!isNamespaced({ group, kind: object.kind })) return undefined;
  return object.metadata.namespace ?? defaultNamespace ?? 'default';
}

/** A uid that is unique because a version of a cluster is given out once. */
function uidOf(cluster: string, version: string): string {
  const hex = createHash('sha256')
    .update(`${cluster}/${version}`)
    .digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
