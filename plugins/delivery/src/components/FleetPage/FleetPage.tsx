import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import {
  EmptyState,
  UpstreamBanner,
  useFleet,
} from '@slipway/plugin-delivery-react';
import { EVERYTHING, hidesServices } from '../../domain/fleetFilters';
import { fleetColumns } from '../../domain/fleetColumns';
import { layoutFleet } from '../../domain/fleetLayout';
import { deliveryTranslationRef } from '../../translation';
import { ErrorState } from '../shared/ErrorState';
import { StillShownBanner } from '../shared/StillShownBanner';
import { FleetEmpty } from './FleetEmpty';
import { FleetGrid } from './FleetGrid';
import { FleetHeadline } from './FleetHeadline';
import { FleetSkeleton } from './FleetSkeleton';
import { FleetToolbar } from './FleetToolbar';
import { useFleetFilters } from './useFleetFilters';
import styles from './FleetPage.module.css';

/** Every service and where it runs: services × environments. */
export function FleetPage() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { filters, choose, type } = useFleetFilters();
  const [onScreen, setOnScreen] = useState({ first: 0, last: 0 });
  const searchRef = useRef<HTMLDivElement>(null);

  const query = useMemo(
    () => ({
      chain: filters.chain,
      owned: filters.owned || undefined,
      attention: filters.problems || undefined,
      text: filters.text || undefined,
      groupBy: filters.groupBy,
    }),
    [filters],
  );
  // Another query starts at the top again.
  useEffect(() => setOnScreen({ first: 0, last: 0 }), [query]);

  const fleet = useFleet({ query, ...onScreen });
  const { summary } = fleet;

  const layout = useMemo(
    () => summary && layoutFleet(summary.groups, filters.groupBy),
    [summary, filters.groupBy],
  );
  const columns = useMemo(
    () => (summary ? fleetColumns(summary.chains, filters.chain) : []),
    [summary, filters.chain],
  );
  const showEverything = useCallback(
    () => choose({ ...EVERYTHING, groupBy: filters.groupBy }),
    [choose, filters.groupBy],
  );

  useSearchKey(searchRef);

  return (
    <div className={styles.page}>
      <FleetHeadline fleet={fleet} filtered={hidesServices(filters)} />
      <FleetToolbar
        ref={searchRef}
        filters={filters}
        chains={summary?.chains ?? []}
        onChoose={choose}
        onType={type}
      />
      {summary && <UpstreamBanner upstreams={summary.upstreams} />}
      {summary && fleet.error && fleet.readAt && (
        <StillShownBanner
          error={fleet.error}
          readAt={fleet.readAt}
          onRetry={fleet.refetch}
        />
      )}
      {content()}
    </div>
  );

  function content() {
    if (!summary || !layout) {
      return fleet.error ? (
        <ErrorState
          error={fleet.error}
          onRetry={fleet.refetch}
          action={
            hidesServices(filters) ? (
              <Button size="small" variant="secondary" onPress={showEverything}>
                {t('filters.clear')}
              </Button>
            ) : undefined
          }
        />
      ) : (
        <FleetSkeleton />
      );
    }
    if (layout.count === 0) {
      return summary.totals.all === 0 ? (
        <EmptyState
          title={t('empty.fleetTitle')}
          description={<p>{t('empty.fleetDescription')}</p>}
        />
      ) : (
        <FleetEmpty
          filters={filters}
          all={summary.totals.all}
          onShowEverything={showEverything}
        />
      );
    }
    return (
      <FleetGrid
        layout={layout}
        columns={columns}
        rowAt={fleet.rowAt}
        outdated={fleet.outdated}
        resetKey={JSON.stringify(query)}
        onScreen={setOnScreen}
      />
    );
  }
}

/** Lets `/` go to the search, unless the viewer is writing somewhere. */
function useSearchKey(searchRef: React.RefObject<HTMLDivElement>): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (
        event.key !== '/' ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isWriting(event.target)
      ) {
        return;
      }
      const input = searchRef.current?.querySelector('input');
      if (input) {
        event.preventDefault();
        input.focus();
        input.select();
      }
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [searchRef]);
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
