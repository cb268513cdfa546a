import {
  DEPLOYMENT_STATUSES,
  FleetCell,
  FleetRelease,
  Release,
  releaseLabel,
} from '@slipway/plugin-delivery-common';
import { sameRelease } from '../status/releases';
import { KnownDeployment } from './deploymentOf';

/** A cell without its observation; see {@link KnownDeployment}. */
export type KnownCell = Omit<FleetCell, 'observation'> & {
  /** What its observation is made of: one a target. */
  sources: Pick<KnownDeployment, 'upstreamId' | 'staleCondition'>[];
};

/**
 * Sums up a service's deployments in one environment. The worst one gives the
 * status and the words, because it is the one to look at; the first one gives
 * the release where all is equally well.
 */
export function cellOf(options: {
  deployments: KnownDeployment[];
  difference: FleetCell['difference'];
}): KnownCell {
  const { deployments, difference } = options;
  const worst = [...deployments].sort(
    (a, b) =>
      DEPLOYMENT_STATUSES.indexOf(a.assessment.status) -
      DEPLOYMENT_STATUSES.indexOf(b.assessment.status),
  )[0];
  const serving = fleetRelease(worst.serving);
  const wanted = sameRelease(worst.wanted, worst.serving)
    ? undefined
    : fleetRelease(worst.wanted);
  const note = noteOf({ worst, deployments });
  return {
    status: worst.assessment.status,
    ...(serving && { serving }),
    ...(wanted && { wanted }),
    ...(worst.servingSince !== undefined && { since: worst.servingSince }),
    ...(note !== undefined && { note }),
    ...(difference !== undefined && { difference }),
    bound: deployments.every(({ binding }) => binding.state === 'bound'),
    targets: deployments.length,
    sources: deployments.map(({ upstreamId, staleCondition }) => ({
      upstreamId,
      ...(staleCondition && { staleCondition }),
    })),
  };
}

function noteOf(options: {
  worst: KnownDeployment;
  deployments: KnownDeployment[];
}): string | undefined {
  const { worst, deployments } = options;
  const { status, reason, summary } = worst.assessment;
  if (status === 'healthy' && reason === 'healthy') {
    return deployments.some(
      ({ serving }) =>
        serving && worst.serving && !sameRelease(serving, worst.serving),
    )
      ? 'Its targets serve different releases.'
      : undefined;
  }
  const where = worst.target.cluster ?? worst.target.application;
  return deployments.length > 1 && where !== undefined
    ? `${where}: ${summary}`
    : summary;
}

function fleetRelease(release: Release | undefined): FleetRelease | undefined {
  const label = releaseLabel(release);
  if (!release || label === undefined) {
    return undefined;
  }
  const revision = release.revisions[0]?.revision;
  return {
    label,
    ...(release.digest !== undefined && { digest: release.digest }),
    ...(revision !== undefined && { revision }),
  };
}
