import {
  keyOf,
  keyText,
  LiveObject,
  namespaceFor,
  ObjectKey,
} from '../cluster';
import { groupOf, KubernetesObject } from '../kustomize';
import { ApplicationName, CONTROL_NAMESPACE, SyncPhase } from './wire';

const TRACKING = 'argocd.argoproj.io/tracking-id';
const WAVE = 'argocd.argoproj.io/sync-wave';
const HOOK = 'argocd.argoproj.io/hook';

/** One object that an application wants. */
export interface Target {
  readonly key: ObjectKey;
  readonly id: string;
  readonly manifest: KubernetesObject;
  readonly wave: number;
  /** The phase of a hook; absent for an ordinary resource. */
  readonly hook?: SyncPhase;
}

/** The name by which an application marks what belongs to it. */
export function instanceName(application: ApplicationName): string {
  return application.namespace === CONTROL_NAMESPACE
    ? application.name
    : `${application.namespace}_${application.name}`;
}

/** Undoes {@link instanceName}. */
export function applicationOfInstance(instance: string): ApplicationName {
  const [namespace, ...rest] = instance.split('_');
  return rest.length === 0
    ? { namespace: CONTROL_NAMESPACE, name: instance }
    : { namespace, name: rest.join('_') };
}

/**
 * The application that an object says it belongs to. The annotation names the
 * object too, so that a copy of it under another name belongs to nobody.
 */
export function trackedBy(object: LiveObject): string | undefined {
  const id = object.metadata.annotations?.[TRACKING];
  if (id === undefined) return undefined;
  const colon = id.indexOf(':');
  const instance = id.slice(0, colon);
  return id === trackingId(instance, object) ? instance : undefined;
}

/**
 * Turns rendered objects into what an application wants in its cluster: with
 * a namespace, and marked as the application's. An object that is wanted
 * twice is taken from the source that comes last, and named in `repeated`.
 */
export function toTargets(options: {
  application: ApplicationName;
  defaultNamespace: string | undefined;
  objects: readonly KubernetesObject[];
}): { targets: Target[]; repeated: string[] } {
  const { application, defaultNamespace, objects } = options;
  const instance = instanceName(application);
  const targets = new Map<string, Target>();
  const times = new Map<string, number>();
  for (const object of objects) {
    const namespace = namespaceFor(object, defaultNamespace);
    const { namespace: _, ...metadata } = object.metadata;
    const placed: KubernetesObject = {
      ...object,
      metadata: namespace === undefined ? metadata : { ...metadata, namespace },
    };
    const manifest: KubernetesObject = {
      ...placed,
      metadata: {
        ...placed.metadata,
        annotations: {
          ...placed.metadata.annotations,
          [TRACKING]: trackingId(instance, placed),
        },
      },
    };
    const key = keyOf(manifest);
    const id = keyText(key);
    times.set(id, (times.get(id) ?? 0) + 1);
    targets.set(id, {
      key,
      id,
      manifest,
      wave: waveOf(object),
      hook: hookOf(object),
    });
  }
  const repeated = [...targets.values()].flatMap(({ id, key }) => {
    const count = times.get(id) ?? 1;
    const { group, kind, namespace = '', name } = key;
    return count < 2
      ? []
      : `Resource ${group}/${kind}/${namespace}/${name} appeared ${count} times among application resources.`;
  });
  return { targets: [...targets.values()], repeated };
}

/** The sync wave of an object; 0 when it names none. */
export function waveOf(object: KubernetesObject): number {
  const wave = parseInt(String(object.metadata.annotations?.[WAVE] ?? ''), 10);
  return Number.isNaN(wave) ? 0 : wave;
}

const HOOK_PHASES = ['PreSync', 'Sync', 'PostSync', 'SyncFail'] as const;

/** Skip and PreDelete hooks take no part in a sync; of several, one counts. */
function hookOf(object: KubernetesObject): SyncPhase | undefined {
  const hooks = object.metadata.annotations?.[HOOK]?.split(',') ?? [];
  return HOOK_PHASES.find(phase => hooks.some(hook => hook.trim() === phase));
}

/** Whether an object is a hook of any kind, which is never compared. */
export function isHook(object: KubernetesObject): boolean {
  return object.metadata.annotations?.[HOOK] !== undefined;
}

function trackingId(instance: string, object: KubernetesObject): string {
  const { name, namespace = '' } = object.metadata;
  return `${instance}:${groupOf(object)}/${object.kind}:${namespace}/${name}`;
}
