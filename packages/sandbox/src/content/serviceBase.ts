import type { Model, Platform, Service } from '../model';
import { commonLabels, imageName, selectorLabels } from './names';
import { HOOK_LABEL } from './hooks';
import { messagesName } from './messageTemplates';
import { yaml } from './yaml';
import type { FileTree } from './yaml';

/**
 * `apps/<service>/base`: what is the same in every environment.
 *
 * Replicas, image tags and sizes are absent on purpose: each overlay says
 * them, and the autoscaler owns the replicas after that. There is no secret
 * and no kustomization above base and overlays; the one would be readable by
 * everybody, the other would build two Deployments of one name.
 */
export function serviceBase(options: {
  model: Model;
  platform: Platform;
  service: Service;
}): FileTree {
  const { model, platform, service } = options;
  const runtime = runtimeOf(service);
  const documents = new Map<string, unknown>([
    ['deployment.yaml', deployment({ platform, service, runtime })],
    ['serviceaccount.yaml', serviceAccount(service)],
    ['configmap.yaml', configMap(service)],
    ['pdb.yaml', podDisruptionBudget(service)],
    ['networkpolicy.yaml', networkPolicy({ model, service, runtime })],
  ]);
  if (runtime.service) {
    documents.set('service.yaml', kubernetesService({ service, runtime }));
    documents.set('servicemonitor.yaml', monitor({ service, runtime }));
  } else {
    documents.set('podmonitor.yaml', monitor({ service, runtime }));
  }
  if (service.autoscaled) {
    documents.set('hpa.yaml', autoscaler(service));
  }
  const files: FileTree = new Map();
  for (const [name, document] of documents) {
    files.set(`apps/${service.name}/base/${name}`, yaml(document));
  }
  files.set(
    `apps/${service.name}/base/kustomization.yaml`,
    yaml({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [...documents.keys()].sort(),
      labels: [
        {
          pairs: commonLabels(service),
          includeSelectors: false,
          includeTemplates: true,
        },
      ],
    }),
  );
  return files;
}

/** What depends on the language that a service is written in. */
interface Runtime {
  readonly user: number;
  readonly live: string;
  readonly ready: string;
  readonly metrics: string;
  /** Name of the Kubernetes Service; absent for what nobody calls. */
  readonly service: string | undefined;
  readonly dapr: boolean;
}

function runtimeOf(service: Service): Runtime {
  switch (service.language) {
    case 'java': {
      const called =
        service.name !== 'n9-worker' && service.name !== 'n9-scheduler';
      return {
        user: 1001,
        live: '/actuator/health/liveness',
        ready: '/actuator/health/readiness',
        metrics: '/actuator/prometheus',
        service: called ? `${service.name}-svc` : undefined,
        dapr: false,
      };
    }
    case 'go':
    case 'typescript':
      return {
        user: 65532,
        live: '/health/live',
        ready: '/health/ready',
        metrics: '/metrics',
        service: service.name,
        dapr: service.language === 'go',
      };
    default:
      return assertNever(service.language);
  }
}

