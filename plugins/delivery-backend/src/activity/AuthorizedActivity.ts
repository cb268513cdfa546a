import { createHash } from 'node:crypto';
import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { ActivityPage, ActivityQuery } from '@slipway/plugin-delivery-common';
import { ActivityPosition } from '../database/DatabaseActivityLog';
import { includes } from '../domain/activity/environmentSet';
import { decodeCursor, encodeCursor } from '../domain/history/cursor';
import { ReadModel } from '../readModel/ReadModel';
import {
  activityNotAllowed,
  entityNotFound,
  invalidCursor,
  notReady,
} from '../service/errors';
import { ActivityAccess, ActivityScope } from './ActivityAccess';
import { ActivityPart, ActivityReader } from './ActivityReader';

/** How many lines a page holds unless asked otherwise. */
const LIMIT = 25;

/** The options of {@link AuthorizedActivity}. */
export type AuthorizedActivityOptions = {
  access: ActivityAccess;
  reader: ActivityReader;
  catalog: CatalogService;
  readModel: ReadModel;
};

/** The audit, as far as a caller may read it. */
export class AuthorizedActivity {
  readonly #options: AuthorizedActivityOptions;

  static create(options: AuthorizedActivityOptions): AuthorizedActivity {
    return new AuthorizedActivity(options);
  }

  private constructor(options: AuthorizedActivityOptions) {
    this.#options = options;
  }

  /**
   * A page, newest first.
   *
   * @throws NotAllowedError when the caller may read no line at all, or none of
   * the service that is asked for; NotFoundError when that is not in the catalog,
   * or not for the caller; InputError when the cursor is not for this query.
   */
  async read(options: {
    query: ActivityQuery;
    credentials: BackstageCredentials;
  }): Promise<ActivityPage> {
    const { query, credentials } = options;
    const { cursor, limit = LIMIT, environment, actor, event } = query;
    const entityRef = query.entityRef?.toLocaleLowerCase('en-US');
    const madeFor = keyOf({ entityRef, environment, actor, event });
    const window = {
      filter: {
        ...(environment !== undefined && { environment }),
        ...(actor !== undefined && { actor }),
        ...(event !== undefined && { event }),
      },
      ...(cursor !== undefined && { after: readCursor(madeFor, cursor) }),
      limit,
    };
    const scope = await this.#options.access.scopeOf(credentials);
    const { entries, next } = await this.#part({
      ...window,
      scope,
      entityRef,
      credentials,
    });
    return {
      entries,
      ...(next && {
        nextCursor: encodeCursor(madeFor, { deployedAt: next.at, id: next.id }),
      }),
    };
  }

  async #part(options: {
    scope: ActivityScope;
    entityRef: string | undefined;
    credentials: BackstageCredentials;
    filter: Pick<ActivityQuery, 'environment' | 'actor' | 'event'>;
    after?: ActivityPosition;
    limit: number;
  }): Promise<ActivityPart> {
    const { scope, entityRef, credentials, ...window } = options;
    const { reader, readModel } = this.#options;
    switch (scope.kind) {
      case 'nothing':
        throw activityNotAllowed(entityRef);
      case 'everything':
        return reader.ofEverything({
          ...window,
          ...(entityRef !== undefined && { entityRef }),
        });
      case 'services': {
        if (!readModel.ready) {
          // Until then, nobody seems to own anything.
          throw notReady();
        }
        if (entityRef === undefined) {
          return reader.ofServices({ ...window, services: scope.services });
        }
        const environments = scope.services.get(entityRef);
        const { environment } = window.filter;
        if (
          !environments ||
          (environment !== undefined && !includes(environments, environment))
        ) {
          throw await this.#whyNot(entityRef, credentials);
        }
        return reader.ofServices({
          ...window,
          services: new Map([[entityRef, environments]]),
        });
      }
      default:
        return scope satisfies never;
    }
  }

  /** Who cannot see an entity is not told that it is there. */
  async #whyNot(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<Error> {
    const entity = await this.#options.catalog.getEntityByRef(entityRef, {
      credentials,
    });
    return entity ? activityNotAllowed(entityRef) : entityNotFound(entityRef);
  }
}

/** Stands for a query in its cursors, which must not grow with what is asked. */
function keyOf(query: { [name: string]: string | undefined }): string {
  return createHash('sha256')
    .update(JSON.stringify(query))
    .digest('base64url')
    .slice(0, 22);
}

function readCursor(madeFor: string, cursor: string): ActivityPosition {
  const position = decodeCursor(madeFor, cursor);
  if (!position) {
    throw invalidCursor();
  }
  return { at: position.deployedAt, id: position.id };
}
