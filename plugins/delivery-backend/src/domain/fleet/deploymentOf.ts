import {
  Deployment,
  DeploymentCondition,
  DeploymentTarget,
  Binding,
} from '@slipway/plugin-delivery-common';
import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { assess, staleByOwnAccount } from '../status/assess';
import { mainWorkload } from '../status/mainWorkload';
import { wantedRelease } from '../status/releases';
import { ServingRecord } from '../status/serving';
import { normalizeTime } from '../times';
import { withoutDetail } from './withoutDetail';

/**
 * A deployment without its observation, which changes with the connection and
 * the clock while the rest changes with the application.
 */
export type KnownDeployment = Omit<Deployment, 'observation'> & {
  /** Where its observation comes from. */
  upstreamId: string;
  /** B15: set when Argo CD itself calls its status stale. */
  staleCondition?: DeploymentCondition;
};

/**
 * Puts together what is known of an application as a service's deployment. Of an
 * unbound one this is little; see `withoutDetail`.
 */
export function deploymentOf(options: DeploymentOptions): KnownDeployment {
  const deployment = inFull(options);
  return options.binding.state === 'bound'
    ? deployment
    : withoutDetail(deployment);
}

type DeploymentOptions = {
  application: ObservedApplication;
  /** Of an unbound one it must not tell which application it is. */
  targetId: string;
  serving: ServingRecord | undefined;
  upstreamId: string;
  entityRef: string;
  binding: Binding;
  environment: string;
  cluster: string | undefined;
  region: string | undefined;
};

function inFull(options: DeploymentOptions): KnownDeployment {
  const { application, serving, upstreamId, entityRef, binding, environment } =
    options;
  const wanted = wantedRelease(application);
  const workload = mainWorkload(application);
  const staleCondition = staleByOwnAccount(application);
  const healthSince = normalizeTime(application.health.since);
  const replicas = workload && {
    ...workload.live?.replicas,
    ...(workload.wanted?.replicas.wanted !== undefined && {
      wanted: workload.wanted.replicas.wanted,
    }),
  };
  return {
    entityRef,
    environment,
    target: targetOf(options),
    binding,
    assessment: assess({ application, wanted, serving: serving?.release }),
    ...(wanted && { wanted }),
    ...(serving && { serving: serving.release }),
    ...(serving?.since !== undefined && { servingSince: serving.since }),
    sync: application.sync.state,
    health: application.health.state,
    ...(application.health.message !== undefined && {
      healthMessage: application.health.message,
    }),
    ...(healthSince !== undefined && { healthSince }),
    policy: application.policy,
    ...(application.operation && {
      operation: withoutRevisions(application.operation),
    }),
    conditions: application.conditions,
    ...(replicas && { replicas }),
    ...(application.workloadsObservedAt !== undefined && {
      replicasObservedAt: application.workloadsObservedAt,
    }),
    upstreamId,
    ...(staleCondition && { staleCondition }),
  };
}

function targetOf(options: {
  application: ObservedApplication;
  targetId: string;
  cluster: string | undefined;
  region: string | undefined;
}): DeploymentTarget {
  const { application, targetId, cluster, region } = options;
  const { id, destination, url } = application;
  return {
    id: targetId,
    instance: id.instance,
    applicationNamespace: id.namespace,
    application: id.name,
    ...(cluster !== undefined && { cluster }),
    ...(destination.namespace !== undefined && {
      namespace: destination.namespace,
    }),
    ...(region !== undefined && { region }),
    ...(url !== undefined && { url }),
  };
}

function withoutRevisions(
  operation: NonNullable<ObservedApplication['operation']>,
): NonNullable<Deployment['operation']> {
  const { revisions, ...shown } = operation;
  return shown;
}