function deployment(options: {
  platform: Platform;
  service: Service;
  runtime: Runtime;
}): unknown {
  const { platform, service, runtime } = options;
  const secret =
    platform.id === 'n9' ? 'n9-secrets' : `${service.name}-secrets`;
  const needsDatabase = service.uses.some(
    use => use === 'postgresql' || use === 'n9-aurora',
  );
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: service.name },
    spec: {
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: 120,
      selector: { matchLabels: selectorLabels(service) },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
      },
      template: {
        metadata: {
          labels: selectorLabels(service),
          ...(runtime.dapr ? { annotations: daprAnnotations(service) } : {}),
        },
        spec: {
          serviceAccountName: service.name,
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: runtime.user,
            fsGroup: runtime.user,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          terminationGracePeriodSeconds: 45,
          containers: [
            {
              name: service.name,
              image: imageName(service, platform.registry),
              ports: containerPorts(service),
              env: [
                { name: 'APP_ENV', value: 'base' },
                ...(needsDatabase
                  ? [
                      {
                        name: 'DATABASE_URL',
                        valueFrom: {
                          secretKeyRef: { name: secret, key: 'database-url' },
                        },
                      },
                    ]
                  : []),
              ],
              envFrom: [{ configMapRef: { name: `${service.name}-config` } }],
              resources: {
                requests: { cpu: '200m', memory: '512Mi' },
                limits: { cpu: '500m', memory: '1Gi' },
              },
              startupProbe: {
                httpGet: { path: runtime.live, port: 'http' },
                periodSeconds: 5,
                failureThreshold: 30,
              },
              livenessProbe: {
                httpGet: { path: runtime.live, port: 'http' },
                initialDelaySeconds: 10,
                periodSeconds: 10,
              },
              readinessProbe: {
                httpGet: { path: runtime.ready, port: 'http' },
                initialDelaySeconds: 5,
                periodSeconds: 5,
              },
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: [
                { name: 'tmp', mountPath: '/tmp' },
                ...(service.additions
                  ? [{ name: 'messages', mountPath: '/etc/messages' }]
                  : []),
              ],
            },
          ],
          volumes: [
            { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
            ...(service.additions
              ? [
                  {
                    name: 'messages',
                    configMap: { name: messagesName(service) },
                  },
                ]
              : []),
          ],
        },
      },
    },
  };
}

function daprAnnotations(service: Service): Record<string, string> {
  return {
    'dapr.io/enabled': 'true',
    'dapr.io/app-id': service.name,
    'dapr.io/app-port': String(service.ports.http),
    'dapr.io/app-protocol': 'http',
    'dapr.io/config': 'appconfig',
    'dapr.io/log-level': 'info',
    'dapr.io/log-as-json': 'true',
    'dapr.io/enable-app-health-check': 'true',
    'dapr.io/app-health-check-path': '/health/ready',
    'dapr.io/sidecar-cpu-request': '50m',
    'dapr.io/sidecar-memory-request': '64Mi',
    'dapr.io/sidecar-cpu-limit': '300m',
    'dapr.io/sidecar-memory-limit': '300Mi',
    'dapr.io/sidecar-readiness-probe-delay-seconds': '5',
    'dapr.io/sidecar-seccomp-profile-type': 'RuntimeDefault',
  };
}

function containerPorts(service: Service): unknown[] {
  const { http, grpc } = service.ports;
  return [
    { name: 'http', containerPort: http, protocol: 'TCP' },
    ...(grpc === undefined
      ? []
      : [{ name: 'grpc', containerPort: grpc, protocol: 'TCP' }]),
  ];
}

function serviceAccount(service: Service): unknown {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: service.name },
    automountServiceAccountToken: false,
  };
}

