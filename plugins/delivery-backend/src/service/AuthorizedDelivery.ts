import { setTimeout as sleep } from 'node:timers/promises';
import {
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  ActionAvailability,
  DELIVERY_ERROR_CODES,
  DEPLOYMENT_ACTION_KINDS,
  FleetQuery,
  HistoryPage,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import { DateTime } from 'luxon';
import { ActionService } from '../actions/ActionService';
import { DeliveryAccess, DeploymentRights } from '../access/DeliveryAccess';
import { formatTime } from '../domain/times';
import { ReadModel } from '../readModel/ReadModel';
import { DeliveryQueries } from './DeliveryQueries';
import { FleetAnswers } from './FleetAnswers';
import { PreparedJson } from './PreparedJson';
import { entityNotFound, notReady, readNotAllowed } from './errors';

/** How long an answer waits for a version that this replica lacks. */
const CATCH_UP_MS = 2_000;
/** How long it waits for what was asked for; all the rest is in memory. */
const ACTIONS_MS = 2_000;

/**
 * What runs where is known without the database; what was asked for is not. The
 * page shows the one, and says why nothing can be asked for.
 */
const NOT_NOW: ActionAvailability[] = DEPLOYMENT_ACTION_KINDS.map(action => ({
  action,
  available: false,
  code: DELIVERY_ERROR_CODES.upstreamUnavailable,
  reason:
    'The portal writes down what is asked for before it does anything, and its database does not answer now. Try again in a moment.',
}));

/** The options of {@link AuthorizedDelivery}. */
export type AuthorizedDeliveryOptions = {
  fleet: FleetAnswers;
  queries: DeliveryQueries;
  actions: Pick<ActionService, 'overview'>;
  access: DeliveryAccess;
  readModel: ReadModel;
  catalog: CatalogService;
  userInfo: UserInfoService;
  auth: AuthService;
  logger: LoggerService;
};

/** What a caller asks, answered with what the caller may see. */
export class AuthorizedDelivery {
  readonly #options: AuthorizedDeliveryOptions;

  static create(options: AuthorizedDeliveryOptions): AuthorizedDelivery {
    return new AuthorizedDelivery(options);
  }

  private constructor(options: AuthorizedDeliveryOptions) {
    this.#options = options;
  }

  /** A `FleetPage`, as JSON. */
  async fleet(options: {
    query: FleetQuery;
    credentials: BackstageCredentials;
  }): Promise<PreparedJson> {
    const { credentials } = options;
    const { fleet, access } = this.#options;
    const { atLeast, ...query } = options.query;
    await this.#ready(atLeast);
    const [scope, ownership] = await Promise.all([
      access.fleetScope(credentials),
      query.owned ? this.#ownershipOf(credentials) : [],
    ]);
    // Nothing is waited for from here on: what the answer is made of and what
    // it says of its version must be of the same moment.
    return fleet.answer({
      view: access.viewOf(scope),
      query,
      ownership,
      now: formatTime(DateTime.utc()),
    });
  }

  /**
   * @throws NotFoundError when the caller cannot see the entity, and
   * NotAllowedError when they may see none of its environments.
   */
  async deployments(options: {
    entityRef: string;
    atLeast?: number;
    credentials: BackstageCredentials;
  }): Promise<ServiceDeployments> {
    const { entityRef, atLeast, credentials } = options;
    const { auth, queries } = this.#options;
    await this.#ready(atLeast);
    const rights = await this.#authorize(options);
    const now = formatTime(DateTime.utc());
    const { mayRead } = rights;
    const answer = queries.deployments({ entityRef, mayRead, now });
    // Only people act.
    return auth.isPrincipal(credentials, 'user')
      ? this.#withActions({ answer, rights, credentials, now })
      : answer;
  }

  /**
   * @throws as {@link AuthorizedDelivery.deployments}; and InputError when the
   * cursor is not for this query.
   */
  async history(options: {
    entityRef: string;
    environment?: string;
    cursor?: string;
    limit?: number;
    credentials: BackstageCredentials;
  }): Promise<HistoryPage> {
    const { entityRef, environment } = options;
    await this.#ready();
    const { mayRead } = await this.#authorize(options);
    if (environment !== undefined && !mayRead(environment)) {
      throw readNotAllowed(entityRef);
    }
    return this.#options.queries.history({ ...options, mayRead });
  }

  async #ready(atLeast: number | undefined = 0): Promise<void> {
    const { readModel } = this.#options;
    if (!readModel.ready) {
      throw notReady();
    }
    await readModel.reach(atLeast, { withinMs: CATCH_UP_MS });
  }

  /**
   * The catalog decides with the caller's own credentials whether the entity is
   * there at all; only then is it said what of it may be read.
   */
  async #authorize(options: {
    entityRef: string;
    environment?: string;
    credentials: BackstageCredentials;
  }): Promise<DeploymentRights> {
    const { entityRef, credentials } = options;
    const { catalog, access, readModel } = this.#options;
    const entity = await catalog.getEntityByRef(entityRef, { credentials });
    if (!entity) {
      throw entityNotFound(entityRef);
    }
    const { index } = readModel;
    const environments = new Set(
      index
        .configuredChains()
        .flatMap(chain => chain.environments.map(({ id }) => id)),
    );
    for (const found of index.applicationsOf(entityRef)) {
      environments.add(found.environment);
    }
    const rights = await access.rightsOf({
      credentials,
      entityRef,
      environments: [...environments],
    });
    if (![...environments].some(rights.mayRead)) {
      throw readNotAllowed(entityRef);
    }
    return rights;
  }

  /** Adds what the caller may do with each deployment, and what was last done. */
  async #withActions(options: {
    answer: ServiceDeployments;
    rights: DeploymentRights;
    credentials: BackstageCredentials<BackstageUserPrincipal>;
    now: string;
  }): Promise<ServiceDeployments> {
    const { answer, rights, credentials, now } = options;
    const overview = await orNothing(
      this.#options.actions.overview({
        entityRef: answer.entityRef,
        isPermitted: rights.mayAct,
        maySee: ({ environment, requestedBy }) =>
          rights.mayReadActivity(environment) ||
          requestedBy === credentials.principal.userEntityRef,
        now,
      }),
      {
        withinMs: ACTIONS_MS,
        onFailure: error =>
          this.#options.logger.warn(
            'What was asked for could not be read, so pages offer no action',
            { reason: stringifyError(error) },
          ),
      },
    );
    return {
      ...answer,
      environments: answer.environments.map(entry => ({
        ...entry,
        deployments: entry.deployments.map(deployment => ({
          ...deployment,
          ...(overview?.({
            environment: deployment.environment,
            id: deployment.target.id,
          }) ?? { actions: NOT_NOW }),
        })),
      })),
    };
  }

  async #ownershipOf(credentials: BackstageCredentials): Promise<string[]> {
    const { auth, userInfo } = this.#options;
    if (!auth.isPrincipal(credentials, 'user')) {
      return [];
    }
    const { ownershipEntityRefs } = await userInfo.getUserInfo(credentials);
    return [...ownershipEntityRefs].sort();
  }
}

/** `undefined` when it fails or takes longer. */
async function orNothing<T>(
  promise: Promise<T>,
  options: { withinMs: number; onFailure: (error: unknown) => void },
): Promise<T | undefined> {
  const limit = new AbortController();
  try {
    return await Promise.race([
      promise.catch(error => {
        options.onFailure(error);
        return undefined;
      }),
      sleep(options.withinMs, undefined, { signal: limit.signal }),
    ]);
  } finally {
    limit.abort();
  }
}
