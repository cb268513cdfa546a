import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, Skeleton } from '@backstage/ui';
import { ServiceDeployments } from '@slipway/plugin-delivery-common';
import { deliveryErrorCode, useActivity } from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { ActivityLine } from '../Activity/ActivityLine';
import { useActivityLink } from '../shared/useActivityLink';
import list from '../Activity/ActivityList.module.css';
import styles from './HistoryTimeline.module.css';

/** A glance; the page has the rest. */
const FEW = 3;

/** What people last asked for on this service, and the way to all of it. */
export function RecentActivity(props: { data: ServiceDeployments }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { entityRef, environments } = props.data;
  const activity = useActivity({ entityRef, limit: FEW });
  const link = useActivityLink()({ entityRef });
  return (
    <section className={styles.history} aria-label={t('activity.recent')}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t('activity.recent')}</h2>
        {link && <Link href={link}>{t('activity.all')}</Link>}
      </div>
      {content()}
    </section>
  );

  function content() {
    const { entries, error } = activity;
    if (!entries) {
      return error ? (
        <p className={styles.quiet}>
          {deliveryErrorCode(error) === 'delivery.activity-not-allowed'
            ? t('activity.notAllowedHere')
            : t('activity.failedHere')}
        </p>
      ) : (
        <div aria-busy="true" className={styles.loading}>
          <Skeleton width="55%" height="1rem" />
          <Skeleton width="45%" height="1rem" />
        </div>
      );
    }
    if (entries.length === 0) {
      return <p className={styles.quiet}>{t('activity.noneHere')}</p>;
    }
    return (
      <ol className={list.entries} aria-label={t('activity.list')}>
        {entries.slice(0, FEW).map(entry => (
          <ActivityLine
            key={entry.id}
            entry={entry}
            environment={
              environments.find(
                ({ environment }) => environment.id === entry.environment,
              )?.environment.title ?? entry.environment
            }
            ofService={false}
          />
        ))}
      </ol>
    );
  }
}
