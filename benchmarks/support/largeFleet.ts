import { createHash } from 'node:crypto';
import { Entity } from '@backstage/catalog-model';
import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { seededRandom } from './random';

/** The environments of the fleet, in the order of promotion. */
const ENVIRONMENTS = [
  { id: 'development', suffix: 'dev', cluster: 'eks-development' },
  { id: 'staging', suffix: 'staging', cluster: 'eks-staging' },
  { id: 'production', suffix: 'prod', cluster: 'eks-production' },
  { id: 'recovery', suffix: 'dr', cluster: 'eks-recovery' },
];

/** Services that one team owns, and that one system holds. */
const PER_TEAM = 50;
const PER_SYSTEM = 25;

/** Argo CD keeps ten entries of history of each application. */
const HISTORY = 10;

/** The team that owns the first services. */
export const FIRST_TEAM = 'group:default/team-0';

/** What a fleet is made of. */
export type FleetSize = { services: number; instances: number };

/** The services of the fleet, and their systems. */
export function fleetEntities({ services }: FleetSize): Entity[] {
  const entities = Array.from({ length: services }, (_, number) =>
    entityOf({ name: nameOf(number), number }),
  );
  for (let number = 0; number < services / PER_SYSTEM; number++) {
    entities.push({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'System',
      metadata: {
        name: `system-${number}`,
        namespace: 'default',
        title: `System ${number}`,
      },
      spec: { owner: 'team-0' },
    });
  }
  return entities;
}

/**
 * The applications of one Argo CD instance, each service in four environments.
 * Most are well; some are degraded, out of sync or behind, since a fleet
 * without notes and differences would make smaller answers. They are made one
 * after the other, so that nobody has to keep them.
 */
export function* fleetApplications(
  options: FleetSize & { instance: number },
): Generator<ObservedApplication> {
  const { services, instances, instance } = options;
  const random = seededRandom(instance);
  for (let number = instance; number < services; number += instances) {
    const release = Math.floor(random() * 20) + HISTORY;
    for (const [position, environment] of ENVIRONMENTS.entries()) {
      yield applicationOf({
        name: nameOf(number),
        instance: `instance-${instance}`,
        environment,
        // Every third promotion is still to come.
        release: release - (position > 1 && random() < 0.33 ? 1 : 0),
        mood: random(),
      });
    }
  }
}

function nameOf(number: number): string {
  return `service-${String(number).padStart(4, '0')}`;
}

function entityOf(options: { name: string; number: number }): Entity {
  const { name, number } = options;
  const team = `group:default/team-${Math.floor(number / PER_TEAM)}`;
  const system = `system:default/system-${Math.floor(number / PER_SYSTEM)}`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      title: `Service ${String(number).padStart(4, '0')}`,
      annotations: { 'argocd/app-selector': `app.kubernetes.io/name=${name}` },
    },
    spec: { type: 'service', owner: team, system, lifecycle: 'production' },
    relations: [
      { type: 'ownedBy', targetRef: team },
      { type: 'partOf', targetRef: system },
    ],
  };
}

function applicationOf(options: {
  name: string;
  instance: string;
  environment: (typeof ENVIRONMENTS)[number];
  release: number;
  /** Between 0 and 1: how the application is doing. */
  mood: number;
}): ObservedApplication {
  const { name, instance, environment, release, mood } = options;
  const application = `${name}-${environment.suffix}`;
  const namespace = `shop-${environment.suffix}`;
  const image = (number: number) =>
    `registry.example/${name}:v1.${number}.0@sha256:${hashOf(
      `${name} ${number}`,
      64,
    )}`;
  const commit = (number: number) => hashOf(`commit ${name} ${number}`, 40);
  const degraded = mood < 0.03;
  const outOfSync = mood > 0.95;
  const sources = [
    {
      repoUrl: 'https://git.example/platform/gitops.git',
      path: `apps/${name}/overlays/${environment.suffix}`,
      targetRevision: 'main',
    },
  ];
  const deployedAt = (number: number) =>
    new Date(Date.UTC(2026, 9, 1) + number * 86_400_000).toISOString();
  const replicas = 3;
  const up = degraded ? 1 : replicas;
  return {
    id: { instance, namespace: 'argocd', name: application },
    uid: hashOf(application, 32),
    project: 'shop',
    labels: {
      'app.kubernetes.io/name': name,
      'app.kubernetes.io/part-of': 'shop',
      environment: environment.id,
    },
    annotations: { 'backstage.io/entity-ref': `component:default/${name}` },
    destination: { name: environment.cluster, namespace },
    sources,
    policy: { automated: true, prune: true, selfHeal: true },
    sync: {
      state: outOfSync ? 'out-of-sync' : 'synced',
      revisions: [commit(outOfSync ? release + 1 : release)],
    },
    health: {
      state: degraded ? 'degraded' : 'healthy',
      since: deployedAt(release),
      ...(degraded && {
        message: `Deployment "${name}" exceeded its progress deadline`,
      }),
    },
    verified: true,
    operation: {
      phase: 'succeeded',
      message: 'successfully synced (all tasks run)',
      startedAt: deployedAt(release),
      finishedAt: deployedAt(release),
      automated: true,
      dryRun: false,
      partial: false,
      revisions: [commit(release)],
    },
    conditions: [],
    history: Array.from({ length: HISTORY }, (_, index) => {
      const number = release - HISTORY + 1 + index;
      return {
        id: number,
        revisions: [commit(number)],
        sources,
        deployedAt: deployedAt(number),
        automated: true,
      };
    }),
    images: [image(release)],
    workloads: [
      {
        group: 'apps',
        kind: 'Deployment',
        namespace,
        name,
        wanted: {
          images: { [name]: image(outOfSync ? release + 1 : release) },
          replicas: { wanted: replicas },
        },
        live: {
          images: { [name]: image(release) },
          replicas: {
            wanted: replicas,
            updated: up,
            ready: up,
            available: up,
          },
        },
        settled: true,
      },
    ],
    workloadsObservedAt: deployedAt(release),
    commits: {
      [commit(release)]: {
        sha: commit(release),
        author: 'Robin Release <robin@slipway.example>',
        date: deployedAt(release),
        message: `Release ${name} v1.${release}.0`,
      },
    },
    appOfApps: false,
    deleting: false,
    url: `https://${instance}.example/applications/argocd/${application}`,
  };
}

function hashOf(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
