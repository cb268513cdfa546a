import type { Environment, Platform } from '../model';
import { yaml } from './yaml';
import type { FileTree } from './yaml';

/**
 * Sync waves between applications wait only if Argo CD knows when a child is
 * done, and health alone is not enough: an application whose sync failed may
 * still report Healthy.
 */
const applicationHealth = `local status = { status = "Progressing", message = "Waiting for the sync" }
if obj.status ~= nil and obj.status.health ~= nil then
  local synced = obj.status.sync ~= nil and obj.status.sync.status == "Synced"
  local done = obj.status.operationState ~= nil and obj.status.operationState.phase == "Succeeded"
  if obj.status.health.status ~= "Healthy" or (synced and done) then
    status.status = obj.status.health.status
    status.message = obj.status.health.message or ""
  end
end
return status
`;

/** `components/`: what every overlay takes in. */
export function components(platform: Platform): FileTree {
  const environmentFrom =
    platform.id === 'n9'
      ? ['infrastructure-env', 'n9-jvm-config']
      : ['infrastructure-env'];
  return new Map([
    [
      'components/common-infrastructure-envvars/kustomization.yaml',
      component({
        target: { group: 'apps', kind: 'Deployment' },
        operations: environmentFrom.map(name => ({
          op: 'add',
          path: '/spec/template/spec/containers/0/envFrom/-',
          value: { configMapRef: { name } },
        })),
      }),
    ],
    [
      'components/imagepullsecret/kustomization.yaml',
      component({
        target: { group: 'apps', kind: 'Deployment' },
        operations: [
          {
            op: 'add',
            path: '/spec/template/spec/imagePullSecrets',
            value: [{ name: 'registry-credentials' }],
          },
        ],
      }),
    ],
    [
      'components/infrastructure-egress/kustomization.yaml',
      component({
        target: { group: 'networking.k8s.io', kind: 'NetworkPolicy' },
        operations: egressRules(platform).map(value => ({
          op: 'add',
          path: '/spec/egress/-',
          value,
        })),
      }),
    ],
  ]);
}

function component(options: {
  target: { group: string; kind: string };
  operations: readonly unknown[];
}): string {
  return yaml({
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    patches: [{ target: options.target, patch: yaml(options.operations) }],
  });
}

/** DNS, telemetry and the data layer: nothing works without them. */
export function egressRules(platform: Platform): unknown[] {
  const dns = {
    to: [inNamespace('kube-system')],
    ports: [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ],
  };
  const telemetry = {
    to: [inNamespace('monitoring')],
    ports: [4317, 4318].map(port => ({ protocol: 'TCP', port })),
  };
  const data =
    platform.id === 'n9'
      ? {
          to: [{ ipBlock: { cidr: '10.0.0.0/16' } }],
          ports: [5432, 6379, 443].map(port => ({ protocol: 'TCP', port })),
        }
      : {
          to: [inNamespace('infrastructure')],
          ports: [6379, 5432].map(port => ({ protocol: 'TCP', port })),
        };
  return [dns, telemetry, data];
}

function inNamespace(name: string): unknown {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
  };
}

/** `infrastructure/{monitoring,security,storage}`, part of each environment. */
export function clusterFoundations(platform: Platform): FileTree {
  return new Map([
    ...foundation('monitoring', { 'alerts.yaml': [alerts(platform)] }),
    ...foundation('security', {
      'reader-role.yaml': [
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRole',
          metadata: { name: 'delivery-reader' },
          rules: [
            {
              apiGroups: ['', 'apps', 'autoscaling', 'policy'],
              resources: ['*'],
              verbs: ['get', 'list', 'watch'],
            },
          ],
        },
      ],
    }),
    ...foundation('storage', {
      'storageclass.yaml': [
        {
          apiVersion: 'storage.k8s.io/v1',
          kind: 'StorageClass',
          metadata: { name: 'fast' },
          provisioner: 'ebs.csi.aws.com',
          parameters: { type: 'gp3', encrypted: 'true' },
          volumeBindingMode: 'WaitForFirstConsumer',
          allowVolumeExpansion: true,
        },
      ],
    }),
  ]);
}

function foundation(
  name: string,
  documents: Record<string, readonly unknown[]>,
): FileTree {
  const folder = `infrastructure/${name}`;
  return new Map([
    [
      `${folder}/kustomization.yaml`,
      yaml({
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
        resources: Object.keys(documents),
      }),
    ],
    ...Object.entries(documents).map<[string, string]>(([file, list]) => [
      `${folder}/${file}`,
      yaml(...list),
    ]),
  ]);
}

function alerts(platform: Platform): unknown {
  const [total, bucket] =
    platform.id === 'n9'
      ? [
          'http_server_requests_seconds_count',
          'http_server_requests_seconds_bucket',
        ]
      : ['http_requests_total', 'http_request_duration_seconds_bucket'];
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: `${platform.id}-alerts`, namespace: 'monitoring' },
    spec: {
      groups: [
        {
          name: `${platform.id}-alerts`,
          rules: [
            {
              alert: 'HighErrorRate',
              expr: `sum by (service) (rate(${total}{status=~"5.."}[5m])) / sum by (service) (rate(${total}[5m])) > 0.01`,
              for: '5m',
              labels: { severity: 'critical' },
              annotations: { summary: 'More than 1 % of requests fail' },
            },
            {
              alert: 'HighLatency',
              expr: `histogram_quantile(0.99, sum by (service, le) (rate(${bucket}[5m]))) > 0.5`,
              for: '5m',
              labels: { severity: 'warning' },
              annotations: { summary: 'P99 latency is above 500 ms' },
            },
          ],
        },
      ],
    },
  };
}

/**
 * `clusters/<environment>`: settings of the Argo CD that looks after the
 * cluster. A platform engineer applies them; no application does.
 */
export function clusterSettings(environment: Environment): FileTree {
  const folder = `clusters/${environment.directory}`;
  const { cluster } = environment;
  return new Map([
    [
      `${folder}/argocd-cm-patch.yaml`,
      yaml({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'argocd-cm', namespace: 'argocd' },
        data: {
          'resource.customizations.health.argoproj.io_Application':
            applicationHealth,
        },
      }),
    ],
    [
      `${folder}/cluster-secret.example.yaml`,
      yaml({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: `cluster-${cluster.name}`,
          namespace: 'argocd',
          labels: {
            'argocd.argoproj.io/secret-type': 'cluster',
            ...(cluster.region ? { 'slipway.dev/region': cluster.region } : {}),
          },
        },
        stringData: {
          name: cluster.name,
          server: cluster.server,
          config: '{"tlsClientConfig": {"insecure": false}}',
        },
      }),
    ],
  ]);
}
