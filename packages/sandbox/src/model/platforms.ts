import type { Cluster, Environment, Platform } from './types';

function cluster(name: string, region?: string): Cluster {
  return { name, server: `https://${name}.slipway.example`, region };
}

const budgets = {
  small: {
    requests: { cpu: '100m', memory: '128Mi' },
    limits: { cpu: '500m', memory: '512Mi' },
  },
  medium: {
    requests: { cpu: '200m', memory: '256Mi' },
    limits: { cpu: '1000m', memory: '1Gi' },
  },
  large: {
    requests: { cpu: '500m', memory: '512Mi' },
    limits: { cpu: '2000m', memory: '2Gi' },
  },
  jvm: {
    requests: { cpu: '500m', memory: '1Gi' },
    limits: { cpu: '2000m', memory: '4Gi' },
  },
} as const;

const automatic = { automatic: true, prune: true, selfHeal: true } as const;

/** A person starts each sync; self-heal is written down but has no effect. */
const byHand = { automatic: false, prune: false, selfHeal: true } as const;

/** The platform of the architecture document's "Environment Management". */
const microservices: readonly Environment[] = [
  {
    id: 'development',
    directory: 'dev',
    namespaceSuffix: 'dev',
    cluster: cluster('k3d-local'),
    policy: automatic,
    replicas: 1,
    resources: budgets.small,
  },
  {
    id: 'staging',
    directory: 'staging',
    namespaceSuffix: 'staging',
    cluster: cluster('eks-staging', 'us-east-1'),
    policy: automatic,
    replicas: 2,
    resources: budgets.medium,
  },
  {
    id: 'production',
    directory: 'production',
    namespaceSuffix: 'prod',
    cluster: cluster('eks-production', 'us-east-1'),
    policy: byHand,
    replicas: 3,
    resources: budgets.large,
  },
];

/** N9: section 4 of its document; recovery is the standby of section 11. */
const n9: readonly Environment[] = [
  {
    id: 'staging',
    directory: 'staging',
    namespaceSuffix: 'staging',
    cluster: cluster('n9-staging', 'us-east-1'),
    policy: automatic,
    replicas: 1,
    resources: budgets.medium,
  },
  {
    id: 'production',
    directory: 'production',
    namespaceSuffix: 'production',
    cluster: cluster('n9-production', 'us-east-1'),
    policy: byHand,
    replicas: 2,
    resources: budgets.jvm,
  },
  {
    id: 'recovery',
    directory: 'recovery',
    namespaceSuffix: 'recovery',
    cluster: cluster('n9-recovery', 'us-west-2'),
    policy: automatic,
    replicas: 1,
    resources: budgets.medium,
  },
];

/** Both platforms with their environments in the order of promotion. */
export const platforms: readonly Platform[] = [
  {
    id: 'microservices',
    title: 'Commerce microservices',
    description:
      'Twenty-four services of a shop, deployed in five waves by Argo CD from Kustomize overlays.',
    repository: 'microservices/gitops',
    environments: microservices,
    registry: 'registry.example.com',
  },
  {
    id: 'n9',
    title: 'N9',
    description:
      'The N9 product: an API, a WebSocket gateway, workers and a scheduler, with a standby region.',
    repository: 'n9/gitops',
    environments: n9,
    registry: '111122223333.dkr.ecr.us-east-1.amazonaws.com',
  },
];
