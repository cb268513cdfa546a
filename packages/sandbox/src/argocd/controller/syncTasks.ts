import { Target } from '../targets';
import { SyncPhase, SyncResource } from '../wire';

/** Targets that are applied together: one wave of one phase. */
export interface SyncGroup {
  readonly phase: SyncPhase;
  readonly wave: number;
  readonly targets: readonly Target[];
}

const PHASES: readonly SyncPhase[] = ['PreSync', 'Sync', 'PostSync'];

/** Kinds that others need come first inside a wave. */
const KIND_ORDER = [
  'Namespace',
  'AppProject',
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Service',
  'DaemonSet',
  'Deployment',
  'StatefulSet',
  'Job',
  'CronJob',
  'Ingress',
];

/**
 * Orders what a sync applies: phases, then waves, then kinds, then names. A
 * partial sync leaves hooks out, and SyncFail hooks wait for a failure.
 */
export function planSync(options: {
  targets: readonly Target[];
  resources: readonly SyncResource[] | undefined;
  hooks: boolean;
}): SyncGroup[] {
  const { targets, resources, hooks } = options;
  const partial = resources !== undefined && resources.length > 0;
  const selected = targets.filter(target =>
    target.hook
      ? hooks && !partial && target.hook !== 'SyncFail'
      : !partial || resources.some(resource => selects(resource, target)),
  );
  const groups = new Map<string, Target[]>();
  for (const target of selected) {
    const id = `${target.hook ?? 'Sync'} ${target.wave}`;
    groups.set(id, [...(groups.get(id) ?? []), target]);
  }
  return [...groups.entries()]
    .map(([id, group]) => {
      const [phase, wave] = id.split(' ');
      return {
        phase: phase as SyncPhase,
        wave: Number(wave),
        targets: group.sort(byKindAndName),
      };
    })
    .sort(
      (left, right) =>
        PHASES.indexOf(left.phase) - PHASES.indexOf(right.phase) ||
        left.wave - right.wave,
    );
}

/** The hooks that run when a sync fails, in the order of their waves. */
export function failHooksOf(targets: readonly Target[]): Target[] {
  return targets
    .filter(({ hook }) => hook === 'SyncFail')
    .sort(
      (left, right) => left.wave - right.wave || byKindAndName(left, right),
    );
}

function selects(resource: SyncResource, target: Target): boolean {
  const { group, kind, namespace, name } = target.key;
  return (
    (resource.group ?? '') === group &&
    resource.kind === kind &&
    resource.name === name &&
    (!resource.namespace || resource.namespace === (namespace ?? ''))
  );
}

function byKindAndName(left: Target, right: Target): number {
  const byKind = rank(left) - rank(right);
  return byKind || (left.id < right.id ? -1 : 1);
}

function rank(target: Target): number {
  const index = KIND_ORDER.indexOf(target.key.kind);
  return index < 0 ? KIND_ORDER.length : index;
}
