import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  FleetFilters,
  readFleetFilters,
  writeFleetFilters,
} from '../../domain/fleetFilters';

/**
 * The filters in the address of the page, and how to change them. Each choice is
 * a step that the back button undoes; typing is not, or it would take a click a
 * letter to leave the page.
 */
export function useFleetFilters(): {
  filters: FleetFilters;
  choose: (change: Partial<FleetFilters>) => void;
  type: (text: string) => void;
} {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => readFleetFilters(params), [params]);

  const change = useCallback(
    (part: Partial<FleetFilters>, replace: boolean) =>
      setParams(
        current =>
          writeFleetFilters({ ...readFleetFilters(current), ...part }, current),
        { replace },
      ),
    [setParams],
  );

  return {
    filters,
    choose: useCallback(part => change(part, false), [change]),
    type: useCallback(text => change({ text }, true), [change]),
  };
}
