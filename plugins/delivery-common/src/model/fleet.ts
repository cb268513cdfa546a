import { ChainDescription } from './chain';
import { Observation } from './observation';
import { DeploymentStatus } from './status';
import { UpstreamStatus } from './upstream';
import { EnvironmentDifference } from './deployment';

/**
 * How the fleet can be grouped.
 *
 * @public
 */
export const FLEET_GROUPINGS = ['system', 'namespace', 'wave', 'none'] as const;

/**
 * One of {@link FLEET_GROUPINGS}.
 *
 * @public
 */
export type FleetGrouping = (typeof FLEET_GROUPINGS)[number];

/**
 * What of the fleet is asked for: the query of `GET /fleet`.
 *
 * @public
 */
export type FleetQuery = {
  /** Id of the chain to show; every chain when absent. */
  chain?: string;
  /** Only services that the caller owns, directly or by a group. */
  owned?: boolean;
  /** Only services with a deployment that needs attention or is stale. */
  attention?: boolean;
  /** Only services whose name, title, system or release tag contains this. */
  text?: string;
  groupBy?: FleetGrouping;
  /** Index of the first service to return, from 0. */
  offset?: number;
  /** How many services to return, 1 to 500. */
  limit?: number;
  /** The answer must be at least this version of the read model. */
  atLeast?: number;
};

/**
 * A release in a fleet cell.
 *
 * @public
 */
export type FleetRelease = {
  /** What people call it, see `releaseLabel`. */
  label: string;
  digest?: string;
  /** Full git revision, where it has one. */
  revision?: string;
};

/**
 * A service in one environment, summed up over its targets.
 *
 * @public
 */
export type FleetCell = {
  status: DeploymentStatus;
  /** What the cluster serves, when that is known. */
  serving?: FleetRelease;
  /** What git asks for, when it is another release than the one served. */
  wanted?: FleetRelease;
  /** Since when it serves it: ISO 8601, UTC. */
  since?: string;
  /** The one thing that matters, as a short sentence. Absent when all is well. */
  note?: string;
  /** Compared with the environment before it in the chain. */
  difference?: EnvironmentDifference['release'];
  observation: Observation;
  /** False when the platform does not say that this application belongs here. */
  bound: boolean;
  /** How many targets are summed up here. */
  targets: number;
};

/**
 * A service in the fleet.
 *
 * @public
 */
export type FleetRow = {
  entityRef: string;
  /** What people call the service. */
  title: string;
  /** Entity ref of its owner. */
  owner?: string;
  chain: string;
  /** Key of the group it stands in. */
  group: string;
  /** By id of environment; an environment where it does not run is absent. */
  cells: { [environment: string]: FleetCell };
};

/**
 * A group of services in the fleet.
 *
 * @public
 */
export type FleetGroup = {
  key: string;
  title: string;
  /** How many services the query found in it. */
  services: number;
  /** How many of them need attention. */
  attention: number;
};

/**
 * A window on the fleet: the answer of `GET /fleet`. Rows are ordered by group,
 * in the order of `groups`, and by title within; `offset` and `limit` cut the
 * window out of that order, so that a table can place any row without having
 * loaded those before it.
 *
 * @public
 */
export type FleetPage = {
  /** Version of the read model that this was read from. */
  version: number;
  /** Every chain, whatever the query. */
  chains: ChainDescription[];
  groups: FleetGroup[];
  rows: FleetRow[];
  offset: number;
  totals: {
    /** Services that the query found. */
    services: number;
    /** How many of them need attention. */
    attention: number;
    /** Services there are at all, that the caller may see. */
    all: number;
    /**
     * Applications that belong to no service in the catalog; 0 for callers from
     * whom a part of the fleet is hidden.
     */
    unmatchedApplications: number;
  };
  upstreams: UpstreamStatus[];
};
