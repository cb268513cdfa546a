import type { Environment, Infrastructure } from '../model';
import { commonLabels, selectorLabels } from './names';
import { yaml } from './yaml';
import type { FileTree } from './yaml';

/** `infrastructure/databases/postgresql/overlays/staging`. */
export function infrastructureOverlayPath(
  infrastructure: Infrastructure,
  environment: Environment,
): string {
  return `${folderOf(infrastructure)}/overlays/${environment.directory}`;
}

/** Base and overlays of a database, cache or runtime in the clusters. */
export function infrastructureFiles(options: {
  infrastructure: Infrastructure;
  environments: readonly Environment[];
}): FileTree {
  const { infrastructure, environments } = options;
  const { workload } = infrastructure;
  if (!workload) {
    return new Map();
  }
  const base = `${folderOf(infrastructure)}/base`;
  const files: FileTree = new Map([
    [
      `${base}/workload.yaml`,
      yaml({
        apiVersion: 'apps/v1',
        kind: workload.kind,
        metadata: { name: infrastructure.name },
        spec: {
          ...(workload.kind === 'StatefulSet'
            ? { serviceName: infrastructure.name }
            : {}),
          selector: { matchLabels: selectorLabels(infrastructure) },
          template: {
            metadata: { labels: selectorLabels(infrastructure) },
            spec: {
              securityContext: {
                runAsNonRoot: true,
                runAsUser: 999,
                fsGroup: 999,
                seccompProfile: { type: 'RuntimeDefault' },
              },
              containers: [
                {
                  name: infrastructure.name,
                  image: workload.image,
                  ports: [{ name: 'main', containerPort: workload.port }],
                  readinessProbe: {
                    tcpSocket: { port: 'main' },
                    periodSeconds: 10,
                  },
                  resources: {
                    requests: { cpu: '250m', memory: '512Mi' },
                    limits: { cpu: '1000m', memory: '2Gi' },
                  },
                  securityContext: {
                    allowPrivilegeEscalation: false,
                    capabilities: { drop: ['ALL'] },
                  },
                  ...(workload.storage
                    ? {
                        volumeMounts: [
                          { name: 'data', mountPath: '/var/lib/data' },
                        ],
                      }
                    : {}),
                },
              ],
            },
          },
          ...(workload.storage
            ? {
                volumeClaimTemplates: [
                  {
                    metadata: { name: 'data' },
                    spec: {
                      accessModes: ['ReadWriteOnce'],
                      resources: { requests: { storage: workload.storage } },
                    },
                  },
                ],
              }
            : {}),
        },
      }),
    ],
    [
      `${base}/service.yaml`,
      yaml({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: infrastructure.name },
        spec: {
          ...(workload.kind === 'StatefulSet' ? { clusterIP: 'None' } : {}),
          selector: selectorLabels(infrastructure),
          ports: [{ name: 'main', port: workload.port, targetPort: 'main' }],
        },
      }),
    ],
    [
      `${base}/kustomization.yaml`,
      yaml({
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
        resources: ['service.yaml', 'workload.yaml'],
        labels: [
          {
            pairs: commonLabels(infrastructure),
            includeSelectors: false,
            includeTemplates: true,
          },
        ],
      }),
    ],
  ]);
  for (const environment of environments) {
    files.set(
      `${infrastructureOverlayPath(
        infrastructure,
        environment,
      )}/kustomization.yaml`,
      yaml({
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
        namespace: 'infrastructure',
        resources: ['../../base'],
        labels: [
          {
            pairs: { 'slipway.dev/environment': environment.id },
            includeSelectors: false,
          },
        ],
        images: [{ name: workload.image, newTag: workload.tag }],
        replicas: [{ name: infrastructure.name, count: environment.replicas }],
      }),
    );
  }
  return files;
}

function folderOf(infrastructure: Infrastructure): string {
  const folder = infrastructure.workload?.folder ?? 'databases';
  return `infrastructure/${folder}/${infrastructure.name}`;
}
