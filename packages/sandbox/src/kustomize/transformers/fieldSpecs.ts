/** A place in objects of some kinds that a transformer writes to. */
export interface FieldSpec {
  /** `group/Kind`; absent means every object. */
  readonly types?: readonly string[];
  /** Steps from the root; `x[]` is every item of the list `x`. */
  readonly path: string;
  /** Whether missing maps on the way are made. */
  readonly create: boolean;
}

const WORKLOADS = [
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/DaemonSet',
  'apps/StatefulSet',
];
const AFFINITY = 'spec.template.spec.affinity';
const TERMS = [
  'preferredDuringSchedulingIgnoredDuringExecution[].podAffinityTerm',
  'requiredDuringSchedulingIgnoredDuringExecution[]',
];

/** Labels of objects themselves. */
export const METADATA_LABELS: readonly FieldSpec[] = [
  { path: 'metadata.labels', create: true },
];

/** Labels of pod templates and volume claims: `includeTemplates`. */
export const TEMPLATE_LABELS: readonly FieldSpec[] = [
  {
    types: ['/ReplicationController', ...WORKLOADS, 'batch/Job'],
    path: 'spec.template.metadata.labels',
    create: true,
  },
  {
    types: ['apps/StatefulSet'],
    path: 'spec.volumeClaimTemplates[].metadata.labels',
    create: true,
  },
  {
    types: ['batch/CronJob'],
    path: 'spec.jobTemplate.metadata.labels',
    create: true,
  },
  {
    types: ['batch/CronJob'],
    path: 'spec.jobTemplate.spec.template.metadata.labels',
    create: true,
  },
];

/** Selectors, and the labels they select by: `includeSelectors`. */
export const SELECTOR_LABELS: readonly FieldSpec[] = [
  { types: ['/Service'], path: 'spec.selector', create: true },
  { types: ['/ReplicationController'], path: 'spec.selector', create: true },
  { types: WORKLOADS, path: 'spec.selector.matchLabels', create: true },
  ...['podAffinity', 'podAntiAffinity'].flatMap(kind =>
    TERMS.map(term => ({
      types: ['apps/Deployment', 'apps/StatefulSet'],
      path: `${AFFINITY}.${kind}.${term}.labelSelector.matchLabels`,
      create: false,
    })),
  ),
  {
    types: ['apps/Deployment', 'apps/StatefulSet'],
    path: 'spec.template.spec.topologySpreadConstraints[].labelSelector.matchLabels',
    create: false,
  },
  { types: ['batch/Job'], path: 'spec.selector.matchLabels', create: false },
  {
    types: ['batch/CronJob'],
    path: 'spec.jobTemplate.spec.selector.matchLabels',
    create: false,
  },
  {
    types: ['policy/PodDisruptionBudget'],
    path: 'spec.selector.matchLabels',
    create: false,
  },
  ...[
    'spec.podSelector.matchLabels',
    'spec.ingress[].from[].podSelector.matchLabels',
    'spec.egress[].to[].podSelector.matchLabels',
  ].map(path => ({
    types: ['networking.k8s.io/NetworkPolicy'],
    path,
    create: false,
  })),
];

/** Annotations of objects and of pod templates: `commonAnnotations`. */
export const ANNOTATIONS: readonly FieldSpec[] = [
  { path: 'metadata.annotations', create: true },
  {
    types: ['/ReplicationController', ...WORKLOADS, 'batch/Job'],
    path: 'spec.template.metadata.annotations',
    create: true,
  },
  {
    types: ['batch/CronJob'],
    path: 'spec.jobTemplate.metadata.annotations',
    create: true,
  },
  {
    types: ['batch/CronJob'],
    path: 'spec.jobTemplate.spec.template.metadata.annotations',
    create: true,
  },
];
