import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import { ActivityFilters } from '../../domain/activityFilters';
import { deliveryTranslationRef } from '../../translation';
import { EntityPicker } from './EntityPicker';
import styles from './ActivityPage.module.css';

/** The key of "all" in the lists; nothing has an empty id. */
const ALL = '';

/** The filters of the audit. */
export function ActivityFilterBar(props: {
  filters: ActivityFilters;
  environments: { id: string; title: string }[];
  onChoose: (change: Partial<ActivityFilters>) => void;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { filters, environments, onChoose } = props;
  return (
    <div
      className={styles.filters}
      role="search"
      aria-label={t('activity.filters')}
    >
      <EntityPicker
        className={styles.filter}
        kind="component"
        label={t('activity.entity')}
        placeholder={t('activity.entityPlaceholder')}
        value={filters.entityRef}
        onChange={entityRef => onChoose({ entityRef })}
      />
      <Select
        className={styles.filter}
        label={t('activity.environment')}
        options={[
          { id: ALL, label: t('activity.everyEnvironment') },
          ...known(environments, filters.environment).map(({ id, title }) => ({
            id,
            label: title,
          })),
        ]}
        value={filters.environment ?? ALL}
        onChange={key =>
          onChoose({ environment: key === ALL ? undefined : String(key) })
        }
      />
      <EntityPicker
        className={styles.filter}
        kind="user"
        label={t('activity.person')}
        placeholder={t('activity.personPlaceholder')}
        value={filters.actor}
        onChange={actor => onChoose({ actor })}
      />
      <Select
        className={styles.filter}
        label={t('activity.event')}
        options={[
          { id: ALL, label: t('activity.everyEvent') },
          { id: 'refused', label: t('activity.eventRefused') },
          { id: 'done', label: t('activity.eventDone') },
        ]}
        value={filters.event ?? ALL}
        onChange={key =>
          onChoose({
            event: key === 'refused' || key === 'done' ? key : undefined,
          })
        }
      />
    </div>
  );
}

/** An environment in the address shows even where no chain has it any more. */
function known(
  environments: { id: string; title: string }[],
  chosen: string | undefined,
): { id: string; title: string }[] {
  return chosen === undefined || environments.some(({ id }) => id === chosen)
    ? environments
    : [...environments, { id: chosen, title: chosen }];
}
