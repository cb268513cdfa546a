import {
  ObservedApplication,
  ObservedWorkload,
  WorkloadSide,
} from '@slipway/plugin-delivery-node';

/** Kinds that run a service for good, the likeliest to be the service first. */
const SERVING_KINDS = ['Rollout', 'Deployment', 'StatefulSet', 'DaemonSet'];

/**
 * Which of an application's workloads is the service itself: the one that is
 * named as the application's `app.kubernetes.io/name` label says, or whose name
 * the application's own name begins with; else the only one there is. With
 * several and none of that name nobody can say, and guessing would show a
 * sidecar's version as the service's.
 */
export function mainWorkload(
  application: ObservedApplication,
): ObservedWorkload | undefined {
  const candidates = (application.workloads ?? [])
    .filter(workload => SERVING_KINDS.includes(workload.kind))
    .sort(
      (a, b) => SERVING_KINDS.indexOf(a.kind) - SERVING_KINDS.indexOf(b.kind),
    );
  const label = application.labels['app.kubernetes.io/name'];
  const { name } = application.id;
  return (
    candidates.find(workload => workload.name === label) ??
    candidates.find(workload => workload.name === name) ??
    // The longest name wins: 'checkout-api' before 'checkout' for an
    // application 'checkout-api-staging'.
    candidates
      .filter(workload => name.startsWith(`${workload.name}-`))
      .sort((a, b) => b.name.length - a.name.length)[0] ??
    (candidates.length === 1 ? candidates[0] : undefined)
  );
}

/**
 * The image of the container that is the service: the one named like the
 * workload or as the application's `app.kubernetes.io/name` label says, else
 * the one whose image is named so, else the first, where `kubectl` looks too.
 */
export function mainImage(options: {
  application: ObservedApplication;
  workload: ObservedWorkload;
  side: WorkloadSide;
}): string | undefined {
  const { application, workload, side } = options;
  const names = [
    application.labels['app.kubernetes.io/name'],
    workload.name,
  ].filter(name => name !== undefined);
  const containers = Object.entries(side.images);
  for (const name of names) {
    const named = containers.find(([container]) => container === name);
    if (named) {
      return named[1];
    }
  }
  for (const name of names) {
    const built = containers.find(([, image]) =>
      new RegExp(`(^|/)${escapeRegExp(name)}([:@]|$)`).test(image),
    );
    if (built) {
      return built[1];
    }
  }
  return containers[0]?.[1];
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
