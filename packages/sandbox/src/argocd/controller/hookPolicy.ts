import { KubernetesObject } from '../../kustomize';

const ANNOTATION = 'argocd.argoproj.io/hook-delete-policy';

/** When a hook is deleted. */
export interface HookPolicy {
  /** Before the next sync creates it anew. */
  readonly beforeCreation: boolean;
  readonly onSuccess: boolean;
  readonly onFailure: boolean;
}

/** The deletion policy of a hook; one that names none makes room for itself. */
export function hookPolicy(hook: KubernetesObject): HookPolicy {
  const policies = (hook.metadata.annotations?.[ANNOTATION] ?? '')
    .split(',')
    .map(policy => policy.trim())
    .filter(policy => policy !== '');
  return {
    beforeCreation:
      policies.length === 0 || policies.includes('BeforeHookCreation'),
    onSuccess: policies.includes('HookSucceeded'),
    onFailure: policies.includes('HookFailed'),
  };
}
