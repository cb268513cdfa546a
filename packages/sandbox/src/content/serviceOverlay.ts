import { namespaceOf, scaleOf } from '../model';
import type { Environment, Platform, Release, Service } from '../model';
import { imageName, overlayPath } from './names';
import { yaml } from './yaml';
import type { FileTree } from './yaml';

/** Components that every overlay takes in, relative to the overlay. */
const components = [
  'common-infrastructure-envvars',
  'imagepullsecret',
  'infrastructure-egress',
].map(name => `../../../../components/${name}`);

/**
 * `apps/<service>/overlays/<environment>`: the release, the size and the
 * settings of one environment.
 */
export function serviceOverlay(options: {
  platform: Platform;
  service: Service;
  environment: Environment;
  release: Release;
}): FileTree {
  const { service, environment } = options;
  const folder = overlayPath(service, environment);
  return new Map([
    [`${folder}/kustomization.yaml`, overlayKustomization(options)],
    [
      `${folder}/patch-deployment.yaml`,
      deploymentPatch({
        service,
        container: { env: [{ name: 'APP_ENV', value: environment.id }] },
        pod:
          environment.replicas > 2
            ? { topologySpreadConstraints: spreadOverZones(service) }
            : {},
      }),
    ],
    [
      `${folder}/patch-configmap.yaml`,
      yaml({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `${service.name}-config` },
        data: {
          LOG_LEVEL: environment.id === 'development' ? 'debug' : 'info',
          ...(service.language === 'java'
            ? { SPRING_PROFILES_ACTIVE: environment.id }
            : {}),
        },
      }),
    ],
    [
      `${folder}/patch-resources.yaml`,
      deploymentPatch({
        service,
        container: { resources: environment.resources },
      }),
    ],
  ]);
}

/** A strategic merge patch of a service's container and pod. */
function deploymentPatch(options: {
  service: Service;
  container: Record<string, unknown>;
  pod?: Record<string, unknown>;
}): string {
  const { name } = options.service;
  return yaml({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      template: {
        spec: {
          containers: [{ name, ...options.container }],
          ...options.pod,
        },
      },
    },
  });
}

/**
 * The kustomization of an overlay. Production and recovery pin the image by
 * digest beside the tag; the others follow the tag.
 */
export function overlayKustomization(options: {
  platform: Platform;
  service: Service;
  environment: Environment;
  release: Release;
}): string {
  const { platform, service, environment, release } = options;
  const scale = scaleOf(service, environment);
  return yaml({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: namespaceOf(service, environment),
    resources: ['../../base', ...(service.migrates ? ['../../hooks'] : [])],
    components,
    labels: [
      {
        pairs: { 'slipway.dev/environment': environment.id },
        includeSelectors: false,
      },
    ],
    images: [
      {
        name: imageName(service, platform.registry),
        newTag: release.tag,
        ...(isPinned(environment) ? { digest: release.digest } : {}),
      },
    ],
    replicas: [{ name: service.name, count: scale.replicas }],
    patches: [
      { path: 'patch-deployment.yaml' },
      { path: 'patch-configmap.yaml' },
      { path: 'patch-resources.yaml' },
      ...(service.autoscaled ? [autoscalerLimits(scale)] : []),
      ...(environment.id === 'development' ? [withoutMonitor(service)] : []),
    ],
  });
}

/** True where a release is pinned by digest and not only by tag. */
export function isPinned(environment: Environment): boolean {
  return environment.id === 'production' || environment.id === 'recovery';
}

function autoscalerLimits(scale: {
  minReplicas: number;
  maxReplicas: number;
}): unknown {
  return {
    target: {
      group: 'autoscaling',
      version: 'v2',
      kind: 'HorizontalPodAutoscaler',
    },
    patch: yaml([
      { op: 'replace', path: '/spec/minReplicas', value: scale.minReplicas },
      { op: 'replace', path: '/spec/maxReplicas', value: scale.maxReplicas },
    ]),
  };
}

/** The cluster on a developer's machine has no Prometheus operator. */
function withoutMonitor(service: Service): unknown {
  return {
    patch: yaml({
      $patch: 'delete',
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: service.name },
    }),
  };
}

function spreadOverZones(service: Service): unknown[] {
  return [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: {
        matchLabels: { 'app.kubernetes.io/name': service.name },
      },
    },
  ];
}
