import { useMemo } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  Entity,
  isUserEntity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { Combobox, useAsyncList } from '@backstage/ui';
import { useQuery } from '@tanstack/react-query';
import { catalogCacheOf } from '../shared/useCatalogUser';

/** As many as people look through before they type another letter. */
const SHOWN = 20;

const TITLE_OF_USERS = 'spec.profile.displayName';

type Choice = { id: string; label: string; description?: string };

/**
 * Picks an entity of the catalog by what people call it. The catalog searches,
 * for it may hold thousands.
 */
export function EntityPicker(props: {
  kind: 'component' | 'user';
  label: string;
  placeholder: string;
  /** Full ref of the chosen entity; any when absent. */
  value: string | undefined;
  onChange: (entityRef: string | undefined) => void;
  className?: string;
}) {
  const { kind, label, placeholder, value, onChange, className } = props;
  const catalog = useApi(catalogApiRef);
  const chosen = useChosen(value);
  const choices = useAsyncList<Choice>({
    initialFilterText: chosen?.label,
    load: async ({ filterText }) => {
      const { items } = await catalog.queryEntities({
        filter: { kind },
        limit: SHOWN,
        orderFields: [{ field: 'metadata.name', order: 'asc' }],
        // What is chosen stands in the field; it is not what is looked for.
        ...(filterText && {
          fullTextFilter: {
            term: filterText,
            fields: ['metadata.name', 'metadata.title', TITLE_OF_USERS],
          },
        }),
      });
      return { items: items.map(choiceOf) };
    },
  });
  return (
    <Combobox
      // Its text follows what is chosen only when it is made anew.
      key={`${value ?? ''} ${chosen?.label ?? ''}`}
      className={className}
      label={label}
      placeholder={placeholder}
      options={choices}
      search={{ mode: 'server' }}
      defaultValue={chosen ?? null}
      onChange={choice => onChange(choice?.id)}
    />
  );
}

function choiceOf(entity: Entity): Choice {
  const id = stringifyEntityRef(entity);
  const title = isUserEntity(entity)
    ? entity.spec.profile?.displayName
    : entity.metadata.title;
  const { name } = entity.metadata;
  return {
    id,
    label: title ?? name,
    ...(title !== undefined && title !== name && { description: name }),
  };
}

/** What is chosen, under the name that the catalog has for it, or its own. */
function useChosen(entityRef: string | undefined): Choice | undefined {
  const catalog = useApi(catalogApiRef);
  const { data } = useQuery(
    {
      queryKey: ['entity', entityRef],
      enabled: entityRef !== undefined,
      retry: false,
      networkMode: 'always',
      // react-query takes `undefined` for a mistake.
      queryFn: async () =>
        (await catalog.getEntityByRef(entityRef ?? '')) ?? null,
    },
    catalogCacheOf(catalog),
  );
  return useMemo(() => {
    if (entityRef === undefined) {
      return undefined;
    }
    return data ? choiceOf(data) : { id: entityRef, label: nameOf(entityRef) };
  }, [entityRef, data]);
}

/** Addresses are written by people, too. */
function nameOf(entityRef: string): string {
  try {
    return parseEntityRef(entityRef).name;
  } catch {
    return entityRef;
  }
}
