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
  const onlyProblems =
    filters.problems && !filters.owned && !filters.text && !filters.chain;

  function description(): string {
    if (onlyProblems) {
      return t('empty.problemsDescription', { all });
    }
    return filters.owned
      ? t('empty.ownedDescription', { all })
      : t('empty.filteredDescription', { all });
  }

  return (
    <EmptyState
      title={onlyProblems ? t('empty.problemsTitle') : t('empty.filteredTitle')}
      description={<p>{description()}</p>}
      action={
        <Button variant="secondary" onPress={props.onShowEverything}>
          {t('filters.clear')}
        </Button>
      }
    />
  );
}
