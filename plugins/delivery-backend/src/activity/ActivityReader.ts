import { ActivityEntry } from '@slipway/plugin-delivery-common';
import {
  ActivityFilter,
  ActivityPosition,
  DatabaseActivityLog,
} from '../database/DatabaseActivityLog';
import { EnvironmentSet, includes } from '../domain/activity/environmentSet';

/** Services of more than these are looked for in the lines of everybody. */
const MOST_MERGED_SERVICES = 400;
/** Lines that are read at once when some of them may not be shown. */
const BATCH = 250;
/** Lines that are looked at for a page at most. */
const MOST_LOOKED_AT = 5_000;

/** A part of a list, and where the next one begins. */
export type ActivityPart = {
  entries: ActivityEntry[];
  next?: ActivityPosition;
};

/** Reads pages of the audit that hold only lines of given services. */
export class ActivityReader {
  readonly #table: DatabaseActivityLog;

  static create(options: { table: DatabaseActivityLog }): ActivityReader {
    return new ActivityReader(options.table);
  }

  private constructor(table: DatabaseActivityLog) {
    this.#table = table;
  }

  /** Lines of every service, or of one. */
  async ofEverything(options: {
    entityRef?: string;
    filter: ActivityFilter;
    after?: ActivityPosition;
    limit: number;
  }): Promise<ActivityPart> {
    const { limit } = options;
    // One more than is shown tells whether there is another page.
    return partOf(
      await this.#table.read({ ...options, limit: limit + 1 }),
      limit,
    );
  }

  /**
   * Lines of some services, each in some environments. Of few services, each is
   * read along its own index. Of many, everybody's lines are read and those of
   * others left out; then a page may be short of what is asked for and have a
   * next one all the same, where very many lines in a row are of others.
   */
  async ofServices(options: {
    services: ReadonlyMap<string, EnvironmentSet>;
    filter: ActivityFilter;
    after?: ActivityPosition;
    limit: number;
  }): Promise<ActivityPart> {
    const { services, filter, after, limit } = options;
    if (
      services.size <= MOST_MERGED_SERVICES &&
      // A person's own lines are few, and mostly about their own services.
      filter.actor === undefined
    ) {
      return partOf(
        await this.#table.readOf({
          services: [...services].map(([entityRef, environments]) => ({
            entityRef,
            environments,
          })),
          filter,
          ...(after && { after }),
          limit: limit + 1,
        }),
        limit,
      );
    }
    return this.#lookFor(options);
  }

  async #lookFor(options: {
    services: ReadonlyMap<string, EnvironmentSet>;
    filter: ActivityFilter;
    after?: ActivityPosition;
    limit: number;
  }): Promise<ActivityPart> {
    const { services, filter, limit } = options;
    const found: ActivityEntry[] = [];
    let { after } = options;
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += BATCH) {
      const batch = await this.#table.read({
        filter,
        ...(after && { after }),
        limit: BATCH,
      });
      found.push(
        ...batch.filter(({ entityRef, environment }) => {
          const environments = services.get(entityRef);
          return environments && includes(environments, environment);
        }),
      );
      if (found.length > limit || batch.length < BATCH) {
        return partOf(found, limit);
      }
      after = positionOf(batch[batch.length - 1]);
    }
    return { entries: found, ...(after && { next: after }) };
  }
}

function partOf(entries: ActivityEntry[], limit: number): ActivityPart {
  const shown = entries.slice(0, limit);
  return {
    entries: shown,
    ...(entries.length > limit && {
      next: positionOf(shown[shown.length - 1]),
    }),
  };
}

function positionOf({ at, id }: ActivityEntry): ActivityPosition {
  return { at, id: Number(id) };
}
