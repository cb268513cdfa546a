import { namespaceOf, workloadsOf } from '../model';
import type { Environment, Model, Platform } from '../model';
import { hooksNetworkPolicy } from './hooks';
import { yaml } from './yaml';
import type { FileTree } from './yaml';

/**
 * `environments/<environment>/resources`: namespaces, their limits and what
 * every workload in them shares.
 */
export function environmentResources(options: {
  model: Model;
  platform: Platform;
  environment: Environment;
}): FileTree {
  const { platform, environment } = options;
  const folder = `environments/${environment.directory}/resources`;
  const namespaces = namespacesOf(options);
  const serving = namespaces.filter(space => space.domain !== 'infrastructure');
  const documents = new Map<string, readonly unknown[]>([
    ['namespaces.yaml', namespaces.map(space => namespace(space, environment))],
    ['limitrange.yaml', namespaces.map(limitRange)],
    ['default-deny.yaml', namespaces.map(defaultDeny)],
    [
      'infrastructure-env.yaml',
      serving.map(space => infrastructureEnv({ space, platform, environment })),
    ],
  ]);
  documents.set(
    'hooks.yaml',
    serving.map(({ name }) =>
      hooksNetworkPolicy({ platform, namespace: name }),
    ),
  );
  if (environment.id === 'production' && platform.id === 'microservices') {
    documents.set('resourcequota.yaml', namespaces.map(resourceQuota));
  }
  if (platform.id === 'n9') {
    documents.set('n9-jvm-config.yaml', namespaces.map(jvmConfig));
    documents.set(
      'n9-secrets.yaml',
      namespaces.map(space => externalSecret({ space, environment })),
    );
  } else {
    documents.set('dapr-configuration.yaml', serving.map(daprConfiguration));
  }
  const files: FileTree = new Map();
  for (const [name, list] of documents) {
    files.set(`${folder}/${name}`, yaml(...list));
  }
  files.set(
    `${folder}/kustomization.yaml`,
    yaml({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [
        ...[...documents.keys()].sort(),
        '../../../infrastructure/monitoring',
        '../../../infrastructure/security',
        '../../../infrastructure/storage',
      ],
    }),
  );
  return files;
}

interface Space {
  readonly domain: string;
  readonly name: string;
  readonly owner: string;
}

function namespacesOf(options: {
  model: Model;
  platform: Platform;
  environment: Environment;
}): Space[] {
  const { model, platform, environment } = options;
  const hasWorkloads = workloadsOf(model, platform.id).length > 0;
  return model.domains
    .filter(domain => domain.platform === platform.id)
    .filter(domain => domain.name !== 'infrastructure' || hasWorkloads)
    .map(domain => ({
      domain: domain.name,
      owner: domain.owner,
      name:
        domain.name === 'infrastructure'
          ? 'infrastructure'
          : namespaceOf({ domain: domain.name }, environment),
    }));
}

function namespace(space: Space, environment: Environment): unknown {
  // Databases of public images cannot start under the restricted profile.
  const profile = space.domain === 'infrastructure' ? 'baseline' : 'restricted';
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: space.name,
      labels: {
        'slipway.dev/domain': space.domain,
        'slipway.dev/environment': environment.id,
        'slipway.dev/owner': space.owner,
        'pod-security.kubernetes.io/enforce': profile,
        'pod-security.kubernetes.io/warn': 'restricted',
      },
    },
  };
}

function limitRange(space: Space): unknown {
  return {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'defaults', namespace: space.name },
    spec: {
      limits: [
        {
          type: 'Container',
          defaultRequest: { cpu: '100m', memory: '128Mi' },
          default: { cpu: '500m', memory: '512Mi' },
        },
      ],
    },
  };
}

function defaultDeny(space: Space): unknown {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'default-deny', namespace: space.name },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  };
}

/** "Resource Management" of the architecture document. */
function resourceQuota(space: Space): unknown {
  const sizes: Readonly<Record<string, { cpu: string; memory: string }>> = {
    'core-business': { cpu: '50', memory: '100Gi' },
    platform: { cpu: '30', memory: '60Gi' },
    infrastructure: { cpu: '20', memory: '40Gi' },
  };
  const size = sizes[space.domain];
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'budget', namespace: space.name },
    spec: {
      hard: { 'requests.cpu': size.cpu, 'requests.memory': size.memory },
    },
  };
}

function infrastructureEnv(options: {
  space: Space;
  platform: Platform;
  environment: Environment;
}): unknown {
  const { space, platform, environment } = options;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'infrastructure-env', namespace: space.name },
    data: {
      ENVIRONMENT: environment.id,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-collector.monitoring:4317',
      ...(environment.cluster.region
        ? { AWS_REGION: environment.cluster.region }
        : {}),
      ...(platform.id === 'n9'
        ? {}
        : {
            POSTGRES_HOST: 'postgresql.infrastructure',
            REDIS_HOST: 'redis.infrastructure',
          }),
    },
  };
}

function jvmConfig(space: Space): unknown {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'n9-jvm-config', namespace: space.name },
    data: {
      JAVA_TOOL_OPTIONS: [
        '-XX:+UseG1GC',
        '-XX:MaxGCPauseMillis=200',
        '-XX:+UseStringDeduplication',
        '-XX:+HeapDumpOnOutOfMemoryError',
        '-XX:HeapDumpPath=/tmp/heapdump.hprof',
        '-XX:MaxRAMPercentage=75',
      ].join(' '),
    },
  };
}

function externalSecret(options: {
  space: Space;
  environment: Environment;
}): unknown {
  const { space, environment } = options;
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'n9-secrets', namespace: space.name },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: {
        name: 'aws-secrets-manager',
        kind: 'ClusterSecretStore',
      },
      target: { name: 'n9-secrets' },
      data: (
        [
          ['database-url', 'database', 'url'],
          ['jwt-secret', 'jwt', 'secret'],
        ] as const
      ).map(([secretKey, path, property]) => ({
        secretKey,
        remoteRef: { key: `n9/${environment.id}/${path}`, property },
      })),
    },
  };
}

function daprConfiguration(space: Space): unknown {
  return {
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'Configuration',
    metadata: { name: 'appconfig', namespace: space.name },
    spec: {
      tracing: {
        samplingRate: '0.1',
        otel: {
          endpointAddress: 'otel-collector.monitoring:4317',
          isSecure: false,
          protocol: 'grpc',
        },
      },
      metric: { enabled: true },
    },
  };
}
