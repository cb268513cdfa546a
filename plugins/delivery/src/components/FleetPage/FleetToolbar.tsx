import { forwardRef, useEffect, useRef, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SearchField, Select, ToggleButton } from '@backstage/ui';
import {
  ChainDescription,
  FLEET_GROUPINGS,
  FleetGrouping,
} from '@slipway/plugin-delivery-common';
import { FleetFilters } from '../../domain/fleetFilters';
import { deliveryTranslationRef } from '../../translation';
import styles from './FleetToolbar.module.css';

/** How long typing has to rest before it is searched for. */
const TYPING_RESTS_MS = 200;

/** The key of "every chain" in the list; no chain has an empty id. */
const EVERY_CHAIN = '';

type FleetToolbarProps = {
  filters: FleetFilters;
  chains: ChainDescription[];
  onChoose: (change: Partial<FleetFilters>) => void;
  onType: (text: string) => void;
};

/** The search field; what is typed reaches the address once typing rests. */
const FleetSearch = forwardRef<
  HTMLDivElement,
  { text: string; onType: (text: string) => void }
>(function SearchWithRef(props, ref) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { text, onType } = props;
  const [typed, setTyped] = useState(text);
  const sent = useRef(text);

  // The address changed by itself: the back button, or "show all services".
  useEffect(() => {
    if (text !== sent.current) {
      sent.current = text;
      setTyped(text);
    }
  }, [text]);

  useEffect(() => {
    if (typed === sent.current) {
      return undefined;
    }
    const timer = setTimeout(() => {
      sent.current = typed;
      onType(typed);
    }, TYPING_RESTS_MS);
    return () => clearTimeout(timer);
  }, [typed, onType]);

  return (
    <SearchField
      ref={ref}
      className={styles.search}
      size="small"
      aria-label={t('filters.search')}
      placeholder={t('filters.searchPlaceholder')}
      value={typed}
      onChange={setTyped}
    />
  );
});

/** The filters of the fleet. Its ref is the search field. */
export const FleetToolbar = forwardRef<HTMLDivElement, FleetToolbarProps>(
  function ToolbarWithRef(props, searchRef) {
    const { t } = useTranslationRef(deliveryTranslationRef);
    const { filters, chains, onChoose } = props;
    const groupings: { [G in FleetGrouping]: string } = {
      system: t('filters.groupSystem'),
      namespace: t('filters.groupNamespace'),
      wave: t('filters.groupWave'),
      none: t('filters.groupNone'),
    };
    return (
      <div
        className={styles.toolbar}
        role="search"
        aria-label={t('filters.label')}
      >
        {chains.length > 1 && (
          <Select
            className={styles.select}
            aria-label={t('filters.chain')}
            options={[
              { id: EVERY_CHAIN, label: t('filters.everyChain') },
              ...chains.map(({ id, title }) => ({ id, label: title })),
            ]}
            value={filters.chain ?? EVERY_CHAIN}
            onChange={key =>
              onChoose({
                chain: key === EVERY_CHAIN ? undefined : String(key),
              })
            }
          />
        )}
        <ToggleButton
          className={styles.toggle}
          size="small"
          isSelected={filters.owned}
          onChange={owned => onChoose({ owned })}
        >
          {t('filters.owned')}
        </ToggleButton>
        <ToggleButton
          className={styles.toggle}
          size="small"
          isSelected={filters.problems}
          onChange={problems => onChoose({ problems })}
        >
          {t('filters.problems')}
        </ToggleButton>
        <FleetSearch
          ref={searchRef}
          text={filters.text}
          onType={props.onType}
        />
        <Select
          className={styles.select}
          aria-label={t('filters.groupBy')}
          options={FLEET_GROUPINGS.map(id => ({ id, label: groupings[id] }))}
          value={filters.groupBy}
          onChange={key => {
            const groupBy = FLEET_GROUPINGS.find(id => id === key);
            if (groupBy) {
              onChoose({ groupBy });
            }
          }}
        />
      </div>
    );
  },
);
