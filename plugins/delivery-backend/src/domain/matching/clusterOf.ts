import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { ClusterDescription } from './types';

const EKS_HOST = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.eks\.amazonaws\.com(?:\.cn)?$/;

/** The cluster of an application, by name where it has one, and its region. */
export type Cluster = { name?: string; region?: string };

/**
 * The cluster that an application is deployed to. Its region is what the
 * configuration says, else what the host name of an EKS API server says.
 */
export function clusterOf(options: {
  destination: ObservedApplication['destination'];
  clusters: ClusterDescription[];
}): Cluster {
  const { destination, clusters } = options;
  const server = destination.server && trimUrl(destination.server);
  const known = clusters.find(cluster =>
    destination.name !== undefined
      ? cluster.name === destination.name
      : cluster.server !== undefined && trimUrl(cluster.server) === server,
  );
  return {
    name: destination.name ?? known?.name ?? destination.server,
    region: known?.region ?? regionOfServer(known?.server ?? server),
  };
}

function regionOfServer(server: string | undefined): string | undefined {
  if (server === undefined || !URL.canParse(server)) {
    return undefined;
  }
  return EKS_HOST.exec(new URL(server).hostname)?.[1];
}

function trimUrl(url: string): string {
  return url.replace(/\/+$/, '');
}
