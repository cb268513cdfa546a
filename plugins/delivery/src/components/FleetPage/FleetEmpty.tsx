import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { EmptyState } from '@slipway/plugin-delivery-react';
import { FleetFilters } from '../../domain/fleetFilters';
import { deliveryTranslationRef } from '../../translation';

/** The fleet when the filters leave nothing: which one does, and the way back. */
export function FleetEmpty(props: {
  filters: FleetFilters;
  /** Services that there are without filters. */
  all: number;
  onShowEverything: () => void;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { filters } = props;
  const all = String(props.all);
  const narrowed = Boolean(filters.text || filters.chain);
  const onlyProblems = filters.problems && !filters.owned && !narrowed;
  const onlyOwned = filters.owned && !filters.problems && !narrowed;

  function title(): string {
    if (onlyProblems) {
      return t('empty.problemsTitle');
    }
    return onlyOwned ? t('empty.ownedTitle') : t('empty.filteredTitle');
  }

  function description(): string {
    if (onlyProblems) {
      return t('empty.problemsDescription', { all });
    }
    if (onlyOwned) {
      return t('empty.ownedDescription', { all });
    }
    return filters.owned
      ? t('empty.ownedFilteredDescription', { all })
      : t('empty.filteredDescription', { all });
  }

  return (
    <EmptyState
      title={title()}
      description={<p>{description()}</p>}
      action={
        <Button variant="secondary" onPress={props.onShowEverything}>
          {t('filters.clear')}
        </Button>
      }
    />
  );
}
