import { useApi } from '@backstage/frontend-plugin-api';
import { stringifyEntityRef, UserEntity } from '@backstage/catalog-model';
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

function clientOf(catalog: CatalogApi): QueryClient {
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
  const catalog = useApi(catalogApiRef);
  const { data } = useQuery(
    {
      queryKey: ['user', email],
      enabled: email !== undefined,
      staleTime: FRESH_FOR_MS,
      retry: false,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      queryFn: async (): Promise<CatalogUser | null> => {
        const { items } = await catalog.getEntities({
          filter: { kind: 'User', 'spec.profile.email': email ?? '' },
          limit: 1,
        });
        const user = items.find(
          (item): item is UserEntity => item.kind === 'User',
        );
        // react-query takes `undefined` for a mistake.
        return user
          ? {
              entityRef: stringifyEntityRef(user),
              displayName: user.spec.profile?.displayName ?? user.metadata.name,
              picture: user.spec.profile?.picture,
            }
          : null;
      },
    },
    clientOf(catalog),
  );
  return data ?? undefined;
}
