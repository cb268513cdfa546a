import { useMemo } from 'react';
import { useFleet } from '@slipway/plugin-delivery-react';

/** What people call environments, see {@link useEnvironments}. */
export type EnvironmentTitles = {
  /** Every environment once, in the order of the chains. */
  all: { id: string; title: string }[];
  /** The title of an environment; its id while that is not known. */
  titleOf: (id: string) => string;
};

/** The environments of every chain. The fleet's answer says them all. */
export function useEnvironments(): EnvironmentTitles {
  const { summary } = useFleet({ query: {} });
  return useMemo(() => {
    const titles = new Map<string, string>();
    for (const { environments } of summary?.chains ?? []) {
      for (const { id, title } of environments) {
        titles.set(id, titles.get(id) ?? title);
      }
    }
    return {
      all: [...titles].map(([id, title]) => ({ id, title })),
      titleOf: id => titles.get(id) ?? id,
    };
  }, [summary]);
}
