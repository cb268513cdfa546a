import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Link, Skeleton } from '@backstage/ui';
import {
  ActivityState,
  EmptyState,
  useActivity,
  useDeliveryErrorWords,
} from '@slipway/plugin-delivery-react';
import { hidesActivity } from '../../domain/activityFilters';
import { deliveryTranslationRef } from '../../translation';
import { ErrorState } from '../shared/ErrorState';
import { ActivityFilterBar } from './ActivityFilterBar';
import { ActivityLine } from './ActivityLine';
import { useActivityFilters } from './useActivityFilters';
import { EnvironmentTitles, useEnvironments } from './useEnvironments';
import list from './ActivityList.module.css';
import styles from './ActivityPage.module.css';

const PAGE = 25;

/** Who asked for what, why, and what came of it: the audit, newest first. */
export function ActivityPage() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { filters, choose, clear } = useActivityFilters();
  const activity = useActivity({ ...filters, limit: PAGE });
  const environments = useEnvironments();
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t('activity.title')}</h2>
        <Link href="..">{t('activity.back')}</Link>
      </div>
      <p className={styles.lead}>{t('activity.lead')}</p>
      <ActivityFilterBar
        filters={filters}
        environments={environments.all}
        onChoose={choose}
      />
      {content()}
    </div>
  );

  function content() {
    if (!activity.entries) {
      return activity.error ? (
        <ErrorState
          error={activity.error}
          onRetry={activity.refetch}
          action={
            hidesActivity(filters) ? (
              <Button size="small" variant="secondary" onPress={clear}>
                {t('activity.clear')}
              </Button>
            ) : undefined
          }
        />
      ) : (
        <ActivitySkeleton />
      );
    }
    if (activity.entries.length === 0) {
      return hidesActivity(filters) ? (
        <EmptyState
          title={t('activity.filteredTitle')}
          description={<p>{t('activity.filteredBody')}</p>}
          action={
            <Button variant="secondary" onPress={clear}>
              {t('activity.clear')}
            </Button>
          }
        />
      ) : (
        <EmptyState
          title={t('activity.emptyTitle')}
          description={<p>{t('activity.emptyBody')}</p>}
        />
      );
    }
    return <Entries activity={activity} titles={environments} />;
  }
}

function Entries(props: {
  activity: ActivityState;
  titles: EnvironmentTitles;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const errorWords = useDeliveryErrorWords();
  const { activity, titles } = props;
  const failed = activity.error && errorWords(activity.error);
  return (
    <>
      <ol className={list.entries} aria-label={t('activity.list')}>
        {activity.entries?.map(entry => (
          <ActivityLine
            key={entry.id}
            entry={entry}
            environment={titles.titleOf(entry.environment)}
            ofService
          />
        ))}
      </ol>
      {failed && (
        <div role="alert">
          <Alert
            status="warning"
            icon
            title={t('activity.olderFailed')}
            description={`${failed.title} ${failed.detail}`}
          />
        </div>
      )}
      {activity.hasMore && (
        <div>
          <Button
            variant="secondary"
            isPending={activity.loadingMore}
            onPress={activity.loadMore}
          >
            {activity.loadingMore
              ? t('activity.loadingOlder')
              : t('activity.older')}
          </Button>
        </div>
      )}
    </>
  );
}

const LINES = ['62%', '48%', '55%', '70%'];

function ActivitySkeleton() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return (
    <div className={styles.skeleton}>
      <p role="status" className={styles.lead}>
        {t('activity.reading')}
      </p>
      {LINES.map(width => (
        <div key={width} className={list.entry}>
          <Skeleton width={width} height="1.25rem" />
          <Skeleton width="40%" height="1rem" />
        </div>
      ))}
    </div>
  );
}
