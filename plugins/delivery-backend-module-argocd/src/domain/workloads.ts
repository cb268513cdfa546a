import { ObservedWorkload, WorkloadSide } from '@slipway/plugin-delivery-node';
import { z } from 'zod';
import { WireApplication, WireManagedResource } from '../argocd/wire';

/** A kind of object that runs pods of its own. */
export type WorkloadKind = { group: string; kind: string };

/**
 * The kinds whose images and replicas are read. Jobs and CronJobs are none: they
 * run, but they do not serve.
 */
export const WORKLOAD_KINDS: readonly WorkloadKind[] = [
  { group: 'apps', kind: 'Deployment' },
  { group: 'apps', kind: 'StatefulSet' },
  { group: 'apps', kind: 'DaemonSet' },
  { group: 'argoproj.io', kind: 'Rollout' },
];

/** The kinds of workload that an application has, in a fixed order. */
export function workloadKindsOf(application: WireApplication): WorkloadKind[] {
  const resources = application.status?.resources ?? [];
  return WORKLOAD_KINDS.filter(({ group, kind }) =>
    resources.some(
      resource => resource.group === group && resource.kind === kind,
    ),
  );
}

/** Numbers and strings as Kubernetes writes them; others count as absent. */
const count = z.number().int().optional().catch(undefined);
const generation = z.coerce.number().optional().catch(undefined);

const manifestSchema = z.object({
  metadata: z.object({ generation }).optional().catch(undefined),
  spec: z
    .object({
      replicas: count,
      template: z
        .object({
          spec: z
            .object({
              containers: z
                .array(z.object({ name: z.string(), image: z.string() }))
                .catch([]),
            })
            .optional()
            .catch(undefined),
        })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  status: z
    .object({
      // A string in a Rollout, a number in all others.
      observedGeneration: generation,
      updatedReplicas: count,
      readyReplicas: count,
      availableReplicas: count,
      desiredNumberScheduled: count,
      updatedNumberScheduled: count,
      numberReady: count,
      numberAvailable: count,
    })
    .optional()
    .catch(undefined),
});

type Manifest = z.output<typeof manifestSchema>;

/**
 * The workloads among managed resources, in a fixed order, so that reading the
 * same twice gives the same.
 */
export function toWorkloads(
  resources: readonly WireManagedResource[],
): ObservedWorkload[] {
  return resources
    .filter(resource => !resource.hook && isWorkload(resource))
    .flatMap(resource => toWorkload(resource) ?? [])
    .sort((a, b) => keyOf(a).localeCompare(keyOf(b), 'en'));
}

function isWorkload(resource: WireManagedResource): boolean {
  return WORKLOAD_KINDS.some(
    ({ group, kind }) => resource.group === group && resource.kind === kind,
  );
}

function keyOf(workload: ObservedWorkload): string {
  const { group, kind, namespace, name } = workload;
  return [group, kind, namespace, name].join('/');
}

function toWorkload(
  resource: WireManagedResource,
): ObservedWorkload | undefined {
  const { group = '', kind = '', namespace = '', name } = resource;
  const target = readManifest(resource.targetState);
  const live = readManifest(resource.liveState);
  if (!name || (!target && !live)) {
    return undefined;
  }
  return {
    group,
    kind,
    namespace,
    name,
    wanted: target && wantedSide(target),
    live: live && liveSide(live),
    settled: live !== undefined && hasCaughtUp(live),
  };
}

/** A state is JSON in a string: `"null"` for an object that is not there. */
function readManifest(state: string | undefined): Manifest | undefined {
  if (!state) {
    return undefined;
  }
  try {
    return manifestSchema.safeParse(JSON.parse(state)).data;
  } catch {
    return undefined;
  }
}

function wantedSide(manifest: Manifest): WorkloadSide {
  return {
    images: imagesOf(manifest),
    // Absent where an autoscaler decides.
    replicas: { wanted: manifest.spec?.replicas },
  };
}

function liveSide(manifest: Manifest): WorkloadSide {
  const status = manifest.status;
  return {
    images: imagesOf(manifest),
    replicas: {
      wanted: manifest.spec?.replicas ?? status?.desiredNumberScheduled,
      updated: status?.updatedReplicas ?? status?.updatedNumberScheduled ?? 0,
      ready: status?.readyReplicas ?? status?.numberReady ?? 0,
      available: status?.availableReplicas ?? status?.numberAvailable ?? 0,
    },
  };
}

function imagesOf(manifest: Manifest): { [container: string]: string } {
  const containers = manifest.spec?.template?.spec?.containers ?? [];
  return Object.fromEntries(
    containers.map(container => [container.name, container.image]),
  );
}

/**
 * Whether the controller has seen the latest change of the object. Where one of
 * the two numbers is missing, nothing says that it has.
 */
function hasCaughtUp(manifest: Manifest): boolean {
  const wanted = manifest.metadata?.generation;
  const seen = manifest.status?.observedGeneration;
  return wanted !== undefined && seen !== undefined && seen >= wanted;
}