function configMap(service: Service): unknown {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${service.name}-config` },
    data: {
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'info',
      SERVICE_NAME: service.name,
      ...(service.language === 'java'
        ? { SPRING_PROFILES_ACTIVE: 'base' }
        : {}),
    },
  };
}

function kubernetesService(options: {
  service: Service;
  runtime: Runtime;
}): unknown {
  const { service, runtime } = options;
  const { http, grpc } = service.ports;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: runtime.service },
    spec: {
      type: 'ClusterIP',
      selector: selectorLabels(service),
      ports: [
        { name: 'http', port: http, targetPort: 'http', protocol: 'TCP' },
        ...(grpc === undefined
          ? []
          : [
              { name: 'grpc', port: grpc, targetPort: 'grpc', protocol: 'TCP' },
            ]),
      ],
    },
  };
}

/** Scales on the service's own container: a sidecar would blur the average. */
function autoscaler(service: Service): unknown {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: service.name },
    spec: {
      scaleTargetRef: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: service.name,
      },
      minReplicas: 1,
      maxReplicas: 10,
      metrics: (
        [
          ['cpu', 70],
          ['memory', 80],
        ] as const
      ).map(([name, averageUtilization]) => ({
        type: 'ContainerResource',
        containerResource: {
          container: service.name,
          name,
          target: { type: 'Utilization', averageUtilization },
        },
      })),
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 60 },
        scaleDown: { stabilizationWindowSeconds: 300 },
      },
    },
  };
}

/** One pod at a time: `minAvailable` would block a drain at one replica. */
function podDisruptionBudget(service: Service): unknown {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: service.name },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorLabels(service) },
    },
  };
}

/**
 * Only callers that the catalog knows may come in, only callees may be called.
 * Namespaces are selected by a label of our own Namespace manifests, because
 * their names differ between environments; DNS and the data layer come with
 * the component `infrastructure-egress`.
 */
function networkPolicy(options: {
  model: Model;
  service: Service;
  runtime: Runtime;
}): unknown {
  const { model, service, runtime } = options;
  const callers = callersOf(model).get(service.name) ?? [];
  const callees = service.dependsOn.flatMap(name => {
    const callee = byName(model).get(name);
    return callee ? [callee] : [];
  });
  const sidecars = runtime.dapr ? [{ protocol: 'TCP', port: 50002 }] : [];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: service.name },
    spec: {
      podSelector: { matchLabels: selectorLabels(service) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        ...(callers.length === 0
          ? []
          : [
              {
                from: callers.map(peer),
                ports: [...policyPorts(service), ...sidecars],
              },
            ]),
        ...(service.migrates
          ? [
              {
                from: [
                  {
                    podSelector: {
                      matchLabels: { [HOOK_LABEL]: 'smoke-test' },
                    },
                  },
                ],
                ports: [{ protocol: 'TCP', port: service.ports.http }],
              },
            ]
          : []),
        {
          from: [namespace('monitoring')],
          ports: [{ protocol: 'TCP', port: service.ports.http }],
        },
      ],
      egress: [
        ...callees.map(callee => ({
          to: [peer(callee)],
          ports: [...policyPorts(callee), ...sidecars],
        })),
        ...(runtime.dapr
          ? [
              {
                to: [namespace('dapr-system')],
                ports: [50001, 6500, 50006].map(port => ({
                  protocol: 'TCP',
                  port,
                })),
              },
            ]
          : []),
      ],
    },
  };
}

function policyPorts(service: Service): unknown[] {
  const { http, grpc } = service.ports;
  return (grpc === undefined ? [http] : [http, grpc]).map(port => ({
    protocol: 'TCP',
    port,
  }));
}

function peer(service: Service): unknown {
  return {
    namespaceSelector: {
      matchLabels: { 'slipway.dev/domain': service.domain },
    },
    podSelector: { matchLabels: selectorLabels(service) },
  };
}

function namespace(name: string): unknown {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
  };
}

function monitor(options: { service: Service; runtime: Runtime }): unknown {
  const { service, runtime } = options;
  const endpoint = { port: 'http', path: runtime.metrics, interval: '15s' };
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: runtime.service ? 'ServiceMonitor' : 'PodMonitor',
    metadata: { name: service.name },
    spec: {
      selector: { matchLabels: selectorLabels(service) },
      ...(runtime.service
        ? { endpoints: [endpoint] }
        : { podMetricsEndpoints: [endpoint] }),
    },
  };
}

// Looking callers up per service would be quadratic in the size of the model;
// a model never changes, so one index per model is enough.
const callersByModel = new WeakMap<Model, Map<string, Service[]>>();
const servicesByModel = new WeakMap<Model, Map<string, Service>>();

function callersOf(model: Model): Map<string, Service[]> {
  let callers = callersByModel.get(model);
  if (!callers) {
    callers = new Map();
    // Generated services would all appear in the policy of what they call.
    for (const caller of model.services.filter(isNamed)) {
      for (const callee of caller.dependsOn) {
        callers.set(callee, [...(callers.get(callee) ?? []), caller]);
      }
    }
    callersByModel.set(model, callers);
  }
  return callers;
}

function byName(model: Model): Map<string, Service> {
  let services = servicesByModel.get(model);
  if (!services) {
    services = new Map(model.services.map(service => [service.name, service]));
    servicesByModel.set(model, services);
  }
  return services;
}

function isNamed(service: Service): boolean {
  return !/-\d{4}$/.test(service.name);
}

function assertNever(value: never): never {
  throw new Error(`Unexpected value ${value}`);
}
