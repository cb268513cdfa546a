import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { FilterPredicate } from '@backstage/filter-predicates';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { LRUCache } from 'lru-cache';
import { canonicalJson } from '../domain/canonicalJson';

/** The services that a caller can see in the catalog. */
export type VisibleServices = {
  /** Tells this answer from every other, for what is computed from it. */
  key: string;
  refs: Set<string>;
};

/**
 * Which services a caller can see in the catalog, asked with the caller's own
 * credentials, for callers of whom the catalog's policy says more than yes or
 * no. The answer is kept for a few seconds, because a page asks again with
 * every change; so a revoked right may last that long.
 */
export class CatalogVisibility {
  readonly #cache: LRUCache<string, VisibleServices, BackstageCredentials>;

  static create(options: {
    catalog: CatalogService;
    filter: FilterPredicate;
    /** How long an answer is kept: milliseconds. */
    ttlMs: number;
  }): CatalogVisibility {
    return new CatalogVisibility(options);
  }

  private constructor(options: {
    catalog: CatalogService;
    filter: FilterPredicate;
    ttlMs: number;
  }) {
    const { catalog, filter, ttlMs } = options;
    let answers = 0;
    this.#cache = new LRUCache({
      max: 500,
      ttl: ttlMs,
      fetchMethod: async (_key, _stale, { context: credentials }) => {
        const refs = new Set<string>();
        for await (const page of catalog.streamEntities(
          {
            query: filter,
            fields: ['kind', 'metadata.name', 'metadata.namespace'],
          },
          { credentials },
        )) {
          for (const entity of page) {
            refs.add(stringifyEntityRef(entity));
          }
        }
        return { key: `answer-${++answers}`, refs };
      },
    });
  }

  async servicesFor(
    credentials: BackstageCredentials,
  ): Promise<VisibleServices> {
    // Callers that the catalog cannot tell apart share an answer.
    const key = canonicalJson({ principal: credentials.principal });
    return this.#cache.forceFetch(key, { context: credentials });
  }
}
