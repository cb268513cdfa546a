import { applicationName, namespaceOf } from '../model';
import type { Environment, Infrastructure, Model, Service } from '../model';
import { infrastructureOverlayPath } from './infrastructure';
import { overlayPath, siblingUrl } from './names';
import { yaml } from './yaml';

/** Argo CD's own namespace, where applications and projects live. */
export const ARGOCD_NAMESPACE = 'argocd';

/** The Application of a service in one environment. */
export function serviceApplication(options: {
  model: Model;
  service: Service;
  environment: Environment;
  repoUrl: string;
}): string {
  const { model, service, environment, repoUrl } = options;
  return application({
    name: applicationName(service, environment),
    component: service,
    project: service.domain,
    wave: service.wave,
    entityRef: model.unboundApplications.includes(
      applicationName(service, environment),
    )
      ? undefined
      : `component:default/${service.name}`,
    environment,
    namespace: namespaceOf(service, environment),
    path: overlayPath(service, environment),
    repoUrl,
    additions: service.additions,
    // The autoscaler owns the replicas: what it decides is no drift.
    ignoreReplicas: service.autoscaled,
    applicationNamespace: service.applicationNamespace,
  });
}

/** The Application of a database, cache or runtime in one environment. */
export function infrastructureApplication(options: {
  infrastructure: Infrastructure;
  environment: Environment;
  repoUrl: string;
}): string {
  const { infrastructure, environment, repoUrl } = options;
  return application({
    name: applicationName(infrastructure, environment),
    component: infrastructure,
    project: 'infrastructure',
    wave: 0,
    entityRef: `resource:default/${infrastructure.name}`,
    environment,
    namespace: 'infrastructure',
    path: infrastructureOverlayPath(infrastructure, environment),
    repoUrl,
    ignoreReplicas: false,
  });
}

function application(options: {
  name: string;
  component: { name: string; system: string };
  project: string;
  wave: number;
  entityRef: string | undefined;
  environment: Environment;
  namespace: string;
  path: string;
  repoUrl: string;
  additions?: Service['additions'];
  ignoreReplicas: boolean;
  applicationNamespace?: string;
}): string {
  const { environment, repoUrl, additions } = options;
  const { policy } = environment;
  const source = {
    repoURL: repoUrl,
    path: options.path,
    targetRevision: 'main',
  };
  return yaml({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: options.name,
      namespace: options.applicationNamespace ?? ARGOCD_NAMESPACE,
      labels: {
        'app.kubernetes.io/name': options.component.name,
        'app.kubernetes.io/part-of': options.component.system,
        'slipway.dev/environment': environment.id,
      },
      annotations: {
        'argocd.argoproj.io/sync-wave': String(options.wave),
        ...(options.entityRef
          ? { 'backstage.io/entity-ref': options.entityRef }
          : {}),
      },
      // Only on a developer's machine may a removed file take pods with it.
      ...(environment.id === 'development'
        ? { finalizers: ['resources-finalizer.argocd.argoproj.io'] }
        : {}),
    },
    spec: {
      project: options.project,
      ...(additions
        ? {
            sources: [
              source,
              {
                repoURL: siblingUrl(repoUrl, additions.repository),
                path: additions.path,
                targetRevision: 'main',
              },
            ],
          }
        : { source }),
      destination: {
        name: environment.cluster.name,
        namespace: options.namespace,
      },
      syncPolicy: {
        automated: {
          enabled: policy.automatic,
          prune: policy.prune,
          selfHeal: policy.selfHeal,
        },
        syncOptions: [
          'ServerSideApply=true',
          'PruneLast=true',
          'RespectIgnoreDifferences=true',
        ],
        retry: {
          limit: 3,
          backoff: { duration: '5s', factor: 2, maxDuration: '3m' },
        },
      },
      ...(options.ignoreReplicas
        ? {
            ignoreDifferences: [
              {
                group: 'apps',
                kind: 'Deployment',
                jsonPointers: ['/spec/replicas'],
              },
            ],
          }
        : {}),
    },
  });
}

/**
 * `bootstrap/root-app-<environment>.yaml`: the two applications that a
 * platform engineer applies by hand, from which all others follow. One brings
 * the environment's applications, the other what its cluster needs first.
 */
export function rootApplications(options: {
  environment: Environment;
  repoUrl: string;
}): string {
  const { environment, repoUrl } = options;
  return yaml(
    rootApplication({
      name: `root-${environment.directory}`,
      wave: 0,
      repoUrl,
      path: `environments/${environment.directory}/apps`,
      directory: { recurse: true },
      destination: { name: 'in-cluster', namespace: ARGOCD_NAMESPACE },
    }),
    rootApplication({
      name: `resources-${environment.directory}`,
      wave: -1,
      repoUrl,
      path: `environments/${environment.directory}/resources`,
      destination: { name: environment.cluster.name, namespace: 'default' },
    }),
    ...(holdsProjects(environment)
      ? [
          rootApplication({
            name: 'projects',
            wave: -2,
            repoUrl,
            path: `environments/${environment.directory}/projects`,
            directory: { recurse: true },
            destination: { name: 'in-cluster', namespace: ARGOCD_NAMESPACE },
          }),
        ]
      : []),
  );
}

/**
 * One Argo CD serves every environment of a platform, and a project's name is
 * unique in it. So each project is written down once, beside production, whose
 * rules are the strictest; two environments that both define it would fight.
 */
export function holdsProjects(environment: Environment): boolean {
  return environment.id === 'production';
}

function rootApplication(options: {
  name: string;
  wave: number;
  repoUrl: string;
  path: string;
  directory?: { recurse: boolean };
  destination: { name: string; namespace: string };
}): unknown {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: options.name,
      namespace: ARGOCD_NAMESPACE,
      labels: { 'app.kubernetes.io/part-of': 'bootstrap' },
      annotations: { 'argocd.argoproj.io/sync-wave': String(options.wave) },
    },
    spec: {
      project: 'default',
      source: {
        repoURL: options.repoUrl,
        path: options.path,
        targetRevision: 'main',
        ...(options.directory ? { directory: options.directory } : {}),
      },
      destination: options.destination,
      syncPolicy: {
        automated: { enabled: true, prune: true, selfHeal: true },
        syncOptions: ['ServerSideApply=true'],
      },
    },
  };
}
