import { Release } from './release';
import { DeploymentTarget } from './deployment';

/**
 * One observed deployment of a service.
 *
 * @public
 */
export type HistoryEntry = {
  /** Stable and unique. */
  id: string;
  environment: string;
  target: Required<Pick<DeploymentTarget, 'id' | 'instance' | 'application'>> &
    Pick<DeploymentTarget, 'cluster' | 'region'>;
  /** When it was deployed: ISO 8601, UTC. */
  at: string;
  release: Release;
  /**
   * How it is known: from Argo CD's own history, or because the cluster was
   * seen to serve something else without an entry there (a partial sync, say).
   */
  source: 'argocd-history' | 'observed';
  /** Who started it: a user name of Argo CD. Absent if unknown. */
  initiatedBy?: string;
  /** True when Argo CD acted on its own. */
  automated?: boolean;
};

/**
 * A page of a service's history, newest first.
 *
 * @public
 */
export type HistoryPage = {
  entries: HistoryEntry[];
  /** Pass it as `cursor` for the next page; absent on the last one. */
  nextCursor?: string;
};
