import { useApi } from '@backstage/frontend-plugin-api';
import {
  Entity,
  isUserEntity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CatalogApi, catalogApiRef } from '@backstage/plugin-catalog-react';
import { QueryClient, useQuery } from '@tanstack/react-query';

/** A user of the catalog, as far as a name on a page goes. */
export type CatalogUser = {
  entityRef: string;
  displayName: string;
  picture?: string;
};

/** People change their names rarely. */
const FRESH_FOR_MS = 10 * 60_000;

// A cache a catalog, so that a page with a hundred entries by the same three
// people asks three times.
const clients = new WeakMap<CatalogApi, QueryClient>();

/** The cache of what was asked of a catalog. */
export function catalogCacheOf(catalog: CatalogApi): QueryClient {
  const client = clients.get(catalog) ?? new QueryClient();
  clients.set(catalog, client);
  return client;
}

/**
 * The user of the catalog with an e-mail address. `undefined` while it is being
 * looked up, when there is none and when the catalog does not answer: a name
 * must not depend on it.
 */
export function useCatalogUser(
  email: string | undefined,
): CatalogUser | undefined {
  return useLookup('email', email, async (catalog, address) => {
    const { items } = await catalog.getEntities({
      filter: { kind: 'User', 'spec.profile.email': address },
      limit: 1,
    });
    return items[0];
  });
}

/** The user of the catalog with an entity ref, as {@link useCatalogUser}. */
export function useCatalogUserByRef(
  entityRef: string | undefined,
): CatalogUser | undefined {
  return useLookup('ref', entityRef, (catalog, ref) =>
    catalog.getEntityByRef(ref),
  );
}

function useLookup(
  by: 'email' | 'ref',
  value: string | undefined,
  find: (catalog: CatalogApi, value: string) => Promise<Entity | undefined>,
): CatalogUser | undefined {
  const catalog = useApi(catalogApiRef);
  const { data } = useQuery(
    {
      queryKey: ['user', by, value],
      enabled: value !== undefined,
      staleTime: FRESH_FOR_MS,
      retry: false,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      // react-query takes `undefined` for a mistake.
      queryFn: async (): Promise<CatalogUser | null> =>
        userOf(await find(catalog, value ?? '')) ?? null,
    },
    catalogCacheOf(catalog),
  );
  return data ?? undefined;
}

function userOf(entity: Entity | undefined): CatalogUser | undefined {
  if (!entity || !isUserEntity(entity)) {
    return undefined;
  }
  const { profile } = entity.spec;
  return {
    entityRef: stringifyEntityRef(entity),
    displayName: profile?.displayName ?? entity.metadata.name,
    picture: profile?.picture,
  };
}
