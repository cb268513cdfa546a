import type { Platform, Service } from '../model';
import { imageName } from './names';
import { egressRules } from './shared';
import { yaml } from './yaml';
import type { FileTree } from './yaml';

/** Marks the pods of hooks, which the namespace's own policy lets out. */
export const HOOK_LABEL = 'slipway.dev/hook';

/** A small image with a shell and curl, for Jobs that only ask something. */
const CURL = 'docker.io/curlimages/curl:8.16.0';

/** Folder of a service's hooks, which its overlays take in. */
export function hooksPath(service: { name: string }): string {
  return `apps/${service.name}/hooks`;
}

/**
 * `apps/<service>/hooks`: the Job that migrates the database before a release
 * is applied (PreSync), the one that asks the new pods a question afterwards
 * (PostSync), and the one that raises an alert when either fails (SyncFail).
 *
 * Beside the base, not in it: the base labels every pod as the service's, and
 * a Service would then send requests to the pod of a Job.
 */
export function serviceHooks(options: {
  platform: Platform;
  service: Service;
}): FileTree {
  const { platform, service } = options;
  const folder = hooksPath(service);
  const { name } = service;
  const secret = platform.id === 'n9' ? 'n9-secrets' : `${name}-secrets`;
  const host = service.language === 'java' ? `${name}-svc` : name;
  const ready =
    service.language === 'java'
      ? '/actuator/health/readiness'
      : '/health/ready';
  const jobs = new Map<string, unknown>([
    [
      'migration.yaml',
      job({
        service,
        role: 'migration',
        phase: 'PreSync',
        deletion: 'BeforeHookCreation',
        backoffLimit: 2,
        pullSecrets: [{ name: 'registry-credentials' }],
        container: {
          image: imageName(service, platform.registry),
          args: ['migrate'],
          env: [
            {
              name: 'DATABASE_URL',
              valueFrom: {
                secretKeyRef: { name: secret, key: 'database-url' },
              },
            },
          ],
        },
      }),
    ],
    [
      'smoke-test.yaml',
      job({
        service,
        role: 'smoke-test',
        phase: 'PostSync',
        deletion: 'BeforeHookCreation,HookSucceeded',
        backoffLimit: 5,
        container: {
          image: CURL,
          args: [
            '--fail',
            '--silent',
            '--show-error',
            `http://${host}:${service.ports.http}${ready}`,
          ],
        },
      }),
    ],
    [
      'sync-failed.yaml',
      job({
        service,
        role: 'sync-failed',
        phase: 'SyncFail',
        deletion: 'BeforeHookCreation',
        backoffLimit: 1,
        container: {
          image: CURL,
          args: [
            '--fail',
            '--silent',
            '--header',
            'Content-Type: application/json',
            '--data',
            `[{"labels":{"alertname":"SyncFailed","service":"${name}"}}]`,
            'http://alertmanager.monitoring:9093/api/v2/alerts',
          ],
        },
      }),
    ],
  ]);
  const files: FileTree = new Map();
  for (const [file, document] of jobs) {
    files.set(`${folder}/${file}`, yaml(document));
  }
  files.set(
    `${folder}/kustomization.yaml`,
    yaml({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [...jobs.keys()],
    }),
  );
  return files;
}

/**
 * What pods of hooks may talk to. It belongs to the namespace and not to a
 * service, whose own policies are applied after its migration has run.
 */
export function hooksNetworkPolicy(options: {
  platform: Platform;
  namespace: string;
}): unknown {
  const { platform, namespace } = options;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'hooks', namespace },
    spec: {
      podSelector: {
        matchExpressions: [{ key: HOOK_LABEL, operator: 'Exists' }],
      },
      policyTypes: ['Egress'],
      egress: [
        ...egressRules(platform),
        { to: [{ podSelector: {} }] },
        {
          to: [
            {
              namespaceSelector: {
                matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' },
              },
            },
          ],
          ports: [{ protocol: 'TCP', port: 9093 }],
        },
      ],
    },
  };
}

function job(options: {
  service: Service;
  role: 'migration' | 'smoke-test' | 'sync-failed';
  phase: 'PreSync' | 'PostSync' | 'SyncFail';
  deletion: string;
  backoffLimit: number;
  pullSecrets?: readonly unknown[];
  container: Record<string, unknown>;
}): unknown {
  const { service, role, phase, deletion, backoffLimit } = options;
  const labels = {
    'app.kubernetes.io/part-of': service.system,
    'app.kubernetes.io/component': role,
    [HOOK_LABEL]: role,
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${service.name}-${role}`,
      labels,
      annotations: {
        'argocd.argoproj.io/hook': phase,
        'argocd.argoproj.io/hook-delete-policy': deletion,
      },
    },
    spec: {
      backoffLimit,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          ...(options.pullSecrets
            ? { imagePullSecrets: options.pullSecrets }
            : {}),
          securityContext: {
            runAsNonRoot: true,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: role,
              ...options.container,
              resources: {
                requests: { cpu: '100m', memory: '128Mi' },
                limits: { cpu: '500m', memory: '512Mi' },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  };
}
