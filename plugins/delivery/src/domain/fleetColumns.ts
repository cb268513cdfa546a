import {
  ChainDescription,
  EnvironmentDescription,
} from '@slipway/plugin-delivery-common';

/**
 * The columns of the fleet: the environments of one chain, or of every chain
 * merged. A merged environment stands after the one that it follows in its own
 * chain, and standby environments come last, so that reading from left to right
 * is the way of a release in every chain.
 *
 * @param chain - id of the chain to show; all when absent or unknown
 */
export function fleetColumns(
  chains: ChainDescription[],
  chain?: string,
): EnvironmentDescription[] {
  const chosen = chains.find(candidate => candidate.id === chain);
  const merged: EnvironmentDescription[] = [];

  for (const { environments } of chosen ? [chosen] : chains) {
    environments.forEach((environment, index) => {
      if (placeOf(merged, environment) >= 0) {
        return;
      }
      const before = environments[index - 1];
      if (before) {
        merged.splice(placeOf(merged, before) + 1, 0, environment);
        return;
      }
      // The first of its chain goes before whatever of its chain is there.
      const next = environments
        .map(other => placeOf(merged, other))
        .find(place => place >= 0);
      merged.splice(next ?? merged.length, 0, environment);
    });
  }
  return [
    ...merged.filter(environment => !environment.standby),
    ...merged.filter(environment => environment.standby),
  ];
}

function placeOf(
  environments: EnvironmentDescription[],
  environment: EnvironmentDescription,
): number {
  return environments.findIndex(other => other.id === environment.id);
}
