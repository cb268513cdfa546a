import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ResourceChange } from '@slipway/plugin-delivery-common';
import { resourceKey } from '../../domain/planDifferences';
import { deliveryTranslationRef } from '../../translation';
import { FoldedList } from './FoldedList';
import { ResourceName } from './ResourceName';
import styles from './PlanView.module.css';

/** The resources that differ from git, what is to be deleted first. */
export function ChangeList(props: {
  changes: ResourceChange[];
  /** Whether the sync, as chosen so far, deletes what git no longer has. */
  prune: boolean;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { prune } = props;
  const changes = [...props.changes].sort(
    (a, b) => Number(b.change === 'prune') - Number(a.change === 'prune'),
  );
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{t('confirm.changes')}</h3>
      {changes.length === 0 ? (
        <p className={styles.asOf}>{t('confirm.changesNone')}</p>
      ) : (
        <FoldedList
          className={styles.resources}
          label={t('confirm.changes')}
          items={changes.map(resource => (
            <li key={resourceKey(resource)}>
              <ResourceName resource={resource} />
              <span
                className={styles.change}
                data-prune={(resource.change === 'prune' && prune) || undefined}
              >
                {words(resource.change)}
              </span>
            </li>
          ))}
        />
      )}
    </section>
  );

  function words(change: ResourceChange['change']): string {
    switch (change) {
      case 'change':
        return t('confirm.changeChange');
      case 'prune':
        return prune ? t('confirm.changePruneOn') : t('confirm.changePruneOff');
      default:
        throw new TypeError(`Unknown change ${change satisfies never}`);
    }
  }
}
