import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import {
  Entity,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { stringifyError } from '@backstage/errors';
import { FilterPredicate } from '@backstage/filter-predicates';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { Service } from '../domain/matching/types';
import { sleep } from '../ingest/sleep';

/** What of an entity is read: enough to match, to list and to authorise. */
const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.annotations',
  'relations',
];

/** What the catalog says of services. */
export type CatalogSnapshot = {
  services: Service[];
  /** Titles of systems, by ref. */
  systems: Map<string, string>;
};

/**
 * Keeps a copy of the catalog's services, read with the plugin's own
 * credentials because it belongs to no caller. Who may see which of them is
 * asked for each caller.
 */
export class CatalogIndexer {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;
  readonly #logger: LoggerService;
  readonly #filter: FilterPredicate;
  readonly #refreshMs: number;
  readonly #onSnapshot: (snapshot: CatalogSnapshot) => Promise<void>;
  readonly #stopping = new AbortController();
  #done: Promise<void> | undefined;
  #failing = false;

  static create(options: {
    catalog: CatalogService;
    auth: AuthService;
    logger: LoggerService;
    filter: FilterPredicate;
    refreshMs: number;
    onSnapshot: (snapshot: CatalogSnapshot) => Promise<void>;
  }): CatalogIndexer {
    return new CatalogIndexer(options);
  }

  private constructor(options: {
    catalog: CatalogService;
    auth: AuthService;
    logger: LoggerService;
    filter: FilterPredicate;
    refreshMs: number;
    onSnapshot: (snapshot: CatalogSnapshot) => Promise<void>;
  }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
    this.#logger = options.logger;
    this.#filter = options.filter;
    this.#refreshMs = options.refreshMs;
    this.#onSnapshot = options.onSnapshot;
  }

  start(): void {
    this.#done ??= this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    let pause = 0;
    while (!signal.aborted) {
      await sleep(pause, signal);
      if (signal.aborted) {
        return;
      }
      try {
        const snapshot = await this.#read();
        await this.#onSnapshot(snapshot);
        if (this.#failing) {
          this.#logger.info('The catalog answers again');
        }
        this.#failing = false;
        // A catalog that has only just started fills up in its first seconds.
        pause =
          snapshot.services.length === 0
            ? Math.min(this.#refreshMs, 2_000)
            : this.#refreshMs;
      } catch (error) {
        // What was read before is kept: that the catalog is down takes no
        // service off the page.
        if (!this.#failing) {
          this.#logger.warn(
            `The catalog cannot be read; going on with what was read before: ${stringifyError(
              error,
            )}`,
          );
        }
        this.#failing = true;
        pause = Math.min(this.#refreshMs, 2_000);
      }
    }
  }

  async #read(): Promise<CatalogSnapshot> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const services: Service[] = [];
    for await (const page of this.#catalog.streamEntities(
      { query: this.#filter, fields: FIELDS },
      { credentials },
    )) {
      services.push(...page.map(toService));
    }
    const systems = new Map<string, string>();
    for await (const page of this.#catalog.streamEntities(
      {
        query: { kind: 'system' },
        fields: [
          'kind',
          'metadata.name',
          'metadata.namespace',
          'metadata.title',
        ],
      },
      { credentials },
    )) {
      for (const entity of page) {
        systems.set(
          stringifyEntityRef(entity),
          entity.metadata.title ?? entity.metadata.name,
        );
      }
    }
    return { services, systems };
  }
}

/** What delivery needs of an entity. */
export function toService(entity: Entity): Service {
  const system = targetsOf(entity, RELATION_PART_OF).find(ref =>
    ref.startsWith('system:'),
  );
  return {
    entityRef: stringifyEntityRef(entity),
    name: entity.metadata.name,
    namespace: entity.metadata.namespace ?? 'default',
    title: entity.metadata.title ?? entity.metadata.name,
    owners: targetsOf(entity, RELATION_OWNED_BY),
    ...(system !== undefined && { system }),
    annotations: entity.metadata.annotations ?? {},
  };
}

function targetsOf(entity: Entity, type: string): string[] {
  return (entity.relations ?? [])
    .filter(relation => relation.type === type)
    .map(({ targetRef }) => targetRef)
    .sort();
}
