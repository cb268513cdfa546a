import {
  EnvironmentDeployments,
  HistoryEntry,
  HistoryPage,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import {
  ObservedApplication,
  stringifyApplicationId,
} from '@slipway/plugin-delivery-node';
import {
  DatabaseHistory,
  StoredHistoryEntry,
} from '../database/DatabaseHistory';
import { KnownDeployment } from '../domain/fleet/deploymentOf';
import { ObserveUpstream, observationOf } from '../domain/fleet/observations';
import { ServiceEnvironment } from '../domain/fleet/serviceState';
import {
  decodeCursor,
  encodeCursor,
  HistoryPosition,
} from '../domain/history/cursor';
import { clusterOf } from '../domain/matching/clusterOf';
import { headlineOf } from '../domain/status/headline';
import { ReadModel } from '../readModel/ReadModel';
import { invalidCursor } from './errors';

/** How many entries a page of history holds unless asked otherwise. */
const HISTORY_LIMIT = 25;

/** Says of an environment whether the caller may see it. */
export type MayRead = (environment: string) => boolean;

/**
 * Answers from the read model. It knows nothing of permissions: what the caller
 * may see is handed in.
 */
export class DeliveryQueries {
  readonly #readModel: ReadModel;
  readonly #history: DatabaseHistory;

  static create(options: {
    readModel: ReadModel;
    history: DatabaseHistory;
  }): DeliveryQueries {
    return new DeliveryQueries(options.readModel, options.history);
  }

  private constructor(readModel: ReadModel, history: DatabaseHistory) {
    this.#readModel = readModel;
    this.#history = history;
  }

  /** Where a service runs, in the environments that the caller may see. */
  deployments(options: {
    entityRef: string;
    mayRead: MayRead;
    /** Now, ISO 8601. */
    now: string;
  }): ServiceDeployments {
    const { entityRef, mayRead, now } = options;
    const { index } = this.#readModel;
    const state = index.service(entityRef);
    const chains = index.configuredChains();
    const chain =
      chains.find(({ id }) => id === (state?.chain ?? index.defaultChain)) ??
      chains[0];
    const observe = this.#readModel.observeAt(now);
    const environments: EnvironmentDeployments[] = state
      ? state.environments
          .filter(({ environment }) => mayRead(environment.id))
          .map(entry => toEnvironment({ entry, mayRead, observe }))
      : chain.environments
          .filter(({ id }) => mayRead(id))
          .map(environment => ({ environment, deployments: [] }));
    const sources = new Set(
      environments.flatMap(({ deployments }) =>
        deployments.map(({ observation }) => observation.source),
      ),
    );
    const fault = index.faultOf(entityRef);
    return {
      version: this.#readModel.version,
      entityRef,
      chain: { id: chain.id, title: chain.title },
      environments,
      headline: fault ?? headlineOf(environments),
      // A service that runs nowhere may do so because none can be reached.
      upstreams: this.#readModel
        .upstreams()
        .filter(({ id }) => sources.size === 0 || sources.has(id)),
    };
  }

  /**
   * What was deployed of a service, newest first.
   *
   * @throws InputError when the cursor is not for this query.
   */
  async history(options: {
    entityRef: string;
    mayRead: MayRead;
    environment?: string;
    cursor?: string;
    limit?: number;
  }): Promise<HistoryPage> {
    const { entityRef, mayRead, environment, cursor } = options;
    const limit = options.limit ?? HISTORY_LIMIT;
    const query = `${entityRef}#${environment ?? ''}`;
    let after: HistoryPosition | undefined;
    if (cursor !== undefined) {
      after = decodeCursor(query, cursor);
      if (!after) {
        throw invalidCursor();
      }
    }
    const applications = new Map(
      this.#readModel.index
        .applicationsOf(entityRef)
        .filter(
          found =>
            // Somebody who only claims it is told how it is, not how it was.
            found.bound &&
            mayRead(found.environment) &&
            (environment === undefined || found.environment === environment),
        )
        .map(found => [found.id, found]),
    );
    const entries = await this.#history.read({
      applicationIds: [...applications.keys()],
      ...(after && { after }),
      // One more than is shown tells whether there is another page.
      limit: limit + 1,
    });
    const shown = entries.slice(0, limit);
    const last = shown[shown.length - 1];
    return {
      entries: shown.flatMap(entry => {
        const found = applications.get(entry.applicationId);
        return found ? [this.#toHistoryEntry(entry, found)] : [];
      }),
      ...(entries.length > limit && { nextCursor: encodeCursor(query, last) }),
    };
  }

  #toHistoryEntry(
    entry: StoredHistoryEntry,
    found: { application: ObservedApplication; environment: string },
  ): HistoryEntry {
    const { application, environment } = found;
    const { name, region } = clusterOf({
      destination: entry.destination,
      clusters: this.#readModel.index.clusters,
    });
    return {
      id: String(entry.id),
      environment,
      target: {
        id: stringifyApplicationId(application.id),
        instance: application.id.instance,
        application: application.id.name,
        ...(name !== undefined && { cluster: name }),
        ...(region !== undefined && { region }),
      },
      at: entry.deployedAt,
      release: entry.release,
      source: entry.source,
      ...(entry.initiatedBy !== undefined && {
        initiatedBy: entry.initiatedBy,
      }),
      ...(entry.automated !== undefined && { automated: entry.automated }),
    };
  }
}

function toEnvironment(options: {
  entry: ServiceEnvironment;
  mayRead: MayRead;
  observe: ObserveUpstream;
}): EnvironmentDeployments {
  const { entry, mayRead, observe } = options;
  const { id, title, standby } = entry.environment;
  const { difference } = entry;
  return {
    environment: { id, title, standby },
    deployments: entry.deployments.map(deployment =>
      toDeployment(deployment, observe),
    ),
    // A difference tells of both sides, so one must be allowed to see both.
    ...(difference && mayRead(difference.from) && { difference }),
  };
}

function toDeployment(
  deployment: KnownDeployment,
  observe: ObserveUpstream,
): EnvironmentDeployments['deployments'][number] {
  const { upstreamId, staleCondition, ...shown } = deployment;
  return { ...shown, observation: observationOf(deployment, observe) };
}
