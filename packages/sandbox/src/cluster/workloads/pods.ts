import { isJsonObject, Json, JsonObject, valueAt } from '../../kustomize';
import { chance } from '../chance';
import { keyOf, LiveObject, timestamp } from '../objectStore';
import { WorkloadContext } from './context';

/** Simulated seconds until a pod with a bad image says what is wrong. */
const PULL_FAILURE_SECONDS = 3;

/** Whether a pod serves. */
export function isReady(pod: LiveObject): boolean {
  const conditions = valueAt(pod, 'status', 'conditions');
  return (
    Array.isArray(conditions) &&
    conditions.some(
      condition =>
        isJsonObject(condition) &&
        condition.type === 'Ready' &&
        condition.status === 'True',
    )
  );
}

/** The images of a pod or pod template: containers, then init containers. */
export function imagesOf(podSpec: Json | undefined): string[] {
  return ['containers', 'initContainers'].flatMap(list => {
    const containers = valueAt(podSpec, list);
    return Array.isArray(containers)
      ? containers.flatMap(container => {
          const image = valueAt(container as Json, 'image');
          return typeof image === 'string' ? [image] : [];
        })
      : [];
  });
}

/**
 * Creates a pod from a template. It becomes ready later, or never when one of
 * its images is bad; `onChange` is called then.
 */
export function createPod(options: {
  context: WorkloadContext;
  owner: LiveObject;
  name: string;
  template: JsonObject;
  labels: Readonly<Record<string, string>>;
  onChange: () => void;
}): LiveObject {
  const { context, owner, name, template, labels, onChange } = options;
  const templateMetadata = isJsonObject(template.metadata)
    ? template.metadata
    : {};
  const templateLabels = isJsonObject(templateMetadata.labels)
    ? templateMetadata.labels
    : {};
  const annotations = isJsonObject(templateMetadata.annotations)
    ? {
        annotations: templateMetadata.annotations as Record<string, string>,
      }
    : {};
  const pod = context.store.put({
    manifest: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: owner.metadata.namespace,
        labels: { ...templateLabels, ...labels } as Record<string, string>,
        ...annotations,
        ownerReferences: [
          {
            apiVersion: owner.apiVersion,
            kind: owner.kind,
            name: owner.metadata.name,
            uid: owner.metadata.uid,
            controller: true,
          },
        ],
      },
      spec: template.spec,
      status: { phase: 'Pending' },
    },
    specChanged: true,
  });
  startPod({ context, pod, onChange });
  return context.store.get(keyOf(pod)) ?? pod;
}

/** Lets a pod that is not ready become so (or fail); also after a restart. */
export function startPod(options: {
  context: WorkloadContext;
  pod: LiveObject;
  onChange: () => void;
}): void {
  const { context, pod, onChange } = options;
  const bad = imagesOf(pod.spec as Json).find(image =>
    context.isBadImage(image),
  );
  const timer = `pod ${pod.metadata.uid}`;
  if (context.isInstant()) {
    finish({ context, pod, bad });
    return;
  }
  const spread = 0.8 + 0.4 * chance(context.seed, pod.metadata.name);
  const delay = bad ? PULL_FAILURE_SECONDS : context.podReadySeconds * spread;
  context.later(timer, delay, () => {
    const present = context.store.get(keyOf(pod));
    if (present?.metadata.uid !== pod.metadata.uid) return;
    finish({ context, pod: present, bad });
    onChange();
  });
}

function finish(options: {
  context: WorkloadContext;
  pod: LiveObject;
  bad: string | undefined;
}): void {
  const { context, pod, bad } = options;
  const containers = valueAt(pod, 'spec', 'containers');
  const list = Array.isArray(containers) ? (containers as Json[]) : [];
  const now = timestamp(context.clock.now());
  context.store.put({
    manifest: {
      ...pod,
      status: {
        phase: bad ? 'Pending' : 'Running',
        startTime: pod.metadata.creationTimestamp,
        conditions: [
          {
            type: 'Ready',
            status: bad ? 'False' : 'True',
            lastTransitionTime: now,
          },
        ],
        containerStatuses: list.map(container => {
          const image = String(valueAt(container, 'image') ?? '');
          const waits = image === bad;
          return {
            name: valueAt(container, 'name') ?? '',
            image,
            ready: !bad,
            restartCount: 0,
            state: waits
              ? {
                  waiting: {
                    reason: 'ImagePullBackOff',
                    message: `Back-off pulling image "${image}"`,
                  },
                }
              : { running: { startedAt: now } },
          };
        }),
      },
    },
    specChanged: false,
  });
}
