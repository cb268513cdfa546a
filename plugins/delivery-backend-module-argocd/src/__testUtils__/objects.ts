/** Any JSON object, as a server would write it. */
export type Json = { [key: string]: any };

/** A commit id made of one digit or letter, for reading tests easily. */
export function sha(character: string): string {
  return character.repeat(40);
}

/** A healthy, synced application as Argo CD writes it; parts are merged in. */
export function anApplication(parts: Json = {}): Json {
  return merge(
    {
      metadata: {
        name: 'checkout',
        namespace: 'argocd',
        uid: 'uid-checkout',
        resourceVersion: '1',
        labels: { team: 'payments' },
        annotations: {
          'backstage.io/entity-ref': 'component:default/checkout',
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
        },
      },
      spec: {
        project: 'payments',
        source: {
          repoURL: 'https://git.example.com/gitops.git',
          path: 'overlays/production',
          targetRevision: 'main',
        },
        destination: {
          server: 'https://kubernetes.default.svc',
          namespace: 'payments',
        },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      },
      status: {
        sync: { status: 'Synced', revision: sha('a') },
        health: {
          status: 'Healthy',
          lastTransitionTime: '2026-11-20T10:00:20Z',
        },
        operationState: {
          phase: 'Succeeded',
          message: 'successfully synced (all tasks run)',
          startedAt: '2026-11-20T10:00:00Z',
          finishedAt: '2026-11-20T10:00:10Z',
          operation: {
            sync: { revision: sha('a') },
            initiatedBy: { automated: true },
          },
          syncResult: { revision: sha('a') },
        },
        history: [
          {
            id: 7,
            revision: sha('a'),
            deployedAt: '2026-11-20T10:00:10Z',
            source: {
              repoURL: 'https://git.example.com/gitops.git',
              path: 'overlays/production',
              targetRevision: 'main',
            },
            initiatedBy: { automated: true },
          },
        ],
        resources: [
          {
            group: 'apps',
            version: 'v1',
            kind: 'Deployment',
            namespace: 'payments',
            name: 'checkout',
            status: 'Synced',
          },
          { version: 'v1', kind: 'Service', name: 'checkout' },
        ],
        summary: { images: ['registry.example.com/checkout:1.9.0'] },
        reconciledAt: '2026-11-20T10:00:20Z',
        resourceHealthSource: 'appTree',
      },
    },
    parts,
  );
}

/** A Deployment that has caught up, as its manifest and its live object. */
export function aDeployment(options: {
  name?: string;
  image?: string;
  liveImage?: string;
  replicas?: number;
  ready?: number;
}): Json {
  const {
    name = 'checkout',
    image = 'registry.example.com/checkout:1.9.0',
    replicas = 3,
  } = options;
  const spec = (container: string) => ({
    replicas,
    template: { spec: { containers: [{ name: 'app', image: container }] } },
  });
  const ready = options.ready ?? replicas;
  return {
    group: 'apps',
    kind: 'Deployment',
    namespace: 'payments',
    name,
    targetState: JSON.stringify({ metadata: { name }, spec: spec(image) }),
    liveState: JSON.stringify({
      metadata: { name, generation: 4 },
      spec: spec(options.liveImage ?? image),
      status: {
        observedGeneration: 4,
        replicas,
        updatedReplicas: ready,
        readyReplicas: ready,
        availableReplicas: ready,
      },
    }),
  };
}

/** Objects are merged, everything else is replaced; `undefined` removes. */
export function merge(base: Json, parts: Json): Json {
  const result: Json = { ...base };
  for (const [key, value] of Object.entries(parts)) {
    const isObject =
      typeof value === 'object' && value !== null && !Array.isArray(value);
    if (value === undefined) {
      delete result[key];
    } else if (isObject && typeof result[key] === 'object') {
      result[key] = merge(result[key], value);
    } else {
      result[key] = value;
    }
  }
  return result;
}
