import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  ActivityFilters,
  readActivityFilters,
  writeActivityFilters,
} from '../../domain/activityFilters';

/**
 * The filters in the address of the page, and how to change them. Each choice is
 * a step that the back button undoes.
 */
export function useActivityFilters(): {
  filters: ActivityFilters;
  choose: (change: Partial<ActivityFilters>) => void;
  clear: () => void;
} {
  const [params, setParams] = useSearchParams();
  return {
    filters: useMemo(() => readActivityFilters(params), [params]),
    choose: useCallback(
      change =>
        setParams(current =>
          writeActivityFilters(
            { ...readActivityFilters(current), ...change },
            current,
          ),
        ),
      [setParams],
    ),
    clear: useCallback(
      () => setParams(current => writeActivityFilters({}, current)),
      [setParams],
    ),
  };
}
