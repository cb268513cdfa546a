import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultSandboxClock } from '../../clock';
import { createArgoCdSimulator } from '../simulator';
import { ArgoCdSimulator, ArgoCdSimulatorOptions } from '../types';
import { MemoryRepositories } from './memoryRepositories';

/** Clone URL of the repository that the harness fills. */
export const REPO = 'http://localhost:1/microservices/gitops.git';

type Automated = { enabled?: boolean; prune?: boolean; selfHeal?: boolean };

/** An Application manifest. */
export function applicationManifest(options: {
  name: string;
  path: string;
  namespace?: string;
  project?: string;
  automated?: Automated;
  annotations?: Record<string, string>;
  finalizers?: string[];
  destination?: Record<string, string>;
  source?: Record<string, unknown>;
  spec?: Record<string, unknown>;
}): string {
  const { name, path, namespace = 'argocd', project = 'default' } = options;
  return JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      namespace,
      labels: { 'app.kubernetes.io/name': name },
      ...(options.annotations ? { annotations: options.annotations } : {}),
      ...(options.finalizers ? { finalizers: options.finalizers } : {}),
    },
    spec: {
      project,
      source: {
        repoURL: REPO,
        path,
        targetRevision: 'main',
        ...options.source,
      },
      destination: options.destination ?? { name: 'dev', namespace: 'shop' },
      ...(options.automated
        ? { syncPolicy: { automated: options.automated } }
        : {}),
      ...options.spec,
    },
  });
}

/** A Deployment with its Service and ConfigMap, and the overlay of it. */
export function service(options: {
  name: string;
  tag: string;
  replicas?: number;
}): Record<string, string> {
  const { name, tag, replicas = 2 } = options;
  const labels = { app: name };
  const folder = `apps/${name}`;
  return {
    [`${folder}/base/kustomization.yaml`]: JSON.stringify({
      resources: ['all.yaml'],
    }),
    [`${folder}/base/all.yaml`]: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name },
        spec: {
          progressDeadlineSeconds: 60,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name, image: `shop/${name}` }] },
          },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { selector: labels, ports: [{ port: 80 }] },
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name },
        data: { LEVEL: 'info' },
      },
    ]
      .map(object => JSON.stringify(object))
      .join('\n---\n'),
    ...overlay({ name, tag, replicas }),
  };
}

/** The overlay of a service alone: what a promotion changes. */
export function overlay(options: {
  name: string;
  tag: string;
  replicas?: number;
}): Record<string, string> {
  const { name, tag, replicas = 2 } = options;
  return {
    [`apps/${name}/overlays/dev/kustomization.yaml`]: JSON.stringify({
      resources: ['../../base'],
      images: [{ name: `shop/${name}`, newTag: tag }],
      replicas: [{ name, count: replicas }],
    }),
  };
}

/** A repository with a root application and the given applications. */
export function tree(
  applications: Record<string, string>,
): Record<string, string> {
  return {
    'bootstrap/root.yaml': applicationManifest({
      name: 'root',
      path: 'environments/dev/apps',
      automated: { prune: true, selfHeal: true },
      destination: {
        server: 'https://kubernetes.default.svc',
        namespace: 'argocd',
      },
    }),
    ...Object.fromEntries(
      Object.entries(applications).map(([name, manifest]) => [
        `environments/dev/apps/${name}.yaml`,
        manifest,
      ]),
    ),
  };
}

/**
 * The JSON of an answer. Untyped on purpose: a test that trusted our own types
 * would not see that an answer has another shape. `contract.test.ts` holds the
 * shapes against Argo CD's own document.
 */
export type Answer = any;

/** A running simulator with what a test pulls on. */
export interface Harness {
  readonly argocd: ArgoCdSimulator;
  readonly repositories: MemoryRepositories;
  readonly clock: DefaultSandboxClock;
  readonly stateDirectory: string;
  /** Fetches as `admin`, or with the given token (empty: none). */
  call(
    path: string,
    options?: {
      method?: string;
      body?: unknown;
      token?: string;
      headers?: Record<string, string>;
    },
  ): Promise<{ status: number; body: Answer; headers: Headers }>;
  close(): Promise<void>;
}

/** Starts a simulator over a repository in memory, at a speed of 200. */
export async function startHarness(options: {
  files: Readonly<Record<string, string>>;
  simulator?: Partial<ArgoCdSimulatorOptions>;
  repositories?: MemoryRepositories;
  stateDirectory?: string;
  speed?: number;
}): Promise<Harness> {
  const repositories = options.repositories ?? new MemoryRepositories();
  if (!options.repositories) {
    repositories.commit({ repoUrl: REPO, files: options.files });
  }
  const stateDirectory =
    options.stateDirectory ?? mkdtempSync(join(tmpdir(), 'slipway-argocd-'));
  const clock = DefaultSandboxClock.create({ speed: options.speed ?? 200 });
  const argocd = createArgoCdSimulator({
    instance: 'test',
    clock,
    repositories,
    stateDirectory,
    bootstrap: [{ repoUrl: REPO, path: 'bootstrap', revision: 'main' }],
    clusters: [{ name: 'dev', server: 'https://dev.example' }],
    applicationNamespaces: ['*'],
    ...options.simulator,
  });
  await argocd.start();
  const admin = await argocd.issueToken('admin');
  return {
    argocd,
    repositories,
    clock,
    stateDirectory,
    async call(path, request = {}) {
      const { method = 'GET', body, token = admin, headers = {} } = request;
      const response = await fetch(`${argocd.url}${path}`, {
        method,
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return {
        status: response.status,
        body: isJson ? JSON.parse(text) : text,
        headers: response.headers,
      };
    },
    async close() {
      await argocd.stop();
      clock.cancelAll();
      if (!options.stateDirectory) {
        rmSync(stateDirectory, { recursive: true, force: true });
      }
    },
  };
}

/** Waits until a condition holds; fails with what it last saw. */
export async function until<T>(
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean,
  milliseconds = 20_000,
): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end) {
      throw new Error(`Not in time; last seen: ${JSON.stringify(seen)}`);
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
